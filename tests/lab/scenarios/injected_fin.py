# SPDX-License-Identifier: GPL-2.0-or-later
"""A third party in the middle forges the FIN that ends the connection; each scenario isolates one sign of it."""
from labkit.forge import disguise, inject_fin
from labkit.scenario import scenario
from labkit.steps import TO_SERVER, exchange, is_data, wait_for

_FORGED = {"verdict": "fin-injected", "initiator": "network", "hops": (6, 8)}
# The server answers 0.1 s behind the FIN that it never sent; the client has closed by then.
_CUT = {"delay_s": 0.02, "loss_to_client": "certain", "client_errno": "EOF", "server_errno": "ECONNRESET", **_FORGED}
# What the purported sender's own capture shows: an ACK of something it never sent, and a peer that has closed.
_AT_SENDER = {"verdict": ("fin-injected", "data-after-close", "inconclusive"), "initiator": ("network", "client", "unknown"),
              "client_errno": ("EOF", "none"), "server_errno": ("ECONNRESET", "EOF", "EOF,EPIPE"),
              "reason": "the forged FIN is not in this capture: only its acknowledgment is, and that the client closed"}


def _ask(lab, size=300, quiet_s=0.1, **options):
    """Two exchanges, then a request of that size has passed the middle."""
    client, server = lab.connect(**options)
    exchange(client, server)
    exchange(client, server, 90, 1200)
    lab.sleep(quiet_s)
    client.send(size)
    wait_for(lambda: len(lab.wire.last(TO_SERVER, is_data).payload) == size)
    return client, server


def _answered_too_late(lab, client, server, size=300, answer=900, after_s=0.1):
    """The client believes the FIN and closes; the server's answer meets a closed socket."""
    server.recv(size)
    client.read_end()
    client.close()
    lab.sleep(after_s)
    server.send(answer)
    server.read_end()


@scenario("fin-forged-other-ttl", vantages=("client", "middle", "server"), live=True, at={"server": _AT_SENDER}, **_CUT)
def _(lab):
    """A FIN in the server's name right behind the request, alike in all but its TTL; the server answers later."""
    client, server = _ask(lab)
    inject_fin(lab, "server", **{**disguise(lab, "server"), "ttl": 241})
    _answered_too_late(lab, client, server)


@scenario("fin-forged-other-ip-id", vantages=("client", "middle"), live=True, **_CUT)
def _(lab):
    """The same, and only the IP-ID is out of the server's count."""
    client, server = _ask(lab)
    inject_fin(lab, "server", **disguise(lab, "server", ahead=17_000))
    _answered_too_late(lab, client, server, answer=2400)


@scenario("fin-forged-no-timestamps", vantages=("client", "middle"), live=True, **_CUT)
def _(lab):
    """The same, and only the timestamps are missing that both have on everything else (RFC 7323 §3.2)."""
    client, server = _ask(lab)
    inject_fin(lab, "server", **{**disguise(lab, "server"), "options": b""})
    _answered_too_late(lab, client, server, after_s=0.4)


@scenario("fin-forged-old-echo", vantages=("client", "middle"), live=True, **_CUT)
def _(lab):
    """The same; it acknowledges the request but echoes a timestamp from before the request, within the round trip."""
    client, server = _ask(lab)
    inject_fin(lab, "server", **disguise(lab, "server", echo="old"))
    _answered_too_late(lab, client, server)


@scenario("fin-forged-plain-tool", vantages=("client", "server"), live=True, at={"server": _AT_SENDER}, **_CUT)
def _(lab):
    """The FIN of a plain tool: TTL 64 fresh, no options, IP-ID of its own."""
    client, server = _ask(lab, size=120)
    inject_fin(lab, "server", ttl=63, ip_id=54321, df=False, win=512)
    _answered_too_late(lab, client, server, size=120, answer=300)


@scenario("fin-forged-v6", vantages=("client", "middle"), v6=True, live=True, **_CUT)
def _(lab):
    """IPv6, where no IP-ID tells anything: another hop limit and no timestamps."""
    client, server = _ask(lab)
    inject_fin(lab, "server", ttl=250)
    _answered_too_late(lab, client, server, answer=1500)


@scenario("fin-forged-careful", vantages=("client", "middle"), live=True, **_CUT)
def _(lab):
    """The careful forger copies TTL, IP-ID, window and fresh timestamps: only what the server does next tells."""
    client, server = _ask(lab)
    inject_fin(lab, "server", **disguise(lab, "server"))
    _answered_too_late(lab, client, server, answer=700)


@scenario("fin-forged-late", vantages=("client",), live=True, **_CUT)
def _(lab):
    """The FIN comes 0.4 s behind the request, so no round trip accuses it; without timestamps."""
    client, server = _ask(lab)
    lab.sleep(0.4)
    inject_fin(lab, "server", **{**disguise(lab, "server"), "options": b""})
    _answered_too_late(lab, client, server, after_s=0.6)


@scenario("fin-forged-idle", vantages=("client", "server"), live=True, at={"server": _AT_SENDER}, delay_s=0.005,
          client_errno="EOF", server_errno="ECONNRESET", loss_to_client="certain", **_FORGED)
def _(lab):
    """Nobody had asked anything for a second; the FIN has another TTL. The server pushes an event half a second later."""
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server)
    lab.sleep(1)
    inject_fin(lab, "server", **{**disguise(lab, "server"), "ttl": 30})
    client.read_end()
    client.close()
    lab.sleep(0.5)
    server.send(160)
    server.read_end()


@scenario("fin-forged-not-closed", vantages=("client", "middle"), live=True, delay_s=0.02, client_errno="EOF,EPIPE",
          server_errno="ECONNRESET", loss_to_client="certain", **_FORGED)
def _(lab):
    """The client reads EOF and does not close; the server's answer draws a reset from its kernel. Without timestamps."""
    client, server = _ask(lab)
    inject_fin(lab, "server", **{**disguise(lab, "server"), "options": b"", "ttl": 58})
    server.recv(300)
    client.read_end()
    lab.sleep(0.2)
    server.send(1000)
    server.read_end()
    client.send(10)


@scenario("fin-forged-stream-goes-on", vantages=("client", "middle"), live=True, delay_s=0.01, client_errno="EOF",
          server_errno=("EOF", "EOF,EPIPE", "ECONNRESET"), loss_to_client="certain",
          reason="the ACK of the forged FIN falls into what the server sends next, so it takes the client's FIN; then a reset",
          **_FORGED)
def _(lab):
    """In a pause of a download; the server streams on, several segments meet the closed socket."""
    client, server = lab.connect()
    client.send(80)
    server.recv(80)
    for _ in range(4):
        server.send(1200)
        client.recv(1200)
        lab.sleep(0.06)
    inject_fin(lab, "server", **disguise(lab, "server", ahead=900))
    client.read_end()
    client.close()
    for _ in range(3):
        server.send(1200)
    server.read_end()
