# SPDX-License-Identifier: GPL-2.0-or-later
"""What can happen to a capture between the wire and the analyser, and what an analyser may then say."""
import dataclasses
import struct

from . import packet, rewrite
from .capture import Frame

# What a reader may say of a capture that lacks a frame or its end: less than the whole story.
_LESS = frozenset(("inconclusive", "open", "graceful-unconfirmed", "half-closed-active", "half-closed-idle",
                   "half-closed-fin-unacked"))

# Verdicts that rest on a frame of their own: without it, this is what the capture shows, and right.
_WITHOUT = {
    "graceful-then-reset": {"graceful"},
    "setup-stale-peer": {"setup-no-reply"},
    "setup-bad-synack": {"setup-no-reply"},
    "setup-unreachable": {"setup-no-reply"},
    "setup-cancelled": {"setup-synack-unanswered"},
    "reset-injected": {"setup-refused", "peer-lost-state"},
    "midpath-reject": {"reset-injected", "peer-lost-state"},
    "abort-crossed": {"abort-unanswered", "abort-as-close", "abort-waiting", "abort-idle"},
    "timeout-retransmit-reset": {"timeout-retransmit"},
    "open": {"setup-synack-unanswered"},
    "setup-refused": {"setup-no-reply"},
}


# What a recording leaves open, more silence than there was makes into what silence proves.
_UNFINISHED = frozenset(("open", "half-closed-active", "half-closed-idle", "half-closed-fin-unacked", "graceful-unconfirmed",
                         "setup-synack-unanswered", "setup-no-reply", "setup-not-accepted"))
_SILENT = frozenset(("timeout-retransmit", "timeout-keepalive", "timeout-zero-window", "setup-no-reply", "setup-synack-unanswered",
                     "setup-not-accepted"))


@dataclasses.dataclass(frozen=True)
class Mutant:
    kind: str
    detail: str
    frames: list
    may_say_less: bool  # something is missing that the verdict may rest on
    whole: frozenset | None = None  # the connections to judge, by their ports; all if None
    longer: bool = False  # the silence behind it is not what was recorded: what was unfinished may be told as dead


def with_later_traffic(frames, seconds=30):
    """Somebody else's datagram that much behind the last frame."""
    data = packet.Packet(eth_dst=b"\x02\0\0\0\0\x71", eth_src=b"\x02\0\0\0\0\x70", src="192.0.2.70", dst="192.0.2.71",
                         proto=17, ip_id=1, payload=struct.pack("!HHHH", 5353, 9, 8, 0)).pack()
    return [*frames, Frame(frames[-1].time_ns + int(seconds * 1e9), data, len(data))]


def ports(p):
    return tuple(sorted((str(p.sport), str(p.dport))))


def _ends(frames):
    """Where each connection has its last packet, by its ports. An ICMP error about it belongs to it."""
    found = {}
    for i, frame in enumerate(frames):
        p = frame.packet()
        if p is None:
            continue
        if p.is_tcp:
            found[ports(p)] = i
        elif p.proto in (1, 58) and found:
            size = 40 if p.v6 else 20
            quoted = p.payload[8 + size:8 + size + 4]
            if len(quoted) == 4 and p.payload[8 + (6 if p.v6 else 9)] == 6:
                found[tuple(sorted(map(str, struct.unpack("!HH", quoted))))] = i
    return found


def dropped(frames):
    for i in range(len(frames)):
        yield Mutant("one frame dropped", "frame %d" % (i + 1), frames[:i] + frames[i + 1:], True)


def duplicated(frames):
    for i, frame in enumerate(frames):
        copy = dataclasses.replace(frame, time_ns=frame.time_ns + 3000)
        yield Mutant("one frame twice", "frame %d" % (i + 1), frames[:i + 1] + [copy] + frames[i + 1:], False)


def swapped(frames):
    for i in range(len(frames) - 1):
        near = frames[i + 1].time_ns - frames[i].time_ns < 5_000_000
        if near:  # capture queues reorder within milliseconds, not across a pause
            yield Mutant("neighbours swapped", "frames %d and %d" % (i + 1, i + 2), rewrite.neighbours_swapped(frames, i), False)


def head_cut(frames):
    for i in range(1, min(len(frames), 9)):
        yield Mutant("head cut", "%d frames" % i, frames[i:], True)


def tail_cut(frames):
    for i in range(1, min(len(frames), 9)):
        yield Mutant("tail cut", "%d frames" % i, frames[:-i], True)


def ended(frames):
    """The capture stops with the last packet of a connection, or at any packet behind it."""
    ends = _ends(frames)
    for i in range(min(ends.values(), default=len(frames)), len(frames) - 1):
        whole = frozenset(connection for connection, last in ends.items() if last <= i)
        yield Mutant("capture ends", "with frame %d" % (i + 1), frames[:i + 1], True, whole)


