# SPDX-License-Identifier: GPL-2.0-or-later
"""Small captures that a test makes for itself, by scapy."""
import logging
import struct

logging.getLogger("scapy").setLevel(logging.ERROR)
# pylint: disable=wrong-import-position
from scapy.all import (GRE, ICMP, IP, TCP, UDP, VXLAN, Dot1Q, Ether, ICMPv6DestUnreach, IPv6,
                       Raw)

import support

CLIENT, SERVER, ROUTER = "192.0.2.1", "198.51.100.2", "203.0.113.9"
CLIENT6, SERVER6, ROUTER6 = "2001:db8::1", "2001:db8::2", "2001:db8::99"
START = 1_000_000_000.0


def write(name, packets, step=0.01, link_type=1):
    """Writes packets, `step` seconds apart; link type 1 is Ethernet."""
    path = support.FILES / name
    # By hand: scapy 2.6 has no link type for bytes that it shall not look into.
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link_type))
        for i, packet in enumerate(packets):
            frame, time = bytes(packet), START + i * step
            microseconds = round((time % 1) * 1_000_000)
            file.write(struct.pack("<IIII", int(time), microseconds, len(frame), len(frame)) + frame)
    path.chmod(0o644)
    return str(path)


def ethernet(packet):
    return Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / packet


class Talk:
    """Segments between two ends, numbers kept."""

    def __init__(self, version=4, client_port=40000, server_port=80):
        self.ip = (IP, CLIENT, SERVER) if version == 4 else (IPv6, CLIENT6, SERVER6)
        self.ports = client_port, server_port
        self.next = [1000, 9000]  # sequence number of client, server

    def segment(self, side, flags, data=b""):
        """From the client (0) or the server (1)."""
        ip, client, server = self.ip
        source, destination = (client, server) if side == 0 else (server, client)
        ports = self.ports if side == 0 else self.ports[::-1]
        ack = self.next[1 - side] if "A" in flags else 0
        packet = ip(src=source, dst=destination) / TCP(sport=ports[0], dport=ports[1], flags=flags,
                                                       seq=self.next[side], ack=ack, window=8192)
        self.next[side] += len(data) + ("S" in flags) + ("F" in flags)
        return packet / Raw(data) if data else packet

    def handshake(self):
        return [self.segment(0, "S"), self.segment(1, "SA"), self.segment(0, "A")]

    def close(self):
        """The client first, then the server."""
        return [self.segment(0, "FA"), self.segment(1, "A"), self.segment(1, "FA"), self.segment(0, "A")]

    def graceful(self):
        return [*self.handshake(), self.segment(0, "PA", b"question"), self.segment(1, "PA", b"answer"),
                *self.close()]

    def cut(self):
        """The server resets and has not taken the client's last data."""
        start = [*self.handshake(), self.segment(0, "PA", b"question"), self.segment(1, "PA", b"answer")]
        taken = self.next[0]
        lost = [self.segment(0, "PA", b"more"), self.segment(0, "PA", b"and more")]
        self.next[0] = taken
        return [*start, *lost, self.segment(1, "RA")]

    def reset(self):
        """The server answers and resets."""
        return [*self.handshake(), self.segment(0, "PA", b"question"), self.segment(1, "PA", b"answer"),
                self.segment(0, "A"), self.segment(1, "RA")]


def vxlan(inner):
    return ethernet(IP(src=ROUTER, dst="203.0.113.10") / UDP(sport=5555, dport=4789) / VXLAN(vni=7) / inner)


def gre(inner):
    return ethernet(IP(src=ROUTER, dst="203.0.113.10") / GRE() / inner)


def ipip(inner):
    return ethernet(IP(src=ROUTER, dst="203.0.113.10") / inner)


def vlan(inner):
    return Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / Dot1Q(vlan=5) / inner


WLAN = 105  # link type: IEEE 802.11


def aggregate(*segments):
    """One 802.11 frame that carries several packets, an A-MSDU (IEEE 802.11 §9.3.2.2)."""
    ends = bytes.fromhex("020000000002"), bytes.fromhex("020000000001")
    head = b"\x88\x02\0\0" + ends[0] + ends[1] + ends[1] + b"\0\0" + b"\x80\0"
    body = b""
    for segment in segments:
        body += bytes(-len(body) % 4)
        content = bytes.fromhex("aaaa030000000800") + bytes(segment)
        body += ends[0] + ends[1] + len(content).to_bytes(2, "big") + content
    return Raw(head + body)


def unreachable(segment, code=1, quoted_bytes=8, sender=ROUTER):
    """The ICMP error a router sends for a segment: RFC 792 demands 8 bytes of it."""
    original = bytes(segment)
    quoted = original[: (original[0] & 15) * 4 + quoted_bytes]
    return ethernet(IP(src=sender, dst=segment[IP].src) / ICMP(type=3, code=code) / Raw(quoted))


def unreachable6(segment, code=0):
    return ethernet(IPv6(src=ROUTER6, dst=segment[IPv6].src) / ICMPv6DestUnreach(code=code) / Raw(bytes(segment)))

