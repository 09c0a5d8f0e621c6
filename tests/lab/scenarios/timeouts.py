# SPDX-License-Identifier: GPL-2.0-or-later
"""Nobody answers any more."""
import socket

from labkit import packet, rewrite
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, exchange, is_data, is_rst, keep_alive_options

_USER_TIMEOUT = 18   # TCP_USER_TIMEOUT, in milliseconds
_UNCLEAR = "dead host or dead path: the wire does not say; what was not acknowledged may have arrived"
_SILENT_SERVER = {"innocent": True, "initiator": ("server", "network"), "client_errno": "ETIMEDOUT", "server_errno": "none",
                  "loss_to_server": ("possible", "certain"), "reason": _UNCLEAR}
_SILENT_CLIENT = {"innocent": True, "initiator": ("client", "network"), "client_errno": "none", "server_errno": "ETIMEDOUT",
                  "loss_to_client": ("possible", "certain"), "reason": _UNCLEAR}


@scenario("timeout-retransmit-user-timeout", verdict="timeout-retransmit", vantages=("client", "middle"), **_SILENT_SERVER)
def _(lab):
    """The path to the server dies behind its answer: the client's ACK and next request are lost, the
    server repeats its answer, TCP_USER_TIMEOUT gives up after 3 s."""
    client, server = lab.connect(client_options=((socket.IPPROTO_TCP, _USER_TIMEOUT, 3000),))
    exchange(client, server)
    lab.wire.blackhole(TO_SERVER)
    client.send(700)
    client.read_end()
    lab.tail(30)


@scenario("timeout-retransmit-retries2-v6", verdict="timeout-retransmit", v6=True, vantages=("server",), **_SILENT_CLIENT)
def _(lab):
    """The client's host vanishes in a download; the server's kernel gives up after tcp_retries2 (IPv6)."""
    lab.server.sysctl("net.ipv4.tcp_retries2", 4)
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.blackhole()
    server.send(9000)
    server.read_end()
    lab.tail(60)


@scenario("timeout-retransmit-acks-lost", verdict="timeout-retransmit", vantages=("client",), **_SILENT_SERVER)
def _(lab):
    """Every segment arrives, no ACK comes back: the same for the client."""
    client, server = lab.connect(client_options=((socket.IPPROTO_TCP, _USER_TIMEOUT, 3000),))
    exchange(client, server)
    lab.wire.blackhole(TO_CLIENT)
    client.send(300)
    server.recv(300)
    client.read_end()
    lab.tail(20)


@scenario("timeout-retransmit-both-talk", verdict="timeout-retransmit", vantages=("middle",), innocent=True,
          initiator="network", client_errno="ETIMEDOUT", server_errno="ETIMEDOUT", loss_to_server=("possible", "certain"),
          loss_to_client=("possible", "certain"), reason=_UNCLEAR)
def _(lab):
    """The path dies both ways while both have data to send; captured in the middle, before the hole."""
    options = ((socket.IPPROTO_TCP, _USER_TIMEOUT, 3000),)
    client, server = lab.connect(client_options=options, server_options=options)
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.blackhole()
    client.send(300)
    server.send(300)
    client.read_end()
    server.read_end()
    lab.tail(30)


@scenario("timeout-retransmit-icmp", verdict="timeout-retransmit", vantages=("client",), innocent=True,
          initiator="network", client_errno=("EHOSTUNREACH", "ETIMEDOUT"), server_errno="none",
          loss_to_server=("possible", "certain"), reason=_UNCLEAR)
def _(lab):
    """A router reports host unreachable for each retransmission: a soft error until the time is up."""
    client, server = lab.connect(client_options=((socket.IPPROTO_TCP, _USER_TIMEOUT, 3000),))
    exchange(client, server)
    lab.sleep(0.1)

    def rule(p, direction):
        if direction != TO_SERVER or not p.is_tcp:
            return None
        lab.wire.inject(packet.icmp_error(p, lab.addresses["middle"], 3, 1), TO_CLIENT, 0.01)
        return []
    lab.wire.add(rule)
    client.send(500)
    client.read_end()
    lab.tail(20)


@scenario("timeout-retransmit-snap-60", verdict="timeout-retransmit", vantages=("client",), **_SILENT_SERVER,
          change=lambda frames: rewrite.snap_length(frames, 60), change_note="snap length 60")
def _(lab):
    """A large request dies on the way; only 60 bytes of each frame are kept."""
    client, server = lab.connect(client_options=((socket.IPPROTO_TCP, _USER_TIMEOUT, 2500),))
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.drop(lambda p, d: d == TO_SERVER and is_data(p))
    client.send(6000)
    client.read_end()
    lab.tail(30)


