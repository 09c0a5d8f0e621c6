# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments that a third party makes in the name of one of the hosts."""
from . import packet
from .steps import from_host
from .wire import TO_CLIENT, TO_SERVER


def _numbers(lab, direction):
    """SND.NXT and RCV.NXT of the host that sends in that direction, as the middle has seen them."""
    own = [p for d, p in list(lab.wire.seen) if d == direction and not p.flags & packet.RST]
    newest = own[-1]
    snd_nxt = max(((p.seq + p.seq_len - newest.seq + (1 << 31)) & 0xFFFFFFFF, p.seq + p.seq_len) for p in own)[1]
    acks = [p.ack for p in own if p.flags & packet.ACK]
    return newest, snd_nxt & 0xFFFFFFFF, acks[-1] if acks else 0


def reset(lab, purported, *, offset=0, with_ack=False, ack_offset=0, **changes):
    """A RST in the name of `purported` ("client" or "server"), at its SND.NXT plus offset. Without changes
    it looks like that of a plain tool: no options, window 0, IP-ID 0 with DF, initial TTL 64."""
    direction = from_host(lab, purported)
    newest, snd_nxt, rcv_nxt = _numbers(lab, direction)
    forged = newest.copy(seq=(snd_nxt + offset) & 0xFFFFFFFF, flags=packet.RST, ack=0, win=0, options=b"", payload=b"",
                         ip_id=0, df=True, ttl=64)
    if with_ack:
        forged.flags |= packet.ACK
        forged.ack = (rcv_nxt + ack_offset) & 0xFFFFFFFF
    forged.__dict__.update(changes)
    return forged


def inject_reset(lab, purported, delay_s=0.0, **changes):
    forged = reset(lab, purported, **changes)
    lab.wire.inject(forged, from_host(lab, purported), delay_s)
    return forged


def answer_to(p, **changes):
    """A RST that a box makes of the packet it answers (RFC 9293 §3.10.7.1), in its receiver's name."""
    forged = p.copy(eth_src=p.eth_dst, eth_dst=p.eth_src, src=p.dst, dst=p.src, sport=p.dport, dport=p.sport, seq=p.ack,
                    ack=0, flags=packet.RST, win=0, options=b"", payload=b"", ip_id=0, df=True, ttl=64)
    if not p.flags & packet.ACK:
        forged.seq, forged.ack = 0, (p.seq + p.seq_len) & 0xFFFFFFFF
        forged.flags |= packet.ACK
    forged.__dict__.update(changes)
    return forged


def reject(lab, direction, condition, delay_s=0.0, **changes):
    """A firewall on the path: what goes that way and fulfils the condition is answered with RST and
    not forwarded."""
    back = TO_CLIENT if direction == TO_SERVER else TO_SERVER

    def rule(p, d):
        if d != direction or not p.is_tcp or p.flags & packet.RST or not condition(p):
            return None
        lab.wire.inject(answer_to(p, **changes), back, delay_s)
        return []
    return lab.wire.add(rule)
