# SPDX-License-Identifier: GPL-2.0-or-later
"""Random headers between few ports: connections begun, ended and begun anew at the same ports, with the same and
with other numbers, ICMP errors that quote them, headers that are cut or lie about their length."""
import random
import struct

CLIENT, SERVER, ROUTER = b"\xc0\0\x02\x01", b"\xc6\x33\x64\x02", b"\xcb\0\x71\x09"
_MACS = bytes.fromhex("020000000002020000000001")
_FIN, _SYN, _RST, _PSH, _ACK = 1, 2, 4, 8, 16
_FLAGS = (_SYN, _SYN, _SYN | _ACK, _SYN | _ACK, _ACK, _ACK, _PSH | _ACK, _RST, _RST | _ACK, _FIN | _ACK, _FIN | _ACK,
          _FIN, _SYN | _FIN, _SYN | _RST, 0)


def _ip(source, destination, protocol, content, length=None):
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(content) if length is None else length, 1, 0, 64, protocol, 0,
                       source, destination) + content


def _tcp(rng, ports, starts):
    flags = rng.choice(_FLAGS)
    seq = rng.choice(starts) + (0 if flags & _SYN else rng.choice((0, 1, 1, 5)))
    ack = rng.choice(starts) + 1 if flags & _ACK else rng.choice((0, 77))
    words = rng.choice((5,) * 12 + (0, 4, 6, 15))
    header = struct.pack("!HHIIBBHHH", *ports, seq % 2**32, ack % 2**32, words << 4, flags, 8192, 0, 0)
    return header + bytes(rng.choice((0, 0, 4, 40)))


def _frame(rng, ends, starts):
    """A frame's bytes, and how long it was before the snap length cut it."""
    source, destination, *ports = ends if rng.random() < 0.5 else (ends[1], ends[0], ends[3], ends[2])
    packet = _tcp(rng, ports, starts)
    what = rng.random()
    if what < 0.2:  # an ICMP error; type 5 redirects, 8 is an echo
        quoted = _ip(source, destination, 6, packet)[: 20 + rng.choice((8, 12, 13, 14, 15, 16, 20, 40, 80))]
        head = struct.pack("!BBHI", rng.choice((3, 3, 4, 5, 8, 11, 12)), rng.choice((0, 1, 3)), 0, 0)
        whole = _MACS + b"\x08\0" + _ip(ROUTER, source, 1, head + quoted)
        return whole, len(whole)
    lies = what > 0.97
    whole = _MACS + b"\x08\0" + _ip(source, destination, 6, packet, 20 + rng.choice((12, 14, 15, 16, 19)) if lies else None)
    cut = 34 + rng.choice((4, 13, 14, 15, 16, 19)) if 0.9 < what < 0.97 else len(whole)
    return whole[:cut], len(whole)


def write(path, seed, frames=400):
    rng = random.Random(seed)
    ends = [(CLIENT, SERVER, port, 80) for port in (40000, 40001, 40002)] + [(CLIENT, CLIENT, 7, 8), (CLIENT, CLIENT, 7, 7)]
    starts = [rng.randrange(2**32) for _ in range(3)] + [0, 2**32 - 1]
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for i in range(frames):
            captured, length = _frame(rng, rng.choice(ends), starts)
            file.write(struct.pack("<IIII", 1_000_000_000 + i, 0, len(captured), length) + captured)
