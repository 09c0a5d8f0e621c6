# SPDX-License-Identifier: GPL-2.0-or-later
"""What can carry an IP packet: each function makes a frame of it, CARRIERS has them with their link types."""
import struct

# pylint: disable=no-name-in-module
from scapy.all import UDP, Dot1AD, Dot1Q, Ether, IP, PPP, PPPoE, Raw

import frames

A, B, AP = (bytes.fromhex("0200000000" + last) for last in ("01", "02", "03"))
ETHERNET, PRISM, RADIOTAP, AVS = 1, 119, 127, 163
LLC_SNAP = bytes.fromhex("aaaa03000000")


def behind(ether_type, header):
    """Behind an EtherType and a header that ends in the EtherType of what follows."""
    return lambda packet: Raw(B + A + struct.pack("!H", ether_type) + header + b"\x08\x00" + bytes(packet))


def in_udp(port, header, inner=bytes):
    outer = IP(src=frames.ROUTER, dst="203.0.113.10") / UDP(sport=40001, dport=port)
    return lambda packet: frames.ethernet(outer / Raw(header + inner(packet)))


def in_gre(protocol, inner):
    outer = IP(src=frames.ROUTER, dst="203.0.113.10", proto=47)
    return lambda packet: frames.ethernet(outer / Raw(struct.pack("!HH", 0, protocol) + inner(packet)))


def wlan(packet, control=b"\x08\x01", more=b"", pad=b"", sequence=b"\x10\x00"):
    """A data frame of 802.11; `more` are header fields behind the sequence control."""
    body = b"" if packet is None else LLC_SNAP + b"\x08\x00" + bytes(packet)
    return control + b"\0\0" + AP + A + B + sequence + more + pad + body


def wlan_ht(packet):
    return wlan(packet, b"\x88\x81", b"\0\0" + bytes(4))


def wlan_four_addresses(packet):
    return wlan(packet, b"\x08\x03", A)


def wlan_swapped(packet):
    return wlan(packet, b"\x01\x08")


def radiotap(packet):
    # Two words of presence, four bytes to align the clock, and flags that say nothing.
    return struct.pack("<BBHIIIQB", 0, 0, 25, 0x80000003, 0, 0, 7, 0) + wlan(packet)


def radiotap_padded(packet):
    return struct.pack("<BBHIQB", 0, 0, 17, 3, 7, 0x20) + wlan(packet, b"\x88\x01", b"\0\0", b"\0\0")


def prism(packet):
    return struct.pack("<II", 0x44, 144) + b"wlan0".ljust(16, b"\0") + bytes(120) + wlan(packet)


def avs(packet):
    return struct.pack(">II", 0x80211001, 64) + bytes(56) + wlan(packet)


def capwap(inner, binding_and_type):
    # Header of two words, radio 1.
    return in_udp(5247, struct.pack("!BBBBHH", 0, 2 << 3, 0x40 | binding_and_type, 0, 0, 0), inner)


def ethernet_bytes(packet):
    return bytes(frames.ethernet(packet))


# Name -> (link type, frame of a packet).
CARRIERS = {
    "vlan": (ETHERNET, frames.vlan),
    "qinq": (ETHERNET, lambda p: Ether(src=A, dst=B) / Dot1AD(vlan=9) / Dot1Q(vlan=5) / p),
    "pppoe": (ETHERNET, lambda p: Ether(src=A, dst=B) / PPPoE(sessionid=1) / PPP(proto=0x21) / p),
    "mpls": (ETHERNET, lambda p: Raw(B + A + b"\x88\x47\x00\x01\x01\x40" + bytes(p))),
    "cisco-metadata": (ETHERNET, behind(0x8909, bytes.fromhex("010100010007"))),
    "vn-tag": (ETHERNET, behind(0x8926, bytes.fromhex("80050006"))),
    "vn-tag-vlan": (ETHERNET, behind(0x8926, bytes.fromhex("80050006810000c8"))),
    "backbone-bridge": (ETHERNET, behind(0x88E7, bytes.fromhex("00000007") + B + A)),
    "backbone-bridge-tagged": (ETHERNET, behind(0x88A8, bytes.fromhex("000588e700000007") + B + A)),
    "gre": (ETHERNET, frames.gre),
    "gre-in-udp": (ETHERNET, in_udp(4754, bytes.fromhex("00000800"))),
    "gre-aruba": (ETHERNET, in_gre(0x8210, wlan)),
    "vxlan": (ETHERNET, lambda p: frames.vxlan(frames.ethernet(p))),
    "ipip": (ETHERNET, frames.ipip),
    "capwap-ethernet": (ETHERNET, capwap(ethernet_bytes, 0x00)),
    "capwap-wlan-swapped": (ETHERNET, capwap(wlan_swapped, 0x03)),
    "wlan": (frames.WLAN, wlan),
    "wlan-from-access-point": (frames.WLAN, lambda p: wlan(p, b"\x08\x02")),
    "wlan-four-addresses": (frames.WLAN, wlan_four_addresses),
    "wlan-ht": (frames.WLAN, wlan_ht),
    "radiotap": (RADIOTAP, radiotap),
    "radiotap-padded": (RADIOTAP, radiotap_padded),
    "prism": (PRISM, prism),
    "prism-avs": (PRISM, avs),
    "avs": (AVS, avs),
}
