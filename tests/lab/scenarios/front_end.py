# SPDX-License-Identifier: GPL-2.0-or-later
"""Somebody nearer than the server answers in its name: forgers behind the first request, and honest front ends."""
from labkit.forge import answer_to, inject_reset
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, close_in_turn, exchange, is_data, is_syn_ack, wait_for

_REQUEST = b"GET / HTTP/1.1\r\nHost: forbidden.example\r\n\r\n"
# The server is 12 routers and 65 ms away; so it shows with TTL 52 and a round trip of 130 ms.
_FAR = {"delay_s": 0.065, "hops": (12, 12)}
_FORGED = {"verdict": "reset-injected", "initiator": "network", "client_errno": "ECONNRESET", "live": True, **_FAR}
# The box keeps the request to itself: the server is not heard of again.
_KEPT = {"server_errno": "none", "loss_to_server": ("possible", "certain"),
         "reason": "the box threw the request away; the client is told so by nobody but its reset", **_FORGED}


def _first_request(lab, keep):
    """The handshake, and the first request at the middle, which forwards it or not."""
    client, server = lab.connect(port=80)
    lab.sleep(0.15)
    if keep:
        lab.wire.blackhole(TO_SERVER)
    client.send(_REQUEST)
    wait_for(lambda: is_data(lab.wire.last(TO_SERVER)))
    return client, server, lab.wire.last(TO_SERVER)


@scenario("reset-by-near-box", vantages=("client", "middle"), **_KEPT)
def _(lab):
    """TTL 254 against 52, 7 ms against 130, right behind the first request, which never goes further."""
    client, server, _ = _first_request(lab, True)
    inject_reset(lab, "server", with_ack=True, ack_offset=len(_REQUEST), ttl=254, ip_id=4711, delay_s=0.002)
    client.read_end()
    server.note("hears nothing", "ok")


@scenario("reset-by-near-box-copied-ids", vantages=("client",), **_KEPT)
def _(lab):
    """Three resets that carry the IP-ID of the request they answer, TTL 254."""
    client, server, request = _first_request(lab, True)
    for step in range(3):
        lab.wire.inject(answer_to(request, ttl=254, ip_id=request.ip_id, df=False, win=0), TO_CLIENT, 0.002 + 0.0004 * step)
    client.read_end()
    server.note("hears nothing", "ok")


@scenario("reset-by-near-box-v6", v6=True, vantages=("client",), **_KEPT)
def _(lab):
    """The same over IPv6 with hop limit 254."""
    client, server, _ = _first_request(lab, True)
    inject_reset(lab, "server", with_ack=True, ack_offset=len(_REQUEST), ttl=254, delay_s=0.002)
    client.read_end()
    server.note("hears nothing", "ok")


@scenario("reset-by-near-box-both", vantages=("client", "server"), server_errno="ECONNRESET", loss_to_server=("none", "possible"),
          reason="that the request was read, its forged acknowledgment does not say", at={"server": {
          "verdict": ("reset-injected", "abort-by-sender", "abort-waiting", "abort-as-close", "abort-before-response", "inconclusive"),
          "initiator": ("network", "unknown"),
          "reason": "the server's side sees one reset, with another TTL and without timestamps"}}, **_FORGED)
def _(lab):
    """The box lets the request through and resets both: TTL 61 towards the server, 254 towards the client."""
    client, server, _ = _first_request(lab, False)
    inject_reset(lab, "server", with_ack=True, ack_offset=len(_REQUEST), ttl=254, ip_id=99, delay_s=0.002)
    inject_reset(lab, "client", with_ack=True, ttl=61, delay_s=0.075)
    server.recv(len(_REQUEST))
    client.read_end()
    server.read_end()


@scenario("reset-by-near-box-five-hops", vantages=("client",), **_KEPT)
def _(lab):
    """A box five routers nearer that starts with TTL 64 too: 57 against 52, and 40 ms against 130."""
    client, server, _ = _first_request(lab, True)
    inject_reset(lab, "server", with_ack=True, ack_offset=len(_REQUEST), ttl=57, ip_id=23, delay_s=0.035)
    client.read_end()
    server.note("hears nothing", "ok")


# Honest front ends

_HONEST = {"innocent": True, "live": True, "vantages": ("client",)}


def _split(lab, condition):
    """What fulfils the condition comes from a front end next to the client (TTL 254), the rest from far (52)."""
    lab.wire.hops[TO_CLIENT] = 0
    lab.wire.add(lambda p, d: [(p.copy(ttl=254 if condition(p) else 52), 0)] if d == TO_CLIENT and p.is_tcp else None)


@scenario("front-end-handshake", verdict="graceful", initiator="client", client_errno="none", server_errno="EOF", delay_s=0.01, hops=(12, 12),
          **_HONEST)
def _(lab):
    """A balancer makes the handshake (TTL 254), the server behind it speaks for itself (52); an orderly end."""
    _split(lab, is_syn_ack)
    client, server = lab.connect()
    exchange(client, server)
    close_in_turn(client, server)


@scenario("front-end-handshake-server-resets", verdict="abort-as-close", initiator="server", client_errno="ECONNRESET", server_errno="none",
          delay_s=0.01, hops=(12, 12), **_HONEST)
def _(lab):
    """The same, and the server itself ends with a reset, at its own TTL."""
    _split(lab, is_syn_ack)
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server)
    lab.sleep(0.1)
    server.abort()
    client.read_end()


@scenario("front-end-refuses-first-request", verdict="abort-before-response", initiator="server", client_errno="ECONNRESET",
          server_errno="none", loss_to_server="possible", delay_s=0.004, hops=(1, 1), **_HONEST)
def _(lab):
    """A balancer without a server behind it takes handshake and request and resets: one TTL, one round trip, nobody else."""
    client, server = lab.connect(port=80)
    client.send(_REQUEST)
    server.wait_until_received(len(_REQUEST))
    server.close()
    client.read_end()


@scenario("front-end-idle-reset", verdict=("abort-idle", "reset-injected"), initiator=("server", "network", "unknown"), client_errno="ECONNRESET",
          server_errno="none", hops=(12, 12), delay_s=0.01, live=False, vantages=("client",), loss_to_client=("none", "possible"),
          reason="a balancer's idle timer resets in the server's name, with its own TTL: a third party, but its job")
def _(lab):
    """The server speaks with TTL 52; after 60 idle seconds the balancer resets with TTL 254, in time and alone."""
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server)
    lab.stretch(60)
    inject_reset(lab, "server", with_ack=True, ttl=254)
    lab.wire.blackhole(TO_SERVER)
    client.read_end()
    server.note("hears nothing", "ok")
