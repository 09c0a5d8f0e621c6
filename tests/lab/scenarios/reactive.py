# SPDX-License-Identifier: GPL-2.0-or-later
"""Resets that answer a segment: the receiver had closed already, or no longer knew the connection."""
import socket

from labkit.scenario import scenario
from labkit.steps import (TO_CLIENT, TO_SERVER, exchange, going, is_fin, is_rst, keep_alive_options)

_SERVER_CLOSED = {"initiator": "server", "innocent": True, "client_errno": "EOF,EPIPE", "server_errno": "none",
                  "loss_to_server": "certain"}
_CLIENT_CLOSED = {"initiator": "client", "innocent": True, "client_errno": "none", "server_errno": "EOF,EPIPE",
                  "loss_to_client": "certain"}
_TCP_REPAIR = 19


def _crash(lab, app):
    """The host forgets the connection without a word: in repair mode close() sends nothing."""
    lab.sleep(0.2)   # let the last ACK come in first: it would be answered otherwise
    app.set_tcp(_TCP_REPAIR, 1)
    app.close()
    app.note("crash: closed in repair mode, nothing is sent", "ok")
    lab.sleep(0.05)


# data-after-close

@scenario("data-after-close-request", verdict="data-after-close", live=True, vantages=("client", "middle", "server"),
          half_close=None, **_SERVER_CLOSED)
def _(lab):
    """The server closed; a second later the client, which knows it, sends another request."""
    client, server = lab.connect()
    exchange(client, server)
    server.close()
    client.recv(1)
    lab.sleep(1)
    client.send(250)
    lab.sleep(0.1)
    client.send(10)


@scenario("data-after-close-server-streams-v6", verdict="data-after-close", live=True, v6=True, delay_s=0.01,
          half_close=None, **_CLIENT_CLOSED)
def _(lab):
    """The client closes in good order while the server keeps pushing events (IPv6)."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    client.close()
    server.recv(1)
    lab.sleep(0.1)
    server.send(90)
    lab.sleep(0.2)
    server.send(90)


@scenario("data-after-close-several-resets", verdict="data-after-close", live=True, delay_s=0.015, half_close=None,
          **_CLIENT_CLOSED)
def _(lab):
    """The server has read EOF and still sends a long answer: each of its segments gets a reset."""
    client, server = lab.connect()
    client.send(200)
    server.recv(200)
    lab.sleep(0.1)
    client.close()
    server.recv(1)
    lab.sleep(0.1)
    server.send(7000)
    lab.sleep(0.2)
    server.send(10)


@scenario("data-after-close-shutdown-rdwr", verdict="data-after-close", live=True, half_close=None, **_SERVER_CLOSED)
def _(lab):
    """The server says shutdown(RDWR) and keeps the socket: late data is refused all the same."""
    client, server = lab.connect()
    exchange(client, server)
    server.shutdown(socket.SHUT_RDWR)
    client.recv(1)
    lab.sleep(0.3)
    client.send(77)
    lab.sleep(0.1)
    client.send(10)


@scenario("data-after-close-fin-wait-2-expired", verdict="data-after-close", half_close=None, **_CLIENT_CLOSED)
def _(lab):
    """The client closed two minutes ago and its kernel has forgotten FIN-WAIT-2; then the server speaks."""
    lab.client.sysctl("net.ipv4.tcp_fin_timeout", 1)
    client, server = lab.connect()
    exchange(client, server)
    client.close()
    server.recv(1)
    lab.sleep(2.5)
    lab.stretch(117)
    server.send(60)
    lab.sleep(0.1)
    server.send(10)


@scenario("data-after-close-reset-lost", verdict="data-after-close", live=True, half_close=None, vantages=("client", "server"),
          **_SERVER_CLOSED)
def _(lab):
    """The first reset is lost; the client's retransmission gets the one that counts."""
    client, server = lab.connect()
    exchange(client, server)
    server.close()
    client.recv(1)
    lab.sleep(0.1)
    lab.wire.drop(going(TO_CLIENT, is_rst), times=1)
    client.send(250)
    lab.sleep(0.6)
    client.send(10)


@scenario("data-after-close-last-line", verdict="data-after-close", live=True, half_close=None, initiator="client",
          innocent=True, client_errno="none", server_errno=("EOF", "EOF,EPIPE"), loss_to_client="certain",
          reason="the server's application closes behind its last line and never learns of the reset")
def _(lab):
    """The client closed; the server's goodbye (its last data with its FIN) meets no socket."""
    lab.client.sysctl("net.ipv4.tcp_fin_timeout", 60)
    client, server = lab.connect(port=25)
    exchange(client, server)
    client.close()
    server.recv(1)
    lab.sleep(0.2)
    server.send(28)
    server.close()


