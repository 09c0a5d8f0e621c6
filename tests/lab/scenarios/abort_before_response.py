# SPDX-License-Identifier: GPL-2.0-or-later
"""The server resets before its first byte of data."""
from labkit.scenario import RESET_BY_SERVER, scenario

@scenario("abort-before-response-unread", verdict="abort-before-response", live=True, loss_to_server="possible",
          vantages=("client", "middle", "server"), **RESET_BY_SERVER)
def _(lab):
    """The server accepts, never reads the request and closes."""
    client, server = lab.connect()
    client.send(1200)
    server.wait_until_received(1200)
    server.close()
    client.read_end()


@scenario("abort-before-response-linger-v6", verdict="abort-before-response", live=True, loss_to_server="possible", v6=True,
          **RESET_BY_SERVER)
def _(lab):
    """The server reads the whole request, then drops the connection with SO_LINGER 0 (IPv6)."""
    client, server = lab.connect()
    client.send(400)
    server.recv(400)
    server.abort()
    client.read_end()


@scenario("abort-before-response-listener-closed", verdict="abort-before-response", live=True, loss_to_server="possible",
          **RESET_BY_SERVER)
def _(lab):
    """The listener is closed while the connection waits in its accept queue, the request in it."""
    listener = lab.listen()
    client = lab.client_app()
    client.connect((lab.addresses["server"], 8080))
    lab.add_pair(client, None, 8080)
    client.send(200)
    lab.sleep(0.2)
    listener.close()
    client.read_end()


@scenario("abort-before-response-killed", verdict="abort-before-response", live=True, loss_to_server="possible",
          delay_s=0.015, **RESET_BY_SERVER)
def _(lab):
    """The server's process is killed before it has read the request."""
    client, server = lab.connect()
    client.send(3000)
    server.wait_until_received(3000)
    server.move_to_process()
    server.kill()
    client.read_end()


@scenario("abort-before-response-in-flight", verdict="abort-before-response", live=True, loss_to_server="certain",
          delay_s=0.03, **RESET_BY_SERVER)
def _(lab):
    """The reset leaves the server while the rest of the request is still under way to it."""
    client, server = lab.connect()
    client.send(1000)
    server.wait_until_received(1000)
    client.send(900)
    lab.sleep(0.005)
    server.close()
    client.read_end()


@scenario("abort-before-response-nobody-asked", verdict="abort-before-response", live=True, **RESET_BY_SERVER)
def _(lab):
    """The listener closes on a connection that never carried a byte."""
    listener = lab.listen()
    client = lab.client_app()
    client.connect((lab.addresses["server"], 8080))
    lab.add_pair(client, None, 8080)
    lab.sleep(0.2)
    listener.close()
    client.read_end()


@scenario("abort-before-response-access-list", verdict="abort-before-response", live=True, **RESET_BY_SERVER)
def _(lab):
    """The server accepts and resets at once (an access list of the application)."""
    client, server = lab.connect()
    server.abort()
    client.read_end()
