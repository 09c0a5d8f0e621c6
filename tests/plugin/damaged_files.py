# SPDX-License-Identifier: GPL-2.0-or-later
"""Capture files with one thing wrong in them, by its name."""
import pathlib
import struct


def records(pcap):
    """Time and bytes of each frame of a pcap file in little-endian order."""
    content, at, found = pathlib.Path(pcap).read_bytes(), 24, []
    while at < len(content):
        seconds, fraction, size, _ = struct.unpack_from("<IIII", content, at)
        found.append((seconds, fraction, content[at + 16 : at + 16 + size]))
        at += 16 + size
    return found


def pcap_file(entries):
    """Each entry: seconds, microseconds, bytes, and the two lengths if they lie."""
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
    for seconds, fraction, data, *lengths in entries:
        captured, wire = lengths or (len(data), len(data))
        out += struct.pack("<IIII", seconds, fraction, captured, wire) + data
    return out


def block(kind, body, length=None, tail=None):
    body += bytes(-len(body) % 4)
    length = len(body) + 12 if length is None else length
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length if tail is None else tail)


def section(major=1, minor=0, magic=0x1A2B3C4D, **wrong):
    return block(0x0A0D0D0A, struct.pack("<IHHq", magic, major, minor, -1), **wrong)


def interface(options=b"", snap_length=0):
    return block(1, struct.pack("<HHI", 1, 0, snap_length) + options)


def option(code, value, length=None):
    return struct.pack("<HH", code, len(value) if length is None else length) + value + bytes(-len(value) % 4)


def packet(data, captured=None, wire=None, number=0, micros=1_600_000_000_000_000, options=b"", **wrong):
    captured = len(data) if captured is None else captured
    wire = len(data) if wire is None else wire
    head = struct.pack("<IIIII", number, micros >> 32, micros & 0xFFFFFFFF, captured, wire)
    return block(6, head + data + bytes(-len(data) % 4) + options, **wrong)


def pcap_files(pcap):
    """What tools write and hosts of another mind: name and content."""
    frames = records(pcap)

    def changed(number, *entry):
        return pcap_file(frames[:number] + [entry] + frames[number + 1 :])

    seconds, fraction, data = frames[9]
    found = {f"{count} microseconds": changed(9, seconds, count, data)
             for count in (999_999, 1_000_000, 2_500_000, 0xFFFFFFFF)}
    found |= {f"{count} seconds": changed(9, count, fraction, data) for count in (0, 0x7FFFFFFF, 0xFFFFFFFF)}
    found["the cut length as the length on the wire"] = pcap_file(
        (s, f, d[:68], min(len(d), 68), min(len(d), 68)) for s, f, d in frames)
    found["the same, cut inside the options"] = pcap_file(
        (s, f, d[:56], min(len(d), 56), min(len(d), 56)) for s, f, d in frames)
    found["more captured than there was"] = changed(9, seconds, fraction, data, len(data), 20)
    found["a record that is too long"] = changed(9, seconds, fraction, data, 0x7FFFFFFF, 0x7FFFFFFF)
    found["a record of no length"] = changed(9, seconds, fraction, b"", 0, len(data))
    return found


def pcapng_files(pcap):
    frames = [data for _, _, data in records(pcap)]
    packets = [packet(data, micros=1_600_000_000_000_000 + 900 * n) for n, data in enumerate(frames)]
    head, tenth = section() + interface(), frames[10]

    def inside(wrong):
        return head + b"".join(packets[:10]) + wrong + b"".join(packets[10:])

    def behind(start):
        return start + b"".join(packets)

    found = {"nothing": behind(head)}
    found |= {name: inside(wrong) for name, wrong in {
        "second length differs": packet(tenth, tail=999), "second length is zero": packet(tenth, tail=0),
        "length 0": struct.pack("<III", 6, 0, 0), "length 12": struct.pack("<III", 6, 12, 12),
        "length of 4 GB": struct.pack("<II", 6, 0xFFFFFFFC) + bytes(100),
        "shorter than its head": block(6, bytes(16)),
        "captured beyond the block": packet(tenth, captured=len(tenth) + 40),
        "captured too much": packet(bytes(300_000)), "more captured than there was": packet(tenth, wire=20),
        "unknown interface": packet(tenth, number=7), "options overrun": packet(tenth, options=option(1, b"", 500)),
        "an unknown block": block(0x77, bytes(20)), "its second length": block(0x77, bytes(20), tail=4),
        "a long unknown block": block(0x77, bytes(17 * 1024 * 1024)), "a custom block": block(0xBAD, bytes(20)),
        "too short a custom block": block(0xBAD, b""), "a journal entry": block(9, b"__REALTIME_TIMESTAMP=1\n"),
        "an empty journal entry": block(9, b""), "no names": block(4, b""),
        "names overrun": block(4, struct.pack("<HH", 1, 500) + bytes(8)), "no statistics": block(5, b""),
        "statistics": block(5, bytes(12)), "no secrets": block(10, b""),
        "secrets overrun": block(10, struct.pack("<II", 0x544C534B, 5000) + bytes(8)),
        "half an interface": block(1, bytes(4)), "a second interface": interface(),
        "a second section": section() + interface(), "a section without interface": section(),
        "an unknown version": section(major=2) + interface(), "another magic": section(magic=0x11111111),
        "second length of a section": section(tail=4) + interface(),
        "simple packet overruns": block(3, struct.pack("<I", 0x7FFFFFFF) + tenth),
        "empty simple packet": block(3, b""),
        "old packet overruns": block(2, struct.pack("<HHIIII", 0, 0, 0, 0, len(tenth) + 99, 5) + tenth),
    }.items()}
    found |= {name: behind(start) for name, start in {
        "no interface": section(), "first version 2.0": section(major=2) + interface(),
        "first version 1.2": section(minor=2) + interface(), "interface's options overrun":
        section() + interface(option(2, bytes(8), 400)), "snap length": section() + interface(snap_length=60),
    }.items()}
    # Finer clocks than a nanosecond's overflow in Wireshark, and not in the command.
    for resolution in (0, 3, 6, 9, 0x80 | 10):
        found[f"resolution {resolution}"] = behind(section() + interface(option(9, bytes([resolution]))))
    for offset in (-1_600_000_000, -(2**63), 2**62, 2**63 - 1):
        found[f"offset {offset}"] = behind(section() + interface(option(14, struct.pack("<q", offset))))
    whole = behind(head)
    for cut in (2, 4, 20, len(packets[-1]) - 5):
        found[f"cut {cut} from its end"] = whole[:-cut]
    for name, more in {"text": b"garbage and more of it so", "zeros": bytes(64), "three bytes": bytes(3)}.items():
        found[f"{name} behind"] = whole + more
    return found