@scenario("peer-lost-state-told-by-ack", verdict="peer-lost-state", live=True, innocent=True, delay_s=0.03,
          initiator=("server", "unknown"), client_errno="ECONNRESET", server_errno="none",
          reason="crash, failover or a forgetful middlebox: the wire does not say which")
def _(lab):
    """The server's host crashes behind its answer; already the client's ACK of it is answered with RST."""
    client, server = lab.connect()
    client.send(50)
    server.recv(50)
    server.send(600)
    server.set_tcp(_TCP_REPAIR, 1)
    server.close()
    server.note("crash: closed in repair mode, nothing is sent", "ok")
    client.read_end()


# keepalive-race

@scenario("keepalive-race-delayed", verdict="keepalive-race", live=True, delay_s=0.05, initiator="server", innocent=True,
          vantages=("client", "middle", "server"), loss_to_server="certain",
          client_errno=("EOF", "EOF,EPIPE", "ECONNRESET"), server_errno="none", half_close=None,
          reason="the FIN came first: the client reads EOF, and EPIPE if it writes once more")
def _(lab):
    """The server closes its idle connection while the client's next request is under way."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.3)
    server.close()
    lab.sleep(0.02)
    client.send(300)
    client.recv(1)
    lab.sleep(0.2)
    client.send(1)


@scenario("keepalive-race-node-5s", verdict="keepalive-race", delay_s=0.02, initiator="server", innocent=True, v6=True,
          loss_to_server="certain", client_errno=("EOF,EPIPE", "ECONNRESET", "EOF"), server_errno="none", half_close=None,
          reason="EOF or ECONNRESET first: a matter of when the client reads")
def _(lab):
    """A server with five seconds of keep-alive, and a client that comes back after five seconds (IPv6)."""
    client, server = lab.connect()
    exchange(client, server)
    lab.stretch(4.7)
    server.close()
    lab.sleep(0.005)
    client.send(420)
    client.recv(1)
    lab.sleep(0.1)
    client.send(1)


@scenario("keepalive-race-fin-lost", verdict="keepalive-race", live=True, initiator="server", innocent=True,
          loss_to_server="certain", client_errno="ECONNRESET", server_errno="none", half_close=None,
          vantages=("server", "client"),
          at={"client": {"verdict": ("keepalive-race", "peer-lost-state", "data-after-close", "inconclusive"),
                         "initiator": ("server", "unknown"),
                         "reason": "at the client the FIN never shows: only that the server knew nothing any more"}})
def _(lab):
    """The server's FIN is lost; the client's request is answered by the reset of the closed socket."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.2)
    lab.wire.drop(going(TO_CLIENT, is_fin))
    server.close()
    lab.sleep(0.02)
    client.send(300)
    client.read_end()


@scenario("keepalive-race-two-requests", verdict="keepalive-race", live=True, delay_s=0.04, initiator="server", innocent=True,
          loss_to_server="certain", client_errno=("EOF,EPIPE", "ECONNRESET", "EOF"), server_errno="none", half_close=None,
          reason="EOF or ECONNRESET first: a matter of when the client reads")
def _(lab):
    """Two pipelined requests cross the FIN: two resets with the same number."""
    client, server = lab.connect(client_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),))
    exchange(client, server)
    lab.sleep(0.3)
    server.close()
    lab.sleep(0.01)
    client.send(300)
    lab.sleep(0.005)
    client.send(310)
    client.recv(1)
    lab.sleep(0.15)
    client.send(1)


@scenario("keepalive-race-client-closes", verdict="keepalive-race", live=True, delay_s=0.04, initiator="client", innocent=True,
          loss_to_client="certain", client_errno="none", server_errno=("EOF,EPIPE", "ECONNRESET", "EOF"), half_close=None,
          reason="the other way round: the client closes while an event of the server is under way")
