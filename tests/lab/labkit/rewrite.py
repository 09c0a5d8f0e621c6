# SPDX-License-Identifier: GPL-2.0-or-later
"""Changes to a recorded capture. Each is what another capture point or another clock would have
shown of the same connection; none changes what happened to the applications."""
import dataclasses
import struct

from . import packet
from .capture import Frame


def each_packet(frames, change):
    """Applies change(packet) to every frame; None as result removes the frame."""
    result = []
    for frame in frames:
        p = frame.packet()
        changed = change(p) if p is not None else None
        if changed is not None:
            result.append(frame.with_packet(changed))
        elif p is None:
            result.append(frame)
    return result


def without(frames, condition):
    """The capture that missed the packets for which condition(packet) holds."""
    return [f for f in frames if not condition(f.packet())]


def snap_length(frames, size):
    return [dataclasses.replace(f, data=f.data[:size]) for f in frames]


def duplicated(frames, times=2, gap_ns=4_000, routed=False):
    """Each packet `times` times, as a mirror port shows it that copies several interfaces. A routed
    copy has passed one more hop."""
    result = []
    for frame in frames:
        for copy in range(times):
            stamp = frame.time_ns + copy * gap_ns
            p = frame.packet()
            if routed and copy and p is not None:
                shifted = frame.with_packet(p.copy(ttl=p.ttl - copy))
                result.append(dataclasses.replace(shifted, time_ns=stamp))
            else:
                result.append(dataclasses.replace(frame, time_ns=stamp))
    return sorted(result, key=lambda f: f.time_ns)


def sequence_shifted(frames, offsets):
    """Adds offsets[source address] to all sequence numbers of that host, also where its peer
    acknowledges them, so that they pass 2^32 inside the connection."""
    def change(p):
        if not p.is_tcp:
            return _quote_shifted(p, offsets)
        moved = p.copy()
        # A refusal's sequence number 0 is no number of the host's own (RFC 9293 §3.5.2).
        if not (p.flags & packet.RST and p.flags & packet.ACK and p.seq == 0):
            moved.seq = (p.seq + offsets[p.src]) & 0xFFFFFFFF
        if p.flags & packet.ACK:
            moved.ack = (p.ack + offsets[p.dst]) & 0xFFFFFFFF
        moved.options = _sack_shifted(p.options, offsets[p.dst])
        return moved
    return each_packet(frames, change)


def _quote_shifted(p, offsets):
    """An ICMP error quotes the sequence number too: behind its own 8 bytes and the quoted IP header."""
    size = 40 if p.v6 else 20
    if p.proto not in (1, 58) or len(p.payload) < 8 + size + 8 or p.payload[8 + (6 if p.v6 else 9)] != 6:
        return p
    at = 8 + size + 4
    number = struct.unpack("!I", p.payload[at:at + 4])[0] + offsets[p.dst]  # it goes back to who sent the segment
    return p.copy(payload=p.payload[:at] + struct.pack("!I", number & 0xFFFFFFFF) + p.payload[at + 4:])


def _sack_shifted(options, offset):
    at, result = 0, bytearray(options)
    while at < len(options) and options[at] != 0:
        if options[at] == 1:
            at += 1
            continue
        size = options[at + 1] if at + 1 < len(options) else 0
        if size < 2:
            break
        if options[at] == 5:
            for edge in range(at + 2, at + size, 4):
                value = struct.unpack("!I", options[edge:edge + 4])[0]
                result[edge:edge + 4] = struct.pack("!I", (value + offset) & 0xFFFFFFFF)
        at += size
    return bytes(result)


def wrapped_at_data(frames, client, server, before_end=64):
    """Shifts both hosts' numbers so that each passes 2^32 `before_end` numbers behind its SYN."""
    offsets = {client: 0, server: 0}
    for frame in frames:
        p = frame.packet()
        if p is not None and p.is_tcp and p.flags & packet.SYN and p.src in offsets and not offsets[p.src]:
            offsets[p.src] = (-before_end - p.seq) & 0xFFFFFFFF
    return sequence_shifted(frames, offsets)


def gap_stretched(frames, after_ns, extra_s):
    """Makes the silence at after_ns longer by extra_s seconds: for time-outs that nobody wants to wait
    for. The timestamp options of what comes later move along (Linux counts milliseconds)."""
    extra_ms, first_late_value = int(extra_s * 1000), {}
    for frame in frames:
        p = frame.packet()
        if frame.time_ns >= after_ns and p is not None and p.is_tcp and p.timestamps():
            first_late_value.setdefault(p.src, p.timestamps()[1])
    result = []
    for frame in frames:
        if frame.time_ns < after_ns:
            result.append(frame)
            continue
        p = frame.packet()
        late = dataclasses.replace(frame, time_ns=frame.time_ns + int(extra_s * 1e9))
        stamps = p.timestamps() if p is not None and p.is_tcp else None
        if stamps:
            _, value, echo = stamps
            peer_first = first_late_value.get(p.dst)
            if peer_first is not None and echo and (echo - peer_first) & 0xFFFFFFFF < 1 << 31:
                echo += extra_ms
            p.set_timestamps((value + extra_ms) & 0xFFFFFFFF, echo & 0xFFFFFFFF)
            late = Frame(late.time_ns, p.pack(), len(p.pack()))
        result.append(late)
    return result


def neighbours_swapped(frames, index):
    """Two neighbours in each other's place, as two capture queues deliver them."""
    swapped = list(frames)
    first, second = frames[index], frames[index + 1]
    swapped[index] = dataclasses.replace(second, time_ns=first.time_ns)
    swapped[index + 1] = dataclasses.replace(first, time_ns=second.time_ns)
    return swapped
