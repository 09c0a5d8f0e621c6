# SPDX-License-Identifier: GPL-2.0-or-later
"""Connections that never came to be."""
import os
import socket

from labkit import packet
from labkit.app import App
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, close_in_turn, exchange, going, is_rst, is_syn, is_syn_ack

_NO_REPLY = {"verdict": "setup-no-reply", "innocent": True}


@scenario("setup-no-reply-filtered", initiator=("network", "server"), client_errno="ETIMEDOUT", server_errno="none",
          vantages=("client",), reason="nobody can tell a silent filter from a silent host", **_NO_REPLY)
def _(lab):
    """A filter drops every SYN; connect() gives up after two retries."""
    lab.client.sysctl("net.ipv4.tcp_syn_retries", 2)
    lab.client.sysctl("net.ipv4.tcp_syn_linear_timeouts", 0)
    lab.wire.blackhole(TO_SERVER)
    lab.try_connect(port=8443)


@scenario("setup-no-reply-impatient-v6", initiator=("network", "server"), client_errno=("none", "unknown", "ETIMEDOUT"),
          v6=True, vantages=("client", "middle"), **_NO_REPLY,
          reason="the application stopped waiting after 3 s by its own clock, which the wire does not show")
def _(lab):
    """The application waits three seconds only and closes; two SYNs, then silence for half a minute."""
    lab.wire.blackhole(TO_SERVER)
    pair = lab.try_connect(port=443, timeout=3)
    pair.client.close()
    lab.tail(30)


@scenario("setup-no-reply-backlog-full", initiator=("server", "network"), client_errno=("none", "unknown", "ETIMEDOUT"),
          vantages=("client", "server"), **_NO_REPLY,
          reason="a full accept queue drops SYNs in silence, just like a filter")
def _(lab):
    """The server's accept queue is full: its kernel drops the SYN without a word."""
    lab.listen(backlog=0)
    first = lab.client_app()
    first.connect((lab.addresses["server"], 8080))
    lab.add_pair(first, None, 8080, truth={"verdict": "open", "initiator": ("none", "unknown"), "client_errno": "none"})
    pair = lab.try_connect(timeout=7)
    pair.client.close()
    lab.tail(20)


@scenario("setup-refused", verdict="setup-refused", initiator="server", live=True, innocent=True,
          client_errno="ECONNREFUSED")
def _(lab):
    """Nobody listens on the port."""
    lab.try_connect(port=81)


@scenario("setup-refused-v6", verdict="setup-refused", initiator="server", live=True, innocent=True, v6=True,
          delay_s=0.05, client_errno="ECONNREFUSED")
def _(lab):
    """Nobody listens on the port; IPv6 and a round trip of 100 ms."""
    lab.try_connect(port=444)


@scenario("setup-refused-by-host-firewall", verdict="setup-refused", initiator="server", live=True, innocent=True,
          client_errno="ECONNREFUSED", kind="direct")
def _(lab):
    """The server's own firewall rejects with tcp-reset: byte for byte a closed port."""
    lab.listen(8080)
    lab.server.run("nft", "-f", "-", stdin="table inet t { chain c { type filter hook input priority 0; "
                                           "tcp dport 8080 reject with tcp reset; }; }")
    lab.try_connect()


@scenario("setup-refused-by-router", verdict="setup-refused", initiator=("server", "network"), live=True, innocent=True,
          client_errno="ECONNREFUSED", kind="router", vantages=("client", "middle"),
          reason="a router that rejects in the server's name sends what the server would send")
def _(lab):
    """A firewall on the path rejects the SYN with tcp-reset in the server's name."""
    lab.listen(8080)
    lab.nft("table inet t { chain c { type filter hook forward priority 0; tcp dport 8080 reject with tcp reset; }; }")
    lab.try_connect()


@scenario("setup-refused-second-syn", verdict="setup-refused", initiator="server", innocent=True, live=True,
          client_errno="ECONNREFUSED", vantages=("client",))
def _(lab):
    """The first SYN is lost, its retransmission is refused."""
    lab.wire.drop(going(TO_SERVER, is_syn), times=1)
    lab.try_connect(port=82)


def _icmp(lab, kind, code, sender):
    lab.wire.add(lambda p, d: _answer(lab, p, kind, code, sender) if d == TO_SERVER and is_syn(p) else None)
    lab.try_connect()


def _answer(lab, p, kind, code, sender):
    lab.wire.inject(packet.icmp_error(p, lab.addresses[sender], kind, code), TO_CLIENT, 0.03)
    return []


for _name, _kind, _code, _errno, _sender, _v6 in (
        ("setup-unreachable-host", 3, 1, "EHOSTUNREACH", "middle", False),
        ("setup-unreachable-net", 3, 0, "ENETUNREACH", "middle", False),
        ("setup-unreachable-port", 3, 3, "ECONNREFUSED", "server", False),
        ("setup-unreachable-prohibited", 3, 13, "EHOSTUNREACH", "middle", False),
        ("setup-unreachable-no-route-v6", 1, 0, "ENETUNREACH", "middle", True),
        ("setup-unreachable-prohibited-v6", 1, 1, "EACCES", "middle", True),
        ("setup-unreachable-port-v6", 1, 4, "ECONNREFUSED", "server", True)):
    def _run(lab, kind=_kind, code=_code, sender=_sender):
        """An ICMP error answers the SYN."""
        _icmp(lab, kind, code, sender)
    _run.__doc__ = "ICMP%s type %d code %d from the %s answers the SYN." % (
        "v6" if _v6 else "", _kind, _code, "router" if _sender == "middle" else "server itself")
    scenario(_name, verdict="setup-unreachable", initiator=("network",) if _sender == "middle" else ("server", "network"),
             live=True, innocent=True, v6=_v6, vantages=("client",), client_errno=_errno,
             reason="" if _sender == "middle" else "the server itself says so, by ICMP")(_run)