# keep-alive

@scenario("timeout-keepalive-client", verdict="timeout-keepalive", vantages=("client", "middle"), innocent=True,
          initiator=("server", "network"), client_errno="ETIMEDOUT", server_errno="none", reason=_UNCLEAR)
def _(lab):
    """The server's host disappears; three keep-alive probes later the client's kernel resets."""
    client, server = lab.connect(client_options=keep_alive_options())
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.blackhole(TO_SERVER)
    client.read_end()


@scenario("timeout-keepalive-server-v6", verdict="timeout-keepalive", v6=True, vantages=("server",), innocent=True,
          initiator=("client", "network"), client_errno="none", server_errno="ETIMEDOUT", reason=_UNCLEAR)
def _(lab):
    """The server's probes find nobody after an hour of silence (IPv6, five probes)."""
    client, server = lab.connect(server_options=keep_alive_options(idle=2, interval=1, count=5))
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.blackhole()
    lab.stretch(3600)
    server.read_end()
    client.note("nothing heard", "ok")


@scenario("timeout-keepalive-reset-arrives", verdict="timeout-keepalive", vantages=("client", "server"), innocent=True,
          initiator=("server", "network"), client_errno="ETIMEDOUT", server_errno="ECONNRESET", reason=_UNCLEAR,
          at={"server": {"verdict": ("timeout-keepalive", "abort-idle", "abort-unanswered", "abort-as-close", "inconclusive"),
                         "initiator": ("client", "network", "server"), "loss_to_client": ("none", "possible"),
                         "client_errno": ("ETIMEDOUT", "none"),
                         "reason": "the probes never reached the server's side: only the reset shows there"}})
def _(lab):
    """Only the probes are lost: the final reset reaches the living server."""
    client, server = lab.connect(client_options=keep_alive_options())
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.drop(lambda p, d: d == TO_SERVER and not is_rst(p))
    client.read_end()
    server.read_end()


@scenario("timeout-keepalive-no-reset-seen", verdict="timeout-keepalive", vantages=("client",), innocent=True,
          initiator=("server", "network"), client_errno="ETIMEDOUT", server_errno="none", reason=_UNCLEAR,
          change=lambda frames: [f for f in frames if not is_rst(f.packet())], change_note="resets left out")
def _(lab):
    """Probes without an answer, and a capture that missed the reset behind them."""
    client, server = lab.connect(client_options=keep_alive_options(count=4))
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.blackhole()
    client.read_end()
    lab.tail(60)


# zero window

def _full_window(lab, server_options=()):
    client, server = lab.connect(client_options=((socket.SOL_SOCKET, socket.SO_RCVBUF, 4096),),
                                 server_options=server_options)
    client.send(50)
    server.recv(50)
    server.send_now(50_000)
    return client, server


@scenario("timeout-zero-window-user-timeout", verdict="timeout-zero-window", vantages=("client", "server"), innocent=True,
          initiator=("client",), client_errno="none", server_errno="ETIMEDOUT", loss_to_client=("possible", "certain"),
          reason="the client may still read what it has acknowledged; what the server held back is not on the wire")
def _(lab):
    """The client never reads; the server's probes are answered with window 0 until TCP_USER_TIMEOUT."""
    client, server = _full_window(lab, ((socket.IPPROTO_TCP, _USER_TIMEOUT, 4000),))
    lab.sleep(7)
    server.read_end()
    client.note("reads nothing", "ok")
    lab.tail(60)


@scenario("timeout-zero-window-orphan-v6", verdict="timeout-zero-window", v6=True, vantages=("server",), innocent=True,
          initiator=("client",), client_errno="none", server_errno=("none", "ETIMEDOUT"), loss_to_client=("possible", "certain"),
          reason="the server's FIN waits behind its data: the wire does not show that it has closed")
def _(lab):
    """The server has closed, its FIN waits behind a closed window; the kernel gives up (IPv6)."""
    lab.server.sysctl("net.ipv4.tcp_orphan_retries", 4)
    _, server = _full_window(lab)
    server.close()
    lab.sleep(8)
    lab.tail(60)


@scenario("timeout-zero-window-then-dead", verdict=("timeout-zero-window",), vantages=("server",), innocent=True,
          initiator=("client", "network"), client_errno="none", server_errno="ETIMEDOUT",
          loss_to_client=("possible", "certain"), reason=_UNCLEAR)
def _(lab):
    """The window closes, then the client's host disappears: probes without an answer."""
    lab.server.sysctl("net.ipv4.tcp_retries2", 4)
    _, server = _full_window(lab)
    lab.sleep(0.5)
    lab.wire.blackhole()
    server.read_end()
    lab.tail(60)


