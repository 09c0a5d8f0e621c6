# SPDX-License-Identifier: GPL-2.0-or-later
"""FINs that look forged and are not, and forged FINs that do nothing."""
import itertools

from labkit.forge import disguise, inject_fin
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, close_in_turn, exchange, going, is_data, is_fin, is_pure_ack

_CLOSED_BY_SERVER = {"innocent": True, "live": True, "verdict": "graceful", "initiator": "server", "client_errno": "EOF",
                     "server_errno": "none"}


def _last_data_lost(lab, size=700, asked=90):
    """The last data is lost, the FIN is not: it waits in the client's queue until the data comes again, without a FIN."""
    client, server = lab.connect()
    exchange(client, server)
    client.send(asked)
    server.recv(asked)
    lab.sleep(0.1)
    lab.wire.drop(going(TO_CLIENT, is_data), times=1)
    server.send(size)
    server.close()
    client.read_end()
    client.close()


@scenario("honest-fin-over-gap", vantages=("client", "middle", "server"), hops=(6, 8), delay_s=0.02, **_CLOSED_BY_SERVER)
def _(lab):
    """The last data is lost: the FIN stands beyond a gap, and data without a FIN fills it exactly, later."""
    _last_data_lost(lab)


@scenario("honest-fin-over-gap-v6", vantages=("client",), v6=True, **_CLOSED_BY_SERVER)
def _(lab):
    """The same over IPv6 and with hardly any round trip."""
    _last_data_lost(lab, size=1300)


@scenario("honest-fin-over-gap-no-timestamps", vantages=("client",), hops=(6, 8), delay_s=0.05, **_CLOSED_BY_SERVER)
def _(lab):
    """The same between hosts without timestamps, with a round trip of 100 ms."""
    lab.client.sysctl("net.ipv4.tcp_timestamps", 0)
    _last_data_lost(lab, size=60)


@scenario("honest-fin-overtakes-data", vantages=("client", "middle"), hops=(6, 8), delay_s=0.02, **_CLOSED_BY_SERVER)
def _(lab):
    """Two routes: the FIN takes the shorter one and comes 30 ms before the data that it follows, with another TTL."""
    client, server = lab.connect()
    exchange(client, server)
    client.send(90)
    server.recv(90)
    lab.sleep(0.1)
    lab.wire.add(lambda p, d: [(p.copy(ttl=p.ttl - 3), 0.03)] if d == TO_CLIENT and is_data(p) and len(p.payload) == 800 else None)
    server.send(800)
    lab.sleep(0.005)
    server.close()
    client.read_end()
    client.close()


@scenario("honest-fin-twice", vantages=("client", "server"), hops=(6, 8), delay_s=0.02, **{**_CLOSED_BY_SERVER, "reason": ""})
def _(lab):
    """The ACK of the FIN is lost: two FINs at one number, the second by another route, and the client answers both."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    turn = itertools.count()
    lab.wire.add(lambda p, d: [(p.copy(ttl=p.ttl - 2 * next(turn)), 0)] if d == TO_CLIENT and is_fin(p) else None)
    lost = itertools.count()
    lab.wire.drop(lambda p, d: d == TO_SERVER and is_pure_ack(p) and next(lost) < 1)
    server.close()
    client.read_end()
    lab.sleep(0.35)
    client.close()
    lab.sleep(0.1)


@scenario("honest-fin-route-changes", vantages=("client",), hops=(6, 8), delay_s=0.02, **_CLOSED_BY_SERVER)
def _(lab):
    """The route from the server gets five routers longer just before its FIN."""
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.hops[TO_CLIENT] += 5
    close_in_turn(server, client)


@scenario("honest-fin-half-close-then-data", innocent=True, live=True, vantages=("client", "server"), delay_s=0.02, hops=(6, 8),
          verdict="graceful-half-close", initiator="client", half_close=True, client_errno="EOF", server_errno="EOF")
def _(lab):
    """The client has said FIN and goes on acknowledging, also a keep-alive at the number of the server's last byte."""
    client, server = lab.connect()
    client.send(300)
    client.shutdown()
    server.read_end()
    for size in (900, 40, 1300):
        lab.sleep(0.1)
        server.send(size)
    server.close()
    client.read_end()
    client.close()


@scenario("box-closes-both-idle", vantages=("middle", "client"), hops=(4, 4), verdict=("graceful", "graceful-simultaneous", "fin-injected",
          "graceful-unconfirmed", "graceful-then-reset"), initiator=("server", "client", "both", "network", "unknown"), client_errno=("EOF", "none"),
          server_errno=("EOF", "none"), reason="a box with an idle timer closed both sides in each other's name: a third party, but its job, and in good order")
def _(lab):
    """A balancer closes both sides with FINs of its own TTL after 240 idle seconds; both applications close."""
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server)
    lab.stretch(240)
    for name in ("client", "server"):
        inject_fin(lab, name, **{**disguise(lab, name), "ttl": 255})
    client.read_end()
    server.read_end()
    client.close()
    server.close()
    lab.sleep(0.5)


# Forged, and in vain

_SURVIVES = {"client_errno": "none", "server_errno": "EOF", "verdict": "graceful", "initiator": "client", "hops": (6, 8), "live": True}


def _survived(lab, client, server):
    lab.sleep(0.2)
    exchange(client, server, 50, 60)
    close_in_turn(client, server)


@scenario("forged-fin-lost-race", vantages=("client", "middle", "server"), **_SURVIVES)
def _(lab):
    """The forger aimed behind the request, but the answer is there: its FIN lies below what the client has."""
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server, 120, 2600)
    lab.sleep(0.05)
    inject_fin(lab, "server", offset=-2600, ttl=77)
    _survived(lab, client, server)


@scenario("forged-fin-lost-race-at-server-v6", v6=True, vantages=("server", "middle"), **_SURVIVES)
def _(lab):
    """The same against the server, in the client's name (IPv6)."""
    client, server = lab.connect()
    exchange(client, server, 900, 300)
    lab.sleep(0.05)
    inject_fin(lab, "client", offset=-400, ttl=31)
    _survived(lab, client, server)


@scenario("forged-fin-beyond-window", vantages=("client",), **_SURVIVES)
def _(lab):
    """FINs far beyond the window and far below it: refused with an ACK, and everything goes on."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.05)
    inject_fin(lab, "server", offset=40_000_000)
    inject_fin(lab, "server", offset=-2_000_000)
    _survived(lab, client, server)


@scenario("forged-fin-never-reached", vantages=("client", "server"), **_SURVIVES)
def _(lab):
    """A FIN 6000 numbers ahead waits in the client's queue (SACK); the server never says so much, the client closes."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.05)
    inject_fin(lab, "server", offset=6000, ttl=99)
    _survived(lab, client, server)
