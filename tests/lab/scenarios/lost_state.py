# SPDX-License-Identifier: GPL-2.0-or-later
"""A host no longer knows the connection: crash, restart, same ports again."""
from labkit.scenario import scenario
from labkit.steps import TO_SERVER, crash, exchange, keep_alive_options

@scenario("peer-lost-state-told-by-ack", verdict="peer-lost-state", live=True, innocent=True, delay_s=0.03,
          initiator=("server", "unknown"), client_errno="ECONNRESET", server_errno="none",
          reason="crash, failover or a forgetful middlebox: the wire does not say which")
def _(lab):
    """The server's host crashes behind its answer; already the client's ACK of it is answered with RST."""
    client, server = lab.connect()
    client.send(50)
    server.recv(50)
    server.send(600)
    server.crash()
    client.read_end()

_LOST = {"verdict": "peer-lost-state", "innocent": True, "loss_to_server": "certain", "client_errno": "ECONNRESET",
         "server_errno": "none"}


@scenario("peer-lost-state-request", live=True, initiator=("server", "unknown"), vantages=("client", "middle", "server"),
          reason="crash, failover or a forgetful middlebox: the wire does not say which", **_LOST)
def _(lab):
    """The server's host forgot the connection (crash); the client's next request gets a reset."""
    client, server = lab.connect()
    exchange(client, server)
    crash(lab, server)
    lab.sleep(0.5)
    client.send(300)
    client.read_end()


@scenario("peer-lost-state-after-hours-v6", initiator=("server", "unknown"), v6=True, delay_s=0.01,
          reason="crash, failover or a forgetful middlebox: the wire does not say which", **_LOST)
def _(lab):
    """Two hours later the client comes back to a server that was restarted (IPv6)."""
    client, server = lab.connect()
    exchange(client, server)
    crash(lab, server)
    lab.stretch(7200)
    client.send(300)
    client.read_end()


@scenario("peer-lost-state-client-gone", verdict="peer-lost-state", live=True, innocent=True, initiator=("client", "unknown"),
          loss_to_client="certain", client_errno="none", server_errno="ECONNRESET",
          reason="crash, failover or a forgetful middlebox: the wire does not say which")
def _(lab):
    """The client's host crashed; the server's push of 5 KB is answered with resets."""
    client, server = lab.connect()
    exchange(client, server)
    crash(lab, client)
    server.send(5000)
    server.read_end()


@scenario("peer-lost-state-keepalive", verdict="peer-lost-state", innocent=True, initiator=("server", "unknown"),
          client_errno="ECONNRESET", server_errno="none", loss_to_client=("none", "possible"),
          reason="a keep-alive probe carries no data; nothing of it can be lost")
def _(lab):
    """The client's keep-alive probe finds a server that has forgotten the connection."""
    client, server = lab.connect(client_options=keep_alive_options())
    exchange(client, server)
    crash(lab, server)
    client.read_end()


@scenario("peer-lost-state-after-answered-keepalives", verdict="peer-lost-state", innocent=True, v6=True,
          initiator=("client", "unknown"), client_errno="none", server_errno="ECONNRESET",
          reason="crash, failover or a forgetful middlebox: the wire does not say which")
def _(lab):
    """Two probes of the server are answered, the third meets a host that was restarted (IPv6)."""
    client, server = lab.connect(server_options=keep_alive_options())
    exchange(client, server)
    lab.sleep(2.5)
    crash(lab, client)
    server.read_end()


@scenario("fin-to-dead-peer-client", verdict="fin-to-dead-peer", live=True, innocent=True, initiator=("client", "server", "unknown"),
          client_errno="none", server_errno="none",
          reason="the FIN's sender closed first on the wire; the server was gone before")
def _(lab):
    """The server's host forgot the connection; the client's FIN is answered with a reset."""
    client, server = lab.connect()
    exchange(client, server)
    crash(lab, server)
    client.close()


@scenario("fin-to-dead-peer-server-v6", verdict="fin-to-dead-peer", innocent=True, v6=True, delay_s=0.02,
          initiator=("client", "server", "unknown"), client_errno="none", server_errno="none",
          reason="the FIN's sender closed first on the wire; the client was gone before")
def _(lab):
    """The server's idle timer closes after 75 s; the client's host was switched off and on meanwhile."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    crash(lab, client)
    lab.stretch(75)
    server.close()
    lab.sleep(0.1)


@scenario("fin-to-dead-peer-no-data", verdict="fin-to-dead-peer", live=True, innocent=True, vantages=("client", "server"),
          initiator=("client", "server", "unknown"), client_errno="none", server_errno="none",
          reason="the FIN's sender closed first on the wire; the server was gone before")
def _(lab):
    """A connection without data; the server crashed, the client closes."""
    client, server = lab.connect()
    crash(lab, server)
    client.close()


@scenario("restart-same-ports-no-retry", verdict="restart-same-ports", live=True, innocent=True, initiator="client",
          client_errno="none", server_errno="ECONNRESET", loss_to_client=("none", "possible"),
          also=("setup-stale-peer", "setup-no-reply", "open", "inconclusive"),
          reason="the event is named for the old connection; the failed new attempt may be told as its own")
def _(lab):
    """The client's host restarts and uses the same port; its SYN meets the old connection, the reset
    that follows clears it, and the new attempt is abandoned."""
    client, server = lab.connect(client_port=42000)
    exchange(client, server)
    crash(lab, client)
    lab.sleep(0.3)
    syns = []
    lab.wire.drop(lambda p, d: d == TO_SERVER and p.flags & 2 and (syns.append(1) or len(syns) > 1))
    again = lab.client_app(42000)
    again.sock.settimeout(0.5)
    again.connect((lab.addresses["server"], 8080))
    again.close()
    server.read_end()