@scenario("setup-synack-unanswered-ack-lost", verdict="setup-synack-unanswered", initiator=("client", "network"),
          innocent=True, vantages=("server",), server_errno="none", client_errno="none",
          reason="seen from the server, a lost ACK, a filter and a silent client look the same")
def _(lab):
    """Nothing but the SYN gets through to the server: its SYN-ACK is sent again and again."""
    lab.server.sysctl("net.ipv4.tcp_synack_retries", 2)
    lab.wire.drop(lambda p, d: d == TO_SERVER and not is_syn(p))
    lab.listen()
    lab.try_connect()
    lab.sleep(4)
    lab.tail(20)


@scenario("setup-synack-unanswered-flood", verdict="setup-synack-unanswered", initiator=("client", "network"),
          innocent=True, vantages=("server", "middle"), server_errno="none", client_errno="none", v6=True,
          reason="nobody is there to answer")
def _(lab):
    """A SYN with an address whose owner never asked: the SYN-ACKs vanish (as in a SYN flood)."""
    lab.server.sysctl("net.ipv4.tcp_synack_retries", 2)
    lab.listen()
    lab.wire.drop(lambda p, d: d == TO_SERVER and not is_syn(p))
    lab.wire.drop(lambda p, d: d == TO_CLIENT and is_syn_ack(p))
    lab.client.sysctl("net.ipv4.tcp_syn_retries", 1)
    pair = lab.try_connect(timeout=0.3)
    pair.client.close()
    lab.sleep(4)
    lab.tail(30)


@scenario("setup-cancelled-scan", verdict="setup-cancelled", initiator="client", innocent=True, live=True,
          vantages=("client", "server"), client_errno="none")
def _(lab):
    """A SYN scan: the SYN comes from a raw socket, so the client's kernel resets the SYN-ACK."""
    lab.listen()
    _raw_syn(lab, 40123)


def _raw_syn(lab, port):
    app = lab.client_app()   # stands for the scanner in the record; it does not connect
    pair = lab.add_pair(app, None, 8080, port)
    syn = packet.Packet(v6=lab.v6, src=lab.addresses["client"], dst=lab.addresses["server"], sport=port, dport=8080,
                        seq=int.from_bytes(os.urandom(4), "big"), flags=packet.SYN, win=1024, ip_id=54321, df=False,
                        eth_src=bytes.fromhex("0200000000c0"), eth_dst=bytes.fromhex("020000000050"))
    syn.options = b"\x02\x04\x05\xb4"
    with lab.client.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as raw:
        raw.bind(("c0", 0))
        raw.send(syn.pack())
    app.note("SYN from a raw socket", "ok")
    lab.sleep(0.3)
    return pair


@scenario("setup-cancelled-close-while-connecting", verdict="setup-cancelled", initiator="client", innocent=True,
          live=True, delay_s=0.1, client_errno="none", v6=True)
def _(lab):
    """The application closes while its connect() waits; the SYN-ACK meets no socket (Happy Eyeballs)."""
    lab.listen()
    client = lab.client_app()
    client.sock.setblocking(False)
    client.connect((lab.addresses["server"], 8080))
    client._seen.clear()   # EINPROGRESS is no error
    lab.add_pair(client, None, 8080)
    lab.sleep(0.05)
    client.close()
    lab.sleep(0.5)


@scenario("happy-eyeballs-loser", verdict="setup-cancelled", initiator="client", innocent=True, live=True, delay_s=0.03,
          client_errno="none")
def _(lab):
    """Two connects race; the loser is closed before its SYN-ACK comes, the winner goes on and closes well."""
    lab.listen(8081)
    lab.wire.hold(lambda p, d: p.sport == 8081, 0.08)
    loser = lab.client_app()
    loser.sock.setblocking(False)
    loser.connect((lab.addresses["server"], 8081))
    loser._seen.clear()
    lab.add_pair(loser, None, 8081)
    winner, server = lab.connect(truth={"verdict": "graceful", "client_errno": "none", "server_errno": "EOF"})
    loser.close()
    exchange(winner, server)
    close_in_turn(winner, server)


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


def _crash(lab, client):
    """The socket disappears without a word, as with its host: TCP_REPAIR lets close() send nothing."""
    client.set_tcp(19, 1)
    client.close()
    client.note("crash: closed in repair mode, nothing is sent", "ok")
    lab.sleep(0.4)


def _come_back(lab):
    listener = lab.listen()
    old = lab.connect(listener, client_port=41000, truth={
        "verdict": "restart-same-ports", "initiator": "client", "server_errno": "ECONNRESET", "client_errno": "none",
        "loss_to_client": ("none", "possible"), "loss_to_server": "none",
        "reason": "the client's host crashed; what its application had read by then, the wire does not show"})
    client, server = old
    exchange(client, server)
    _crash(lab, client)
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
    _crash(lab, client)
    seen = []
    lab.wire.drop(lambda p, d: d == TO_SERVER and is_syn(p) and (seen.append(1) or len(seen) > 1))
    pair = lab.try_connect(client_port=41000, timeout=2.5)
    pair.client.close()
    lab.tail(10)


@scenario("setup-abandoned-by-rst-lost", verdict="setup-cancelled", initiator="client", innocent=True, live=True,
          client_errno="none", vantages=("client",))
def _(lab):
    """A cancelled connect whose RST is lost: the SYN-ACK comes again and gets its RST again."""
    lab.listen()
    lab.wire.drop(going(TO_SERVER, is_rst), times=1)
    _raw_syn(lab, 40999)
    lab.sleep(1.6)


