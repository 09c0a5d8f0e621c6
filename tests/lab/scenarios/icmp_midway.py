# SPDX-License-Identifier: GPL-2.0-or-later
"""ICMP errors about a connection that lives: routers and firewalls that report what they drop, and hosts that go on."""
import socket

from labkit import packet
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, close_in_turn, exchange, is_data

_USER_TIMEOUT = ((socket.IPPROTO_TCP, 18, 3000),)  # TCP_USER_TIMEOUT, in milliseconds
_IP_RECVERR = ((socket.IPPROTO_IP, 11, 1),)
_DROPPED = {"verdict": "timeout-retransmit", "innocent": True, "server_errno": "none", "loss_to_server": ("possible", "certain"),
            "reason": "each repeat is reported as dropped, so none of them arrived; that nothing arrived before, the wire does not say"}
_BY_ROUTER = {"initiator": "network", **_DROPPED}


def _report(lab, direction, kind, code, *, times=None, sender="middle", drop=True):
    """Drops (or not) what goes that way and reports it."""
    back = TO_CLIENT if direction == TO_SERVER else TO_SERVER
    left = [times]

    def rule(p, d):
        if d != direction or not p.is_tcp or left[0] == 0:
            return None
        left[0] = left[0] and left[0] - 1
        lab.wire.inject(packet.icmp_error(p, lab.addresses[sender], kind, code), back, 0.004)
        return [] if drop else None
    return lab.wire.add(rule)


def _asks_in_vain(lab, kind, code, size=400, options=_USER_TIMEOUT, then=None, **more):
    client, server = lab.connect(client_options=options)
    exchange(client, server)
    lab.sleep(0.15)
    _report(lab, TO_SERVER, kind, code, **more)
    if then:
        then(TO_SERVER)  # what is not reported any more
    client.send(size)
    client.read_end()
    return client, server


@scenario("icmp-port-unreachable-midway", vantages=("client", "server"), client_errno=("ECONNREFUSED", "ETIMEDOUT"),
          initiator=("server", "network"), at={"server": {"verdict": ("open", "timeout-retransmit", "inconclusive"),
          "initiator": ("none", "unknown", "network", "server"), "loss_to_server": ("none", "possible", "certain"),
          "client_errno": ("ECONNREFUSED", "ETIMEDOUT", "none", "unknown"),
          "reason": "the server's own firewall: its capture sees segments that come, and its own ICMP errors"}}, **_DROPPED)
def _(lab):
    """The server's firewall is reloaded and rejects the connection with port unreachable (iptables' REJECT)."""
    client, server = lab.connect(client_options=_USER_TIMEOUT)
    exchange(client, server)
    lab.sleep(0.15)
    lab.server.run("nft", "-f", "-", stdin="table inet t { chain c { type filter hook input priority 0; tcp dport 8080 reject; }; }")
    client.send(400)
    client.read_end()


@scenario("icmp-prohibited-midway", vantages=("client", "middle"), client_errno=("EHOSTUNREACH", "ETIMEDOUT"), **_BY_ROUTER)
def _(lab):
    """A router's new access list: administratively prohibited for every repeat; the capture stops with the last."""
    _asks_in_vain(lab, 3, 13)


@scenario("icmp-routing-loop", delay_s=0.01, vantages=("client",), client_errno=("EHOSTUNREACH", "ETIMEDOUT"), **_BY_ROUTER)
def _(lab):
    """A routing loop: time to live exceeded for every repeat; half a minute later the capture ends."""
    _asks_in_vain(lab, 11, 0, size=1200)
    lab.tail(30)


@scenario("icmp-no-route-midway-v6", v6=True, vantages=("client",), client_errno=("ENETUNREACH", "EHOSTUNREACH", "ETIMEDOUT"),
          **_BY_ROUTER)
def _(lab):
    """IPv6: no route to destination for every repeat of the request."""
    _asks_in_vain(lab, 1, 0)
    lab.tail(3)


