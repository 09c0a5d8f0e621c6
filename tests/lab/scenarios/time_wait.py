# SPDX-License-Identifier: GPL-2.0-or-later
"""Ports that are used again too soon: TIME-WAIT that lets the new connection in, or refuses it first."""
from labkit import raw
from labkit.app import App
from labkit.raw import RST
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, close_in_turn, exchange, is_syn

_PORT = 47000
_FIRST = {"verdict": "graceful", "initiator": "server", "client_errno": "EOF", "server_errno": "none"}
_AGAIN = {"verdict": "graceful", "initiator": "client", "innocent": True, "client_errno": "none", "server_errno": "EOF"}
# TIME-WAIT belongs to a connection that the same capture shows closed: no application of anybody sees anything.
_REFUSED = {"verdict": "setup-stale-peer", "initiator": ("client", "server", "unknown"), "innocent": True, "server_errno": "none",
            "client_errno": ("none", "ETIMEDOUT", "unknown"),
            "reason": "the program's own patience is not on the wire; the server's TIME-WAIT has no program"}


def _closed_by_server(lab, listener):
    """A first connection that leaves TIME-WAIT at the server."""
    first = lab.connect(listener, client_port=_PORT, truth=_FIRST)
    exchange(*first)
    close_in_turn(first.server, first.client, 0.02)
    lab.sleep(0.2)
    return first


def _numbers_drawn_low(lab, by=1 << 30):
    """A firewall that chooses sequence numbers of its own: to the server the client's next connection seems to start
    lower than its last. Without timestamps and SACK, so that nothing else tells that it is newer."""
    lab.wire.add(lambda p, d: [(p.copy(seq=(p.seq - by) & 0xFFFFFFFF), 0)] if d == TO_SERVER and p.is_tcp and p.sport == _PORT else
                 [(p.copy(ack=(p.ack + by) & 0xFFFFFFFF), 0)] if d == TO_CLIENT and p.is_tcp and p.dport == _PORT else None)


def _plain(lab):
    for name in ("tcp_timestamps", "tcp_sack"):
        lab.client.sysctl("net.ipv4." + name, 0)


@scenario("time-wait-lets-in", live=True, vantages=("client", "server"), **_AGAIN)
def _(lab):
    """The new SYN has a later timestamp: TIME-WAIT gives way at once."""
    listener = lab.listen()
    _closed_by_server(lab, listener)
    lab.sleep(1.1)
    client, server = lab.connect(listener, client_port=_PORT)
    exchange(client, server)
    close_in_turn(client, server)


@scenario("time-wait-refuses-first", live=True, vantages=("server",), **_AGAIN)
def _(lab):
    """The new SYN's number is lower: TIME-WAIT answers with an old ACK, the client resets that, its next SYN is let in."""
    _plain(lab)
    listener = lab.listen()
    _closed_by_server(lab, listener)
    _numbers_drawn_low(lab)
    client, server = lab.connect(listener, client_port=_PORT)
    exchange(client, server)
    close_in_turn(client, server)


@scenario("time-wait-refuses-first-v6", v6=True, delay_s=0.03, vantages=("server",), **_AGAIN)
def _(lab):
    """The same over IPv6 with a round trip of 60 ms."""
    _plain(lab)
    listener = lab.listen()
    _closed_by_server(lab, listener)
    _numbers_drawn_low(lab)
    client, server = lab.connect(listener, client_port=_PORT)
    exchange(client, server)
    close_in_turn(client, server)


@scenario("time-wait-refuses-and-no-retry", vantages=("server",), **_REFUSED)
def _(lab):
    """The same, and the client's next SYNs are lost; it gives up after two seconds."""
    _plain(lab)
    listener = lab.listen()
    _closed_by_server(lab, listener)
    syns = []
    lab.wire.drop(lambda p, d: d == TO_SERVER and is_syn(p) and (syns.append(1) or len(syns) > 1))
    _numbers_drawn_low(lab)
    pair = lab.try_connect(client_port=_PORT, timeout=2)
    pair.client.close()
    lab.tail(10)


@scenario("time-wait-not-assassinated", vantages=("server",), **_REFUSED)
def _(lab):
    """The server protects TIME-WAIT (tcp_rfc1337): each SYN is refused with the old ACK until the client gives up."""
    lab.server.sysctl("net.ipv4.tcp_rfc1337", 1)
    _plain(lab)
    listener = lab.listen()
    _closed_by_server(lab, listener)
    _numbers_drawn_low(lab)
    pair = lab.try_connect(client_port=_PORT, timeout=3.5)
    pair.client.close()
    lab.tail(5)


@scenario("time-wait-refuses-raw-client", vantages=("client", "server"), live=True, **_AGAIN)
def _(lab):
    """A raw-socket client starts lower than the last connection of its port; its second SYN, behind its own reset, is let in."""
    _plain(lab)
    listener = lab.listen()
    _closed_by_server(lab, listener)
    last = lab.wire.last(TO_SERVER)
    pair = raw.pair(lab, _PORT, ttl=64, kernel_quiet=True)
    client = pair.client
    client.snd_nxt = isn = (last.seq - 5_000_000) & 0xFFFFFFFF
    client.syn()
    old = client.expect(lambda p: True)
    client.emit(RST, seq=old.ack)
    lab.sleep(0.9)
    client.snd_nxt = isn
    client.connect()
    pair.server = App("server", listener.accept()[0], lab.clock)
    client.send(150)
    pair.server.recv(150)
    client.close()
    pair.server.read_end()
    pair.server.close()
    client.wait_for_fin()
    lab.sleep(0.05)
