# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads and builds Ethernet frames with TCP, ICMP or UDP over IPv4 or IPv6.

Written out by hand and not with scapy: the forwarder in the middle looks at every frame while the
connection lives, and scapy's dissection would add milliseconds to each round trip.
"""
import ipaddress
import struct

FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32
ETH_IPV4, ETH_IPV6 = 0x0800, 0x86DD


def checksum(data):
    """The Internet checksum (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def flag_letters(flags):
    return "".join(letter for bit, letter in zip((SYN, FIN, RST, PSH, ACK, URG), "SFRPAU") if flags & bit)


class Packet:
    """One frame. The attributes below can be changed; pack() builds the frame anew."""

    def __init__(self, **values):
        self.eth_dst = self.eth_src = b"\0" * 6
        self.v6 = False
        self.src = self.dst = "0.0.0.0"
        self.ttl = 64
        self.ip_id = 0
        self.df = True
        self.proto = 6
        self.sport = self.dport = 0
        self.seq = self.ack = 0
        self.flags = 0
        self.win = 0
        self.options = b""
        self.payload = b""   # of TCP; for other protocols everything behind the IP header
        self.__dict__.update(values)

    @property
    def is_tcp(self):
        return self.proto == 6

    @property
    def seq_len(self):
        """Sequence numbers that the segment occupies (RFC 9293 SEG.LEN)."""
        return len(self.payload) + bool(self.flags & SYN) + bool(self.flags & FIN)

    def copy(self, **changes):
        twin = Packet()
        twin.__dict__.update(self.__dict__)
        twin.__dict__.update(changes)
        return twin

    def timestamps(self):
        """(offset in options, TSval, TSecr), or None (RFC 7323)."""
        at = 0
        while at < len(self.options):
            kind = self.options[at]
            if kind == 0:
                return None
            if kind == 1:
                at += 1
                continue
            size = self.options[at + 1] if at + 1 < len(self.options) else 0
            if size < 2:
                return None
            if kind == 8 and size == 10 and at + 10 <= len(self.options):
                return (at,) + struct.unpack("!II", self.options[at + 2:at + 10])
            at += size
        return None

    def set_timestamps(self, value, echo):
        at = self.timestamps()[0]
        self.options = self.options[:at + 2] + struct.pack("!II", value, echo) + self.options[at + 10:]

    def _addresses(self):
        return ipaddress.ip_address(self.src).packed, ipaddress.ip_address(self.dst).packed

    def _transport(self):
        if not self.is_tcp:
            return self.payload
        options = self.options + b"\0" * (-len(self.options) % 4)
        head = struct.pack("!HHIIBBHHH", self.sport, self.dport, self.seq & 0xFFFFFFFF, self.ack & 0xFFFFFFFF,
                           (5 + len(options) // 4) << 4, self.flags, self.win, 0, 0)
        segment = head + options + self.payload
        src, dst = self._addresses()
        pseudo = src + dst + (struct.pack("!II", len(segment), 6) if self.v6 else
                              struct.pack("!HH", 6, len(segment)))
        return segment[:16] + struct.pack("!H", checksum(pseudo + segment)) + segment[18:]

    def ip_bytes(self):
        src, dst = self._addresses()
        body = self._transport()
        if self.v6:
            return struct.pack("!IHBB", 0x60000000, len(body), self.proto, self.ttl) + src + dst + body
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), self.ip_id, 0x4000 if self.df else 0,
                           self.ttl, self.proto, 0) + src + dst
        return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body

    def pack(self):
        return self.eth_dst + self.eth_src + struct.pack("!H", ETH_IPV6 if self.v6 else ETH_IPV4) + self.ip_bytes()

    def __repr__(self):
        return "%s:%d > %s:%d %s seq=%d ack=%d len=%d win=%d ttl=%d" % (
            self.src, self.sport, self.dst, self.dport, flag_letters(self.flags), self.seq, self.ack,
            len(self.payload), self.win, self.ttl)


def parse(frame):
    """The frame as Packet; None if it is not IP."""
    if len(frame) < 34:
        return None
    ether_type = struct.unpack("!H", frame[12:14])[0]
    p = Packet(eth_dst=frame[:6], eth_src=frame[6:12])
    if ether_type == ETH_IPV4:
        length, p.ip_id, fragment = struct.unpack("!HHH", frame[16:22])
        p.ttl, p.proto = frame[22], frame[23]
        p.df = bool(fragment & 0x4000)
        p.src, p.dst = (str(ipaddress.IPv4Address(frame[at:at + 4])) for at in (26, 30))
        body = frame[14 + (frame[14] & 15) * 4:14 + length]
    elif ether_type == ETH_IPV6 and len(frame) >= 54:
        length, p.proto, p.ttl = struct.unpack("!HBB", frame[18:22])
        p.v6 = True
        p.src, p.dst = (str(ipaddress.IPv6Address(frame[at:at + 16])) for at in (22, 38))
        body = frame[54:54 + length]
    else:
        return None
    if p.proto == 6 and len(body) >= 20:
        p.sport, p.dport, p.seq, p.ack, offset, p.flags, p.win = struct.unpack("!HHIIBBH", body[:16])
        p.options = body[20:(offset >> 4) * 4]
        p.payload = body[(offset >> 4) * 4:]
    else:
        p.payload = body
    return p


def icmp_error(quoted, sender, kind, code, rest=0):
    """An ICMP or ICMPv6 error of `sender` to the source of the quoted packet (RFC 792, RFC 4443). `rest` is the second
    word: the MTU where a packet was too big (RFC 1191, RFC 4443)."""
    p = Packet(eth_dst=quoted.eth_src, eth_src=quoted.eth_dst, v6=quoted.v6, src=sender, dst=quoted.src, ip_id=7,
               df=False, proto=58 if quoted.v6 else 1)
    body = struct.pack("!BBHI", kind, code, 0, rest) + quoted.ip_bytes()[:1200 if quoted.v6 else 548]
    pseudo = b""
    if quoted.v6:
        src, dst = p._addresses()
        pseudo = src + dst + struct.pack("!II", len(body), 58)
    p.payload = body[:2] + struct.pack("!H", checksum(pseudo + body)) + body[4:]
    return p
