# SPDX-License-Identifier: GPL-2.0-or-later
"""Honest resets on paths that are not what they were: other routes, other routers, proxies in front."""
import itertools

from labkit import packet
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, exchange, is_data

_SERVER_ABORTS = {"innocent": True, "verdict": "abort-as-close", "initiator": "server", "client_errno": "ECONNRESET",
                  "server_errno": "none"}


def _talk(lab, *, times=3):
    client, server = lab.connect()
    for _ in range(times):
        exchange(client, server)
        lab.sleep(0.03)
    return client, server


@scenario("innocent-two-routes", live=True, vantages=("client",), hops=(5, 5), **_SERVER_ABORTS)
def _(lab):
    """The server's packets take turns on two routes, three routers apart; its reset takes the longer one."""
    turn = itertools.count()
    lab.wire.add(lambda p, d: [(p.copy(ttl=p.ttl - 3 * (next(turn) % 2)), 0)]
                 if d == TO_CLIENT and not p.flags & packet.RST else None)
    lab.wire.add(lambda p, d: [(p.copy(ttl=p.ttl - 3), 0)] if d == TO_CLIENT and p.flags & packet.RST else None)
    client, server = _talk(lab)
    lab.sleep(0.1)
    server.abort()
    client.read_end()


@scenario("innocent-route-changes", live=True, vantages=("client",), hops=(5, 5), **_SERVER_ABORTS)
def _(lab):
    """The route from the server gets four routers longer before its last answer and its reset."""
    client, server = _talk(lab)
    lab.wire.hops[TO_CLIENT] += 4
    exchange(client, server)
    lab.sleep(0.1)
    server.abort()
    client.read_end()


@scenario("innocent-router-takes-over", live=True, vantages=("client",), hops=(5, 5), **_SERVER_ABORTS)
def _(lab):
    """Another router takes over in the middle: new hardware address, one hop more, and then the reset."""
    client, server = _talk(lab)
    lab.wire.hops[TO_CLIENT] += 1
    lab.wire.add(lambda p, d: [(p.copy(eth_src=bytes.fromhex("0000005e0002")), 0)] if d == TO_CLIENT else None)
    exchange(client, server)
    lab.sleep(0.1)
    server.abort()
    client.read_end()


@scenario("innocent-other-initial-ttl", live=True, vantages=("client",), hops=(5, 5), innocent=True, delay_s=0.005,
          verdict=("data-crossed-fin", "data-after-close"), initiator="server", client_errno=("EOF,EPIPE", "EOF", "ECONNRESET"),
          server_errno="none", loss_to_server="certain", half_close=None,
          reason="the answer to data behind the FIN; whether the two crossed is a matter of milliseconds")
def _(lab):
    """A server's system that gives packets without a socket the initial TTL 255 and its own data 64."""
    lab.wire.add(lambda p, d: [(p.copy(ttl=p.ttl + 191), 0)]
                 if d == TO_CLIENT and p.flags & packet.RST and not p.flags & packet.ACK else None)
    client, server = _talk(lab)
    lab.sleep(0.1)
    server.close()
    lab.sleep(0.002)
    client.send(300)
    client.recv(1)
    lab.sleep(0.05)


@scenario("innocent-late-data", live=True, innocent=True, vantages=("server",), initiator=("client", "unknown"),
          verdict=("abort-by-sender", "abort-as-close", "abort-unanswered", "inconclusive", "peer-lost-state"), client_errno="none",
          server_errno="ECONNRESET", loss_to_client=("none", "possible"), loss_to_server=("none", "possible", "certain"),
          reason="the data comes a third of a second behind the reset that followed it; what the server takes is the answer "
                 "to its challenge, that nobody is there")
def _(lab):
    """The client sends and aborts; its data takes another way, 0.3 s longer than the reset's. A box on the way strips the
    options of resets."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.4)
    exchange(client, server)
    lab.sleep(0.2)
    lab.wire.hold(lambda p, d: d == TO_SERVER and is_data(p), 0.3)
    lab.wire.add(lambda p, d: [(p.copy(options=b"", flags=packet.RST, ack=0), 0)]
                 if d == TO_SERVER and p.flags & packet.RST and p.flags & packet.ACK else None)
    client.send(100)
    lab.sleep(0.02)
    client.abort()
    lab.sleep(0.5)
    server.read_end()
