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


def fin(lab, purported, *, payload=b"", offset=0, **changes):
    """A FIN, with or without data, in the name of `purported` at its SND.NXT plus offset. It acknowledges all that
    the victim has sent, as an injector does that has just seen the request. Without changes it looks like that of
    a plain tool: no options, IP-ID 0 with DF, initial TTL 64."""
    direction = from_host(lab, purported)
    newest, snd_nxt, _ = _numbers(lab, direction)
    _, acknowledged, _ = _numbers(lab, TO_CLIENT if direction == TO_SERVER else TO_SERVER)
    forged = newest.copy(seq=(snd_nxt + offset) & 0xFFFFFFFF, flags=packet.FIN | packet.ACK | (packet.PSH if payload else 0),
                         ack=acknowledged, options=b"", payload=payload, ip_id=0, df=True, ttl=64)
    forged.__dict__.update(changes)
    return forged


def inject_fin(lab, purported, delay_s=0.0, **changes):
    forged = fin(lab, purported, **changes)
    lab.wire.inject(forged, from_host(lab, purported), delay_s)
    return forged


def disguise(lab, purported, *, echo="new", ahead=1):
    """What a careful forger copies from the host: the TTL that is left where the victim is, the IP-ID `ahead` places on,
    the window, and time stamps. They echo the victim's newest stamp, or an old one (`echo="old"`)."""
    direction = from_host(lab, purported)
    model = lab.wire.last(direction, lambda p: p.timestamps() and (p.ip_id or p.v6))
    look = {"ttl": model.ttl - lab.wire.hops[direction], "ip_id": (model.ip_id + ahead) & 0xFFFF, "win": model.win,
            "options": model.options}
    if echo == "new":
        stamped = model.copy()
        newest = lab.wire.last(TO_CLIENT if direction == TO_SERVER else TO_SERVER, lambda p: p.timestamps())
        stamped.set_timestamps(model.timestamps()[1], newest.timestamps()[1])
        look["options"] = stamped.options
    return look


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