def _(lab):
    """The client closes its idle connection while the server's push is under way."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.3)
    client.close()
    lab.sleep(0.01)
    server.send(120)
    server.recv(1)
    lab.sleep(0.15)
    server.send(1)


@scenario("close-during-download", verdict=("keepalive-race", "data-after-close"), live=True, delay_s=0.02,
          initiator="client", innocent=True, loss_to_client="certain", client_errno="none",
          server_errno=("EPIPE", "EOF,EPIPE", "ECONNRESET", "EOF,ECONNRESET"), half_close=None,
          reason="some of the data left before the FIN was there, some after it; a sender that never reads sees no EOF")
def _(lab):
    """The client closes in good order, everything read, while the server still streams: resets at FIN and
    at FIN+1."""
    client, server = lab.connect()
    client.send(80)
    server.recv(80)
    server.send(4000)
    client.recv(4000)
    server.send(8000)
    client.close()
    lab.sleep(0.03)
    while not server.send(2000).startswith("E"):
        lab.sleep(0.01)


# peer-lost-state

_LOST = {"verdict": "peer-lost-state", "innocent": True, "loss_to_server": "certain", "client_errno": "ECONNRESET",
         "server_errno": "none"}


@scenario("peer-lost-state-request", live=True, initiator=("server", "unknown"), vantages=("client", "middle", "server"),
          reason="crash, failover or a forgetful middlebox: the wire does not say which", **_LOST)
def _(lab):
    """The server's host forgot the connection (crash); the client's next request gets a reset."""
    client, server = lab.connect()
    exchange(client, server)
    _crash(lab, server)
    lab.sleep(0.5)
    client.send(300)
    client.read_end()


@scenario("peer-lost-state-after-hours-v6", initiator=("server", "unknown"), v6=True, delay_s=0.01,
          reason="crash, failover or a forgetful middlebox: the wire does not say which", **_LOST)
def _(lab):
    """Two hours later the client comes back to a server that was restarted (IPv6)."""
    client, server = lab.connect()
    exchange(client, server)
    _crash(lab, server)
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
    _crash(lab, client)
    server.send(5000)
    server.read_end()


@scenario("peer-lost-state-keepalive", verdict="peer-lost-state", innocent=True, initiator=("server", "unknown"),
          client_errno="ECONNRESET", server_errno="none", loss_to_client=("none", "possible"),
          reason="a keep-alive probe carries no data; nothing of it can be lost")
def _(lab):
    """The client's keep-alive probe finds a server that has forgotten the connection."""
    client, server = lab.connect(client_options=keep_alive_options())
    exchange(client, server)
    _crash(lab, server)
    client.read_end()


@scenario("peer-lost-state-after-answered-keepalives", verdict="peer-lost-state", innocent=True, v6=True,
          initiator=("client", "unknown"), client_errno="none", server_errno="ECONNRESET",
          reason="crash, failover or a forgetful middlebox: the wire does not say which")
def _(lab):
    """Two probes of the server are answered, the third meets a host that was restarted (IPv6)."""
    client, server = lab.connect(server_options=keep_alive_options())
    exchange(client, server)
    lab.sleep(2.5)
    _crash(lab, client)
    server.read_end()


# fin-to-dead-peer

@scenario("fin-to-dead-peer-client", verdict="fin-to-dead-peer", live=True, innocent=True, initiator=("client", "server", "unknown"),
          client_errno="none", server_errno="none",
          reason="the FIN's sender closed first on the wire; the server was gone before")
def _(lab):
    """The server's host forgot the connection; the client's FIN is answered with a reset."""
    client, server = lab.connect()
    exchange(client, server)
    _crash(lab, server)
    client.close()


@scenario("fin-to-dead-peer-server-v6", verdict="fin-to-dead-peer", innocent=True, v6=True, delay_s=0.02,
          initiator=("client", "server", "unknown"), client_errno="none", server_errno="none",
          reason="the FIN's sender closed first on the wire; the client was gone before")
def _(lab):
    """The server's idle timer closes after 75 s; the client's host was switched off and on meanwhile."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    _crash(lab, client)
    lab.stretch(75)
    server.close()
    lab.sleep(0.1)


@scenario("fin-to-dead-peer-no-data", verdict="fin-to-dead-peer", live=True, innocent=True, vantages=("client", "server"),
          initiator=("client", "server", "unknown"), client_errno="none", server_errno="none",
          reason="the FIN's sender closed first on the wire; the server was gone before")
def _(lab):
    """A connection without data; the server crashed, the client closes."""
    client, server = lab.connect()
    _crash(lab, server)
    client.close()


# restart-same-ports (more of it in setup.py)

@scenario("restart-same-ports-no-retry", verdict="restart-same-ports", live=True, innocent=True, initiator="client",
          client_errno="none", server_errno="ECONNRESET", loss_to_client=("none", "possible"),
          also=("setup-stale-peer", "setup-no-reply", "open", "inconclusive"),
          reason="SPEC names the event for the old connection; the failed new attempt may be told as its own")
def _(lab):
    """The client's host restarts and uses the same port; its SYN meets the old connection, the reset
    that follows clears it, and the new attempt is abandoned."""
    client, server = lab.connect(client_port=42000)
    exchange(client, server)
    _crash(lab, client)
    lab.sleep(0.3)
    syns = []
    lab.wire.drop(lambda p, d: d == TO_SERVER and p.flags & 2 and (syns.append(1) or len(syns) > 1))
    again = lab.client_app(42000)
    again.sock.settimeout(0.5)
    again.connect((lab.addresses["server"], 8080))
    again.close()
    server.read_end()


