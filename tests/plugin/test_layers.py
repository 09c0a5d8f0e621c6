# SPDX-License-Identifier: GPL-2.0-or-later
"""TCP inside tunnels, several TCP headers in a frame, and headers that are cut or wrong."""
import subprocess
import unittest

from scapy.all import IP, TCP, Raw, fragment

import frames
import support


def verdicts(path, *arguments):
    return sorted(c["verdict"] for c in support.teardowns(path, *arguments))


class Tunnels(unittest.TestCase):
    def test_the_verdict_does_not_depend_on_what_carries_it(self):
        plain = frames.write("plain.pcap", map(frames.ethernet, frames.Talk().graceful()))
        expected = verdicts(plain)
        self.assertEqual(expected, ["graceful"])
        carriers = {
            "vlan": frames.vlan, "gre": frames.gre, "ipip": frames.ipip,
            "vxlan": lambda inner: frames.vxlan(frames.ethernet(inner)),
        }
        for name, carrier in carriers.items():
            path = frames.write(f"{name}.pcap", map(carrier, frames.Talk().graceful()))
            self.assertEqual(verdicts(path), expected, name)
            self.assertEqual(verdicts(path, "-2"), expected, name)

    def test_ipv6_and_ipv6_in_ipv4(self):
        for name, carrier in (("six", frames.ethernet), ("six-in-four", frames.ipip)):
            path = frames.write(f"{name}.pcap", map(carrier, frames.Talk(version=6).graceful()))
            connection, = support.teardowns(path)
            self.assertEqual((connection["verdict"], connection["client"]),
                             ("graceful", "[2001:db8::1]:40000"))


class SeveralHeaders(unittest.TestCase):
    """A frame can hold several TCP headers; each has its tree."""

    def setUp(self):
        closed = frames.Talk(client_port=40001).graceful()
        reset = frames.Talk(client_port=40002).reset()
        pairs = zip(closed, reset)
        rest = closed[len(reset):]
        self.path = frames.write("aggregates.pcap", link_type=frames.WLAN, packets=[
            *(frames.aggregate(*pair) for pair in pairs), *map(frames.aggregate, rest)])
        self.common = min(len(closed), len(reset))

    def test_both_connections_are_reported(self):
        found = {c["client"][-5:]: (c["verdict"] == "graceful", c["first_frame"])
                 for c in support.teardowns(self.path)}
        self.assertEqual(found, {"40001": (True, 1), "40002": (False, 1)})
        self.assertEqual(support.teardowns(self.path), support.teardowns(self.path, "-2"))

    def test_each_frame_shows_both_verdicts(self):
        rows = support.fields(self.path, "-2", names=("tcp.srcport", "tcpteardown.verdict"))
        both = {c["client"][-5:]: c["verdict"] for c in support.teardowns(self.path)}
        for ports, shown in rows[: self.common]:
            self.assertEqual(len(ports.split(",")), 2)
            self.assertEqual(shown.split(","), [both["40001"], both["40002"]])

    def test_sharkd_shows_both_trees(self):
        with support.Sharkd() as sharkd:
            sharkd.load(self.path)
            self.assertEqual(len(sharkd.values(2, "tcpteardown.verdict")), 2)
            self.assertEqual(len(sharkd.values(9, "tcpteardown.verdict")), 1)


class CutHeaders(unittest.TestCase):
    def setUp(self):
        self.whole = frames.write("whole.pcap", map(frames.ethernet, frames.Talk().graceful()))

    def cut_to(self, snap_length):
        path = support.FILES / f"snap{snap_length}.pcap"
        subprocess.run(["editcap", "-s", str(snap_length), self.whole, path], check=True)
        path.chmod(0o644)
        return str(path)

    def test_headers_are_enough(self):
        # 14 bytes of Ethernet, 20 of IP, 20 of TCP; and so cut that the checksum is missing.
        for snap_length in (54, 50):
            self.assertEqual(verdicts(self.cut_to(snap_length)), ["graceful"], snap_length)

    def test_less_is_not_read(self):
        for snap_length in (49, 34, 20, 14, 1):
            self.assertEqual(verdicts(self.cut_to(snap_length)), [], snap_length)

    def test_a_header_that_no_receiver_takes_is_not_read(self):
        packets = [frames.ethernet(s) for s in frames.Talk().graceful()]
        for wrong in (0, 4, 15):  # the header's length in words; 15 is beyond the segment
            forged = IP(src=frames.SERVER, dst=frames.CLIENT) / TCP(
                sport=80, dport=40000, flags="R", seq=9000, dataofs=wrong)
            path = frames.write(f"offset{wrong}.pcap", [*packets[:5], frames.ethernet(forged), *packets[5:]])
            connection, = support.teardowns(path)
            self.assertEqual((connection["verdict"], connection["frames"]), ("graceful", len(packets)))

    def test_fragments_count_once(self):
        talk = frames.Talk()
        packets = [*talk.handshake(), talk.segment(0, "PA", b"x" * 1200), *talk.close()]
        whole = frames.write("unfragmented.pcap", map(frames.ethernet, packets))
        pieces = [frames.ethernet(piece) for packet in packets for piece in fragment(packet, fragsize=400)]
        self.assertGreater(len(pieces), len(packets))
        expected, = support.teardowns(whole)
        for preference in ("TRUE", "FALSE"):
            found, = support.teardowns(frames.write("fragments.pcap", pieces),
                                       "-o", f"ip.defragment:{preference}")
            self.assertEqual((found["verdict"], found["frames"]),
                             (expected["verdict"], expected["frames"]), preference)


class Payload(unittest.TestCase):
    def test_link_padding_is_no_payload(self):
        packets = [Raw(bytes(frames.ethernet(s)) + bytes(6)) for s in frames.Talk().graceful()]
        connection, = support.teardowns(frames.write("padded.pcap", packets))
        self.assertEqual((connection["client.bytes"], connection["server.bytes"]), (8, 6))


if __name__ == "__main__":
    unittest.main()