@scenario("icmp-about-the-answer", vantages=("server", "middle"), initiator="network", verdict="timeout-retransmit", innocent=True,
          client_errno="none", server_errno=("EHOSTUNREACH", "ETIMEDOUT"), loss_to_client=("possible", "certain"),
          reason=_DROPPED["reason"])
def _(lab):
    """The way back to the client breaks: host unreachable for every repeat of the server's answer."""
    client, server = lab.connect(server_options=_USER_TIMEOUT)
    exchange(client, server)
    client.send(100)
    server.recv(100)
    lab.sleep(0.15)
    _report(lab, TO_CLIENT, 3, 1)
    server.send(2000)
    server.read_end()
    lab.tail(10)


@scenario("icmp-three-errors-capture-stops", vantages=("client",), client_errno="none", **{**_BY_ROUTER,
          "verdict": ("timeout-retransmit", "open"), "initiator": ("network", "none", "unknown"),
          "loss_to_server": ("none", "possible", "certain"),
          "reason": "three repeats are reported as dropped and the client has not given up when the capture stops"})
def _(lab):
    """The capture stops 0.7 s behind the request: three repeats and four errors, host unreachable."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.15)
    _report(lab, TO_SERVER, 3, 1)
    client.send(250)
    lab.sleep(0.55)


@scenario("icmp-told-to-the-program", vantages=("client",), client_errno=("EHOSTUNREACH",), **{**_BY_ROUTER,
          "verdict": ("half-closed-fin-unacked", "timeout-retransmit"), "initiator": ("network", "client"),
          "reason": "the program is told of the first error (IP_RECVERR) and closes: request and FIN are repeated in vain"})
def _(lab):
    """A program that asked for errors (IP_RECVERR) sees the first one, and closes; request and FIN are dropped, soon without a word."""
    lab.client.sysctl("net.ipv4.tcp_orphan_retries", 4)
    client, server = _asks_in_vain(lab, 3, 1, options=_IP_RECVERR, times=3, then=lab.wire.blackhole)
    client.close()
    lab.sleep(5)
    lab.tail(10)


# Near misses

_HEALED = {"verdict": "graceful", "initiator": "client", "innocent": True, "client_errno": "none", "server_errno": "EOF", "live": True}


@scenario("icmp-then-healed", vantages=("client", "server"), **_HEALED)
def _(lab):
    """Three repeats are reported as host unreachable, then the route is back: nothing is lost."""
    client, server = lab.connect()
    exchange(client, server)
    _report(lab, TO_SERVER, 3, 1, times=4)
    exchange(client, server)
    close_in_turn(client, server)


@scenario("icmp-about-what-arrived", vantages=("client",), **_HEALED)
def _(lab):
    """A confused router reports port unreachable for segments that it forwards all the same."""
    client, server = lab.connect()
    exchange(client, server)
    _report(lab, TO_SERVER, 3, 3, times=3, drop=False)
    exchange(client, server, 900, 1200)
    lab.sleep(0.05)
    close_in_turn(client, server)


@scenario("icmp-forged-about-nothing", vantages=("client",), **_HEALED)
def _(lab):
    """ICMP errors that quote a number far outside the window: ignored (RFC 5927)."""
    client, server = lab.connect()
    exchange(client, server)
    last = lab.wire.last(TO_SERVER, is_data)
    for step in (70_000_000, -9_000_000):
        lab.wire.inject(packet.icmp_error(last.copy(seq=(last.seq + step) & 0xFFFFFFFF), lab.addresses["middle"], 3, 2), TO_CLIENT)
    lab.sleep(0.05)
    exchange(client, server)
    close_in_turn(client, server)


@scenario("icmp-about-the-last-ack", vantages=("client",), **_HEALED)
def _(lab):
    """The server's firewall forgets at once: port unreachable for the client's last ACK, behind both FINs."""
    client, server = lab.connect()
    exchange(client, server)
    client.close()
    server.read_end()
    lab.sleep(0.05)
    _report(lab, TO_SERVER, 3, 3, sender="server", drop=False)
    server.close()
    lab.sleep(0.1)
