# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments with a connection's addresses and ports that do not belong to it, or that no host takes."""
from labkit import packet
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, close_in_turn, exchange

_NOTHING = {"verdict": "graceful", "initiator": "client", "client_errno": "none", "server_errno": "EOF", "live": True}


@scenario("late-syn", vantages=("server", "middle"), innocent=True, **_NOTHING)
def _(lab):
    """The first SYN arrives a second time, behind the first answer: challenged, and everything goes on."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.05)
    syn = next(p for d, p in list(lab.wire.seen) if d == TO_SERVER and p.flags & packet.SYN)
    lab.wire.inject(syn.copy(), TO_SERVER)
    lab.sleep(0.1)
    exchange(client, server)
    close_in_turn(client, server)


@scenario("late-syn-behind-the-end", vantages=("server", "middle"), innocent=True, also=("setup-synack-unanswered",), **_NOTHING)
def _(lab):
    """The first SYN arrives a second time when its connection is over: a SYN-ACK, the last ACK of the client's TIME-WAIT, a RST."""
    client, server = lab.connect()
    exchange(client, server)
    close_in_turn(client, server)
    lab.sleep(0.2)
    syn = next(p for d, p in list(lab.wire.seen) if d == TO_SERVER and p.flags & packet.SYN)
    lab.wire.inject(syn.copy(), TO_SERVER)
    lab.sleep(0.2)


@scenario("old-fin-before-the-syn-ack", vantages=("client", "middle"), innocent=True, delay_s=0.02, also=("setup-stale-peer",), **_NOTHING)
def _(lab):
    """The server's FIN of an older connection of these ports comes before the SYN-ACK; the client resets that one."""

    def rule(p, direction):
        if direction != TO_SERVER or not p.is_tcp or not p.flags & packet.SYN or lab.old:
            return None
        lab.old = True
        lab.wire.inject(p.copy(eth_src=p.eth_dst, eth_dst=p.eth_src, src=p.dst, dst=p.src, sport=p.dport, dport=p.sport,
                               seq=(p.seq + 0x5A5A5A5A) & 0xFFFFFFFF, ack=(p.seq - 0x61234567) & 0xFFFFFFFF,
                               flags=packet.FIN | packet.ACK, options=b"", ip_id=777), TO_CLIENT)
        return None
    lab.old = False
    lab.wire.add(rule)
    client, server = lab.connect()
    exchange(client, server)
    close_in_turn(client, server)


@scenario("damaged-reset", vantages=("client", "middle"), **_NOTHING)
def _(lab):
    """A RST at the exact number arrives with a wrong checksum: the kernel drops it without a word."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.05)
    last = lab.wire.last(TO_CLIENT)
    damaged = last.copy(seq=(last.seq + last.seq_len) & 0xFFFFFFFF, flags=packet.RST | packet.ACK, options=b"", payload=b"", ip_id=4711)
    whole = damaged.pack()
    damaged.pack = lambda: whole[:50] + bytes([whole[50] ^ 0x5A]) + whole[51:]  # in the TCP checksum
    lab.wire.inject(damaged, TO_CLIENT)
    lab.sleep(0.1)
    exchange(client, server)
    close_in_turn(client, server)
