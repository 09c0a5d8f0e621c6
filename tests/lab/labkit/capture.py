# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures: recorded on an interface, written as pcap, and changed afterwards in labelled ways."""
import dataclasses
import socket
import struct
import time

from . import packet

_ETH_P_ALL = 3
_SO_RCVBUFFORCE = 33
_SO_TIMESTAMPNS = 35
_NANOSECOND_MAGIC = 0xA1B23C4D


@dataclasses.dataclass(frozen=True)
class Frame:
    time_ns: int
    data: bytes
    length: int  # on the wire; more than len(data) after cut_snap_length()

    def packet(self):
        return packet.parse(self.data)

    def with_packet(self, changed):
        data = changed.pack()
        return Frame(self.time_ns, data, len(data))


def is_wanted(data):
    """What the filter "tcp or udp or icmp error" lets through: no neighbour or router discovery."""
    p = packet.parse(data)
    if p is None:
        return False
    return p.proto in (6, 17, 1) or (p.proto == 58 and p.payload[:1] < b"\x80")


class Recorder:
    """Records what passes an interface, both ways. The kernel queues and stamps the frames; they are
    fetched at the end, so recording takes no time from the connection."""

    def __init__(self, namespace, device):
        self._socket = namespace.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL))
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, 32 << 20)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.bind((device, _ETH_P_ALL))
        self._socket.setblocking(False)

    def frames(self):
        found = []
        while True:
            try:
                data, ancillary, _, _ = self._socket.recvmsg(1 << 17, 64)
            except BlockingIOError:
                break
            stamp = next(value for level, kind, value in ancillary if level == socket.SOL_SOCKET)
            seconds, nanoseconds = struct.unpack("qq", stamp[:16])
            if is_wanted(data):
                found.append(Frame(seconds * 1_000_000_000 + nanoseconds, data, len(data)))
        self._socket.close()
        return found


def now_ns():
    return time.clock_gettime_ns(time.CLOCK_REALTIME)


def write_pcap(path, frames):
    """pcap with nanoseconds, Ethernet."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", _NANOSECOND_MAGIC, 2, 4, 0, 0, 262144, 1))
        for f in frames:
            file.write(struct.pack("<IIII", f.time_ns // 1_000_000_000, f.time_ns % 1_000_000_000, len(f.data), f.length))
            file.write(f.data)


def read_pcap(path):
    with open(path, "rb") as file:
        data = file.read()
    if struct.unpack("<I", data[:4])[0] != _NANOSECOND_MAGIC:
        raise ValueError("%s is not one of the lab's captures" % path)
    frames, at = [], 24
    while at < len(data):
        seconds, nanoseconds, kept, length = struct.unpack("<IIII", data[at:at + 16])
        frames.append(Frame(seconds * 1_000_000_000 + nanoseconds, data[at + 16:at + 16 + kept], length))
        at += 16 + kept
    return frames


def epoch_moved(frames, start_ns):
    """The same capture as if it had begun at start_ns: recordings made anew differ less."""
    if not frames:
        return frames
    shift = start_ns - frames[0].time_ns
    return [dataclasses.replace(f, time_ns=f.time_ns + shift) for f in frames]