def followed(frames):
    """Nothing behind the last packet of all but a stranger's datagram, soon or late."""
    last = max(_ends(frames).values(), default=len(frames) - 1)
    for seconds in (1, 10, 60):
        yield Mutant("stranger behind it", "%d s later" % seconds, with_later_traffic(frames[:last + 1], seconds), True, longer=True)


def snapped(frames):
    packets = [p for p in (f.packet() for f in frames) if p is not None]
    quotes = any(p.proto in (1, 58) for p in packets)
    # Ethernet, IP, and TCP up to its window: of less nothing can be read.
    least = min(14 + (40 if p.v6 else 20) + 16 for p in packets)
    for size in (size for size in (96, 74, 60) if size >= least):
        yield Mutant("snap length", str(size), rewrite.snap_length(frames, size), quotes)  # cuts what ICMP quotes


def _hosts(frames):
    """The hosts that speak TCP."""
    hosts = []
    for frame in frames:
        p = frame.packet()
        if p is not None and p.is_tcp:
            hosts += [h for h in (p.src, p.dst) if h not in hosts]
    return hosts


def _is_whole(frames):
    """Packets that the snap length cut cannot be built anew."""
    return all(len(f.data) == f.length for f in frames)


def wrapped(frames):
    hosts = _hosts(frames)
    if not _is_whole(frames):
        return
    for name, one, other in (("half", 1 << 31, 1 << 31), ("one side", 0xFFFFFF00, 0), ("both", 0xDEADBEEF, 0x12345678)):
        offsets = {host: (one, other)[i % 2] for i, host in enumerate(hosts)}
        yield Mutant("numbers shifted", name, rewrite.sequence_shifted(frames, offsets), False)
    if len(hosts) == 2:
        for before_end in (2, 130, 350):
            yield Mutant("numbers shifted", "wrap %d behind the SYN" % before_end,
                         rewrite.wrapped_at_data(frames, *hosts, before_end=before_end), False)


def addresses_swapped(frames):
    hosts = _hosts(frames)
    if len(hosts) != 2 or not _is_whole(frames):
        return
    other = {hosts[0]: hosts[1], hosts[1]: hosts[0]}

    def change(p):
        if p.is_tcp and p.src in other and p.dst in other:
            return p.copy(src=other[p.src], dst=other[p.dst])
        return p
    if all(f.packet() is None or f.packet().proto in (6, 17) for f in frames):
        yield Mutant("addresses swapped", "", rewrite.each_packet(frames, change), False)


def _vlan(frame, tag):
    return frame.data[:12] + struct.pack("!HH", 0x8100, tag) + frame.data[12:]


def _outer(proto, body):
    return packet.Packet(eth_dst=b"\x02\0\0\0\0\x71", eth_src=b"\x02\0\0\0\0\x70", src="192.0.2.70", dst="192.0.2.71",
                         proto=proto, ip_id=1, payload=body).pack()


def _gre(frame):
    return _outer(47, b"\0\0" + frame.data[12:])


def _vxlan(frame):
    body = struct.pack("!II", 0x08000000, 77 << 8) + frame.data
    return _outer(17, struct.pack("!HHHH", 50000, 4789, 8 + len(body), 0) + body)


def tunnelled(frames):
    for name, wrap in (("VLAN", lambda f: _vlan(f, 7)), ("QinQ", lambda f: _vlan(Frame(0, _vlan(f, 7), 0), 9)), ("GRE", _gre),
                       ("VXLAN", _vxlan)):
        if _is_whole(frames) or name in ("VLAN", "QinQ"):
            carried = []
            for frame in frames:
                data = wrap(frame)
                carried.append(Frame(frame.time_ns, data, frame.length + len(data) - len(frame.data)))
            yield Mutant("wrapped in " + name, "", carried, False)


ALL = (dropped, duplicated, swapped, head_cut, tail_cut, ended, followed, snapped, wrapped, addresses_swapped, tunnelled)


def judge(mutant, truths, said):
    """"same", "less" (an honest retreat), "unsure" (wrong at lower confidence) or "wrong" (and confident).
    `truths` are the accepted verdicts of the recording's connections."""
    if said["verdict"] in truths:
        return "same"
    less = _LESS.union(*(_WITHOUT.get(t, ()) for t in truths))
    if mutant.longer and _UNFINISHED & set(truths):
        less |= _SILENT
    if said["verdict"] == "inconclusive" or (mutant.may_say_less and said["verdict"] in less):
        return "less"
    return "wrong" if said.get("confidence") == "high" else "unsure"
