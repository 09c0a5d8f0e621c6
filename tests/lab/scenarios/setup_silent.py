# SPDX-License-Identifier: GPL-2.0-or-later
"""Connections that never came to be: nobody answers, or the client does not go on."""
import os
import socket

from labkit import packet
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
    client.connect_without_waiting((lab.addresses["server"], 8080))
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
    loser.connect_without_waiting((lab.addresses["server"], 8081))
    lab.add_pair(loser, None, 8081)
    winner, server = lab.connect(truth={"verdict": "graceful", "client_errno": "none", "server_errno": "EOF"})
    loser.close()
    exchange(winner, server)
    close_in_turn(winner, server)


@scenario("setup-abandoned-by-rst-lost", verdict="setup-cancelled", initiator="client", innocent=True, live=True,
          client_errno="none", vantages=("client",))
def _(lab):
    """A cancelled connect whose RST is lost: the SYN-ACK comes again and gets its RST again."""
    lab.listen()
    lab.wire.drop(going(TO_SERVER, is_rst), times=1)
    _raw_syn(lab, 40999)
    lab.sleep(1.6)


@scenario("setup-synack-unanswered-slow-path", verdict="setup-synack-unanswered", initiator=("client", "network"), innocent=True,
          vantages=("server",), server_errno="none", client_errno="none", reason="seen from the server, nobody answers")
def _(lab):
    """A client behind a one-way path: even its repeated SYN arrives, its ACKs never do; three SYN-ACKs."""
    lab.server.sysctl("net.ipv4.tcp_synack_retries", 3)
    lab.listen()
    lab.wire.drop(lambda p, d: d == TO_SERVER and not is_syn(p))
    lab.wire.drop(lambda p, d: d == TO_CLIENT and is_syn_ack(p), times=2)
    lab.try_connect()
    lab.sleep(8)
    lab.tail(40)
