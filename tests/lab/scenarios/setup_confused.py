# SPDX-License-Identifier: GPL-2.0-or-later
"""A handshake with wrong numbers: old SYN-ACKs, old connections, hosts that come back."""
from labkit import packet
from labkit.app import App
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, close_in_turn, crash, exchange, is_syn


@scenario("setup-bad-synack-stale", verdict="setup-bad-synack", initiator=("client", "network", "server", "unknown"),
          innocent=True, live=True, client_errno=("none", "ETIMEDOUT", "unknown"), vantages=("client",),
          reason="whose the wrong SYN-ACK was is not said by it")
def _(lab):
    """A SYN-ACK that acknowledges something never sent; the client resets it, and nothing else comes."""
    lab.wire.add(lambda p, d: _wrong_syn_ack(lab, p) if d == TO_SERVER and is_syn(p) else
                 [] if d == TO_SERVER else None)
    pair = lab.try_connect(timeout=0.8)
    pair.client.close()
    lab.tail(10)


def _wrong_syn_ack(lab, p):
    answer = p.copy(eth_src=p.eth_dst, eth_dst=p.eth_src, src=p.dst, dst=p.src, sport=p.dport, dport=p.sport,
                    seq=0x12345678, ack=(p.seq + 77_777) & 0xFFFFFFFF, flags=packet.SYN | packet.ACK, win=29200, ip_id=0)
    answer.options = b"\x02\x04\x05\xb4"
    lab.wire.inject(answer, TO_CLIENT, 0.01)
    return []


