# SPDX-License-Identifier: GPL-2.0-or-later
"""An endpoint resets with nothing under way: it waited, gave up, or closed that way."""
from labkit.scenario import RESET_BY_CLIENT, RESET_BY_SERVER, scenario
from labkit.steps import exchange, keep_alive_options

@scenario("abort-waiting-client-timeout", verdict="abort-waiting", live=True, loss_to_server="none", **RESET_BY_CLIENT)
def _(lab):
    """The client waits three seconds for an answer that does not come, then aborts."""
    client, server = lab.connect()
    client.send(300)
    server.recv(300)
    lab.sleep(3)
    client.abort()
    server.read_end()


@scenario("abort-waiting-keepalive-client-v6", verdict="abort-waiting", v6=True, **RESET_BY_CLIENT)
def _(lab):
    """The second request on a connection is not answered for 30 s; the client gives up (IPv6)."""
    client, server = lab.connect()
    exchange(client, server, 500, 4000)
    client.send(450)
    server.recv(450)
    lab.stretch(30)
    client.abort()
    server.read_end()


@scenario("abort-waiting-server", verdict=("abort-waiting", "abort-idle"),
          reason="the client's silence is both: an answer that did not come and a long idle gap", initiator="server",
          innocent=True, client_errno="ECONNRESET",
          server_errno="none")
def _(lab):
    """A server that speaks first waits a minute for the client's login, then resets."""
    client, server = lab.connect(port=25)
    server.send(80)
    client.recv(80)
    client.send(20)
    server.recv(20)
    server.send(120)
    client.recv(120)
    lab.stretch(60)
    server.abort()
    client.read_end()


@scenario("abort-waiting-one-second", verdict="abort-waiting", live=True, delay_s=0.02, **RESET_BY_CLIENT)
def _(lab):
    """An impatient client: 0.8 s behind its request it resets."""
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server)
    client.send(800)
    server.recv(800)
    lab.sleep(0.8)
    client.abort()
    server.read_end()


@scenario("abort-unanswered-second-request", verdict="abort-unanswered", live=True, loss_to_server="possible",
          **RESET_BY_SERVER)
def _(lab):
    """The server answers the first request, takes the second and closes without reading it."""
    client, server = lab.connect()
    exchange(client, server)
    client.send(700)
    server.wait_until_received(700)
    server.close()
    client.read_end()


@scenario("abort-unanswered-linger-v6", verdict="abort-unanswered", live=True, loss_to_server="possible", v6=True,
          **RESET_BY_SERVER)
def _(lab):
    """The server reads the third request and drops the connection (SO_LINGER 0, IPv6)."""
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server, 60, 2000)
    client.send(60)
    server.recv(60)
    lab.sleep(0.3)
    server.abort()
    client.read_end()


@scenario("abort-unanswered-client-has-all", verdict=("abort-as-close", "abort-unanswered"), live=True, loss_to_client="possible",
          reason="a client that got data last owes nothing; whether it had read that, or all it wanted, the wire does not show", **RESET_BY_CLIENT)
def _(lab):
    """The client gets its answer but closes without reading its last part."""
    client, server = lab.connect()
    client.send(100)
    server.recv(100)
    server.send(5000)
    client.recv(3000)
    client.wait_until_received(2000)
    lab.sleep(0.1)
    client.close()
    server.read_end()


@scenario("abort-as-close-server", verdict="abort-as-close", live=True, **RESET_BY_SERVER)
def _(lab):
    """The server's answer is complete and acknowledged; it then closes with SO_LINGER 0."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    server.abort()
    client.read_end()


@scenario("abort-as-close-request-tail", verdict="abort-as-close", live=True, v6=True, loss_to_server=("none", "possible"),
          reason="the unread rest of the request lies below the answer: nothing on the wire tells that it was not read", **RESET_BY_SERVER)
def _(lab):
    """The server reads half of the request, answers 400 and closes: the unread rest makes it a reset."""
    client, server = lab.connect()
    client.send(1300)
    lab.sleep(0.02)
    server.recv(700)
    server.send(380)
    client.recv(380)
    lab.sleep(0.1)
    server.close()
    client.read_end()


@scenario("abort-as-close-push", verdict="abort-as-close", live=True, **RESET_BY_SERVER)
def _(lab):
    """A daytime-like server says its line, and resets when it is acknowledged."""
    client, server = lab.connect(port=13)
    client.send(1)
    server.recv(1)
    server.send(26)
    client.recv(26)
    lab.sleep(0.2)
    server.abort()
    client.read_end()


@scenario("abort-idle-client", verdict="abort-idle", loss_to_client="possible", **RESET_BY_CLIENT)
def _(lab):
    """A client's pool throws out a connection that was idle for ten minutes, with a reset."""
    client, server = lab.connect()
    exchange(client, server)
    lab.stretch(600)
    client.abort()
    server.read_end()


@scenario("abort-idle-server-v6", verdict="abort-idle", v6=True, **RESET_BY_SERVER)
def _(lab):
    """The server resets after two minutes of silence behind its own answer."""
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server)
    lab.stretch(120)
    server.abort()
    client.read_end()


@scenario("abort-idle-350", verdict="abort-idle", delay_s=0.01, **RESET_BY_SERVER)
def _(lab):
    """350 s of silence, then the server's side resets."""
    client, server = lab.connect()
    exchange(client, server, 50, 900)
    lab.stretch(350)
    server.abort()
    client.read_end()


@scenario("abort-no-data-health-check", verdict="abort-no-data", live=True, **RESET_BY_CLIENT)
def _(lab):
    """A health check: connect, then reset."""
    client, server = lab.connect()
    client.abort()
    server.read_end()


@scenario("abort-no-data-late-v6", verdict="abort-no-data", live=True, v6=True, delay_s=0.02, **RESET_BY_CLIENT)
def _(lab):
    """The client connects, says nothing for two seconds and resets (IPv6)."""
    client, server = lab.connect()
    lab.sleep(2)
    client.abort()
    server.read_end()


@scenario("abort-no-data-after-keepalives", verdict="abort-no-data", **RESET_BY_CLIENT)
def _(lab):
    """An unused connection is kept alive for three probes, then the client throws it away with a reset."""
    client, server = lab.connect(client_options=keep_alive_options(count=9))
    lab.sleep(3.3)
    client.abort()
    server.read_end()
