# SPDX-License-Identifier: GPL-2.0-or-later
"""ICMP errors: the quoted TCP header is evidence about a connection, never a segment of it."""
import unittest

from scapy.all import fragment

import frames
import support


class Unreachable(unittest.TestCase):
    def refused(self, version, error):
        syn = frames.Talk(version=version).segment(0, "S")
        return frames.write(f"refused{version}.pcap", [frames.ethernet(syn), error(syn)])

    def check(self, path, sender):
        connection, = support.teardowns(path)
        self.assertEqual(connection["verdict"], "setup-unreachable")
        self.assertEqual(connection["decisive_frame"], 2)
        self.assertIn(sender, connection["summary"] + connection["explanation"])
        self.assertEqual((connection["client.bytes"], connection["server.bytes"]), (0, 0))

    def test_ipv4_with_the_eight_bytes_that_must_be_there(self):
        self.check(self.refused(4, frames.unreachable), frames.ROUTER)

    def test_ipv4_with_the_whole_segment(self):
        self.check(self.refused(4, lambda syn: frames.unreachable(syn, quoted_bytes=20)), frames.ROUTER)

    def test_ipv6(self):
        self.check(self.refused(6, frames.unreachable6), frames.ROUTER6)

    def test_inside_tunnels(self):
        syn = frames.Talk().segment(0, "S")
        error = frames.unreachable(syn).payload
        for name, carrier in (("gre", frames.gre), ("ipip", frames.ipip), ("vlan", frames.vlan)):
            self.check(frames.write(f"refused-{name}.pcap", [carrier(syn), carrier(error)]), frames.ROUTER)

    def test_reassembled_from_fragments(self):
        # The reassembled message is a buffer of its own, without the IP header that named its sender.
        talk = frames.Talk()
        opening = talk.handshake()
        data = talk.segment(0, "PA", b"x" * 900)
        error = frames.unreachable(data, code=4, quoted_bytes=900).payload
        pieces = [frames.ethernet(piece) for piece in fragment(error, fragsize=400)]
        self.assertGreater(len(pieces), 1)
        path = frames.write("fragmented-error.pcap", [*map(frames.ethernet, [*opening, data]), *pieces])
        rows = support.fields(path, "-2", "-Y", "icmp", names=("frame.number", "tcpteardown.event"))
        self.assertEqual(rows, [(str(4 + len(pieces)), "icmp-error")])

    def test_the_frame_of_the_error_shows_the_connection(self):
        path = self.refused(4, frames.unreachable)
        rows = support.fields(path, "-2", names=("tcpteardown.verdict", "tcpteardown.event"))
        self.assertEqual([row[0] for row in rows], ["setup-unreachable"] * 2)
        self.assertEqual(rows[1][1], "icmp-error")
        with support.Sharkd() as sharkd:
            sharkd.load(path)
            self.assertEqual(sharkd.values(2, "tcpteardown.verdict"), ["setup-unreachable"])

    def test_an_error_about_a_stranger_is_nobodys(self):
        stranger = frames.Talk(client_port=50000).segment(0, "S")
        packets = [*map(frames.ethernet, frames.Talk().graceful()), frames.unreachable(stranger)]
        connection, = support.teardowns(frames.write("stranger.pcap", packets))
        self.assertEqual(connection["verdict"], "graceful")

    def test_a_quoted_header_is_no_segment(self):
        segments = frames.Talk().graceful()
        packets = [frames.ethernet(s) for s in segments]
        question = segments[3]
        packets.insert(4, frames.unreachable(question, code=4, quoted_bytes=len(bytes(question)) - 20))
        plain, = support.teardowns(frames.write("plain.pcap", map(frames.ethernet, segments)))
        connection, = support.teardowns(frames.write("quoted.pcap", packets))
        for key in ("verdict", "client.bytes", "server.bytes", "history", "loss", "client.errno"):
            self.assertEqual(connection[key], plain[key], key)

    def test_icmp_can_be_disabled(self):
        path = self.refused(4, frames.unreachable)
        connection, = support.teardowns(path, "--disable-protocol", "icmp")
        self.assertNotEqual(connection["verdict"], "setup-unreachable")


if __name__ == "__main__":
    unittest.main()