@scenario("setup-bad-synack-then-good", verdict="graceful", also=("inconclusive", "open"), initiator="client", innocent=True, live=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """A wrong SYN-ACK first (an old one of the port's last use); the SYN's retransmission then succeeds
    and the connection ends in good order."""
    listener = lab.listen()
    done = []
    lab.wire.add(lambda p, d: _wrong_syn_ack(lab, p) if d == TO_SERVER and is_syn(p) and not done and not done.append(1)
                 else None)
    client, server = lab.connect(listener)
    exchange(client, server)
    close_in_turn(client, server)


def _come_back(lab):
    listener = lab.listen()
    old = lab.connect(listener, client_port=41000, truth={
        "verdict": "restart-same-ports", "initiator": "client", "server_errno": "ECONNRESET", "client_errno": "none",
        "loss_to_client": ("none", "possible"), "loss_to_server": "none",
        "reason": "the client's host crashed; what its application had read by then, the wire does not show"})
    client, server = old
    exchange(client, server)
    crash(lab, client)
    again = lab.client_app(41000)
    again.connect((lab.addresses["server"], 8080))
    server.read_end()
    new = App("server", listener.accept()[0], lab.clock)
    lab.add_pair(again, new, 8080)
    exchange(again, new)
    close_in_turn(again, new)
    return old


@scenario("restart-same-ports-crash", verdict="graceful", initiator="client", innocent=True, live=True,
          client_errno="none", server_errno="EOF", kind="router")
def _(lab):
    """The client crashed and comes back with the same port; the server still has the old connection and
    answers the SYN with a bare ACK. The client resets that, and its next SYN succeeds."""
    _come_back(lab)


@scenario("restart-same-ports-crash-v6", verdict="graceful", initiator="client", innocent=True, live=True, v6=True,
          client_errno="none", server_errno="EOF", delay_s=0.01, vantages=("middle",))
def _(lab):
    """The same with IPv6, a delay of 10 ms each way, captured in the middle."""
    _come_back(lab)


def _from_last_syn_run(frames):
    """The capture that began after the crash: from the first SYN of the second ISN on."""
    isns = [f.packet().seq for f in frames if is_syn(f.packet())]
    first = next(i for i, f in enumerate(frames) if is_syn(f.packet()) and f.packet().seq != isns[0])
    return frames[first:]


@scenario("setup-stale-peer-then-good", verdict="graceful", initiator="client", innocent=True, live=True, kind="router",
          client_errno="none", server_errno="EOF", vantages=("client",), change=_from_last_syn_run, also=("setup-stale-peer",),
          change_note="cut before the client came back")
def _(lab):
    """As restart-same-ports-crash, but the capture began after the crash: only the stale answer shows."""
    old = _come_back(lab)
    lab.pairs.remove(old)


@scenario("setup-stale-peer", verdict="setup-stale-peer", initiator=("client", "server", "unknown"), innocent=True,
          client_errno=("none", "ETIMEDOUT", "unknown"), server_errno=("none", "ECONNRESET"), vantages=("client", "middle"),
          change=_from_last_syn_run, change_note="cut before the client came back", live=True,
          reason="no application ever had the new connection; that of the old one, which ports and reset belong to as well, "
                 "sees ECONNRESET")
def _(lab):
    """The server answers the SYN with a bare ACK of a connection that the client's crash forgot. The
    client resets it; its next SYNs are lost and the application gives up."""
    listener = lab.listen()
    client, server = lab.connect(listener, client_port=41000)
    lab.pairs.clear()
    exchange(client, server)
    crash(lab, client)
    seen = []
    lab.wire.drop(lambda p, d: d == TO_SERVER and is_syn(p) and (seen.append(1) or len(seen) > 1))
    pair = lab.try_connect(client_port=41000, timeout=2.5)
    pair.client.close()
    lab.tail(10)


@scenario("setup-bad-synack-old-number-v6", verdict="setup-bad-synack", initiator=("client", "network", "server", "unknown"),
          innocent=True, live=True, v6=True, client_errno=("none", "ETIMEDOUT", "unknown"), vantages=("client",),
          reason="whose the wrong SYN-ACK was is not said by it")
def _(lab):
    """A SYN-ACK for a number below the SYN's, as an old duplicate has it; then silence (IPv6)."""
    lab.wire.add(lambda p, d: _wrong_syn_ack(lab, p.copy(seq=p.seq - 99_999)) if d == TO_SERVER and is_syn(p) else
                 [] if d == TO_SERVER else None)
    pair = lab.try_connect(timeout=0.6)
    pair.client.close()
    lab.tail(20)


@scenario("setup-bad-synack-then-nothing", verdict="setup-bad-synack", initiator=("client", "network", "server", "unknown"),
          innocent=True, client_errno=("none", "ETIMEDOUT", "unknown"), vantages=("client", "middle"),
          reason="whose the wrong SYN-ACK was is not said by it")
def _(lab):
    """One wrong SYN-ACK, reset by the client; its later SYNs are dropped and it gives up after three seconds."""
    done = []
    lab.wire.add(lambda p, d: _wrong_syn_ack(lab, p) if d == TO_SERVER and is_syn(p) and not done and not done.append(1)
                 else [] if d == TO_SERVER else None)
    pair = lab.try_connect(timeout=3.2)
    pair.client.close()
    lab.tail(30)


def _stale(lab, **options):
    """The server keeps a connection that the client's crash forgot; the client comes back and gives up."""
    client, server = lab.connect(lab.listen(), client_port=41000)
    lab.pairs.clear()
    exchange(client, server)
    crash(lab, client)
    seen = []
    lab.wire.drop(lambda p, d: d == TO_SERVER and is_syn(p) and (seen.append(1) or len(seen) > 1))
    pair = lab.try_connect(client_port=41000, timeout=1.5)
    pair.client.close()
    lab.tail(options["tail"])

_STALE = {"verdict": "setup-stale-peer", "initiator": ("client", "server", "unknown"), "innocent": True,
          "client_errno": ("none", "ETIMEDOUT", "unknown"), "server_errno": ("none", "ECONNRESET"),
          "change": _from_last_syn_run, "change_note": "cut before the client came back",
          "reason": "no application ever had the new connection; that of the old one sees ECONNRESET"}


@scenario("setup-stale-peer-v6", v6=True, vantages=("client", "server"), live=True, **_STALE)
def _(lab):
    """The stale answer over IPv6."""
    _stale(lab, tail=15)


@scenario("setup-stale-peer-slow", delay_s=0.08, vantages=("client", "middle"), **_STALE)
def _(lab):
    """The stale answer with a round trip of 160 ms."""
    _stale(lab, tail=60)
