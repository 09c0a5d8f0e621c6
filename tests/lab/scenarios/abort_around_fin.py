# SPDX-License-Identifier: GPL-2.0-or-later
"""Resets around a FIN, and resets that cross."""
import socket

from labkit.scenario import scenario
from labkit.steps import at_once, exchange


@scenario("abort-after-own-fin-unread", verdict="abort-after-own-fin", live=True, initiator="client", innocent=True,
          half_close=True, loss_to_client="possible", client_errno="none", server_errno="EOF,EPIPE")
def _(lab):
    """The client says shutdown(WR), gets an answer it does not read, and closes: FIN, then RST."""
    client, server = lab.connect()
    exchange(client, server)
    client.shutdown()
    server.recv(1)
    server.send(800)
    client.wait_until_received(800)
    client.close()
    lab.sleep(0.1)
    server.send(10)


@scenario("abort-after-own-fin-linger", verdict="abort-after-own-fin", live=True, initiator="server", innocent=True,
          v6=True, client_errno="EOF,EPIPE", server_errno="none")
def _(lab):
    """The server finishes (FIN acknowledged), waits half a second for the client's FIN and resets."""
    client, server = lab.connect()
    exchange(client, server)
    server.shutdown()
    client.recv(1)
    lab.sleep(0.5)
    server.abort()
    lab.sleep(0.1)
    client.send(10)


@scenario("abort-after-own-fin-at-once", verdict="abort-after-own-fin", live=True, initiator="client", innocent=True,
          delay_s=0.02, vantages=("client", "server", "middle"), loss_to_client="possible", client_errno="none",
          server_errno=("EOF", "EOF,EPIPE", "ECONNRESET"),
          reason="how far the server's application had read when the reset came is its own affair")
def _(lab):
    """FIN and RST of the client follow each other within a millisecond."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    client.shutdown()
    client.abort()
    lab.sleep(0.1)
    server.read_end()


@scenario("abort-after-own-fin-linger2", verdict="abort-after-own-fin", live=True, initiator="client", innocent=True,
          loss_to_client="possible", client_errno="none", server_errno="EOF,EPIPE")
def _(lab):
    """TCP_LINGER2 -1: Linux sends a bare RST the moment its FIN is acknowledged."""
    client, server = lab.connect()
    exchange(client, server)
    client.set_tcp(socket.TCP_LINGER2, -1)
    client.close()
    server.recv(1)
    lab.sleep(0.1)
    server.send(10)


@scenario("abort-after-peer-fin-linger", verdict="abort-after-peer-fin", live=True, initiator="client", innocent=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """The client closes; the server reads EOF and answers with a reset instead of its FIN."""
    client, server = lab.connect()
    exchange(client, server)
    client.close()
    server.read_end()
    lab.sleep(0.1)
    server.abort()


@scenario("abort-after-peer-fin-unread", verdict="abort-after-peer-fin", live=True, initiator="server", innocent=True, v6=True,
          client_errno="none", server_errno=("ECONNRESET", "none"), loss_to_client="possible",
          reason="whether the server's application still reads after its shutdown(WR) the wire does not show")
def _(lab):
    """The server says goodbye (31 bytes, as a TLS close_notify) and FIN; the client closes unread."""
    client, server = lab.connect()
    exchange(client, server)
    server.send(31)
    server.shutdown()
    client.wait_until_received(31)
    lab.sleep(0.05)
    client.close()
    server.read_end()


@scenario("abort-after-peer-fin-idle", verdict="abort-after-peer-fin", initiator="server", innocent=True,
          loss_to_client="possible", client_errno="EOF", server_errno="none")
def _(lab):
    """The server closed its idle connection; 20 s later the client's pool notices and resets."""
    client, server = lab.connect()
    exchange(client, server)
    server.close()
    client.read_end()
    lab.stretch(20)
    client.abort()


@scenario("abort-after-peer-fin-killed", verdict="abort-after-peer-fin", live=True, initiator="client", innocent=True,
          client_errno=("none", "ECONNRESET"), server_errno="none", loss_to_server="possible",
          reason="the client's shutdown(WR) is a FIN like that of close()")
def _(lab):
    """The client sends its last data with FIN; the server's process is killed before it read them."""
    client, server = lab.connect()
    exchange(client, server)
    client.send(640)
    client.close()
    server.wait_until_received(640)
    lab.sleep(0.05)
    server.move_to_process()
    server.kill()


@scenario("abort-crossed-unread", verdict="abort-crossed", live=True, initiator="both", innocent=True, delay_s=0.02,
          vantages=("client", "middle", "server"), client_errno="none", server_errno="none",
          loss_to_server="possible", loss_to_client="possible")
def _(lab):
    """Both have unread data and close at once: two resets cross."""
    client, server = lab.connect()
    exchange(client, server)
    at_once(lambda: client.send(300), lambda: server.send(500))
    client.wait_until_received(500)
    server.wait_until_received(300)
    lab.sleep(0.1)
    at_once(client.close, server.close)
    lab.sleep(0.1)


@scenario("abort-crossed-linger-v6", verdict="abort-crossed", live=True, initiator="both", innocent=True, delay_s=0.03,
          v6=True, client_errno="none", server_errno="none", loss_to_client="possible")
def _(lab):
    """Both pools throw the connection out in the same moment."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(1)
    at_once(client.abort, server.abort)
    lab.sleep(0.15)
