# SPDX-License-Identifier: GPL-2.0-or-later
"""The real Wireshark: what its user sees is what tshark reports, whatever the user does.

The pictures are kept in the folder TCPTEARDOWN_PICTURES, if that is set.
"""
import os
import pathlib
import unittest

import frames
import support
from gui import Wireshark

SEED = "seeds/seed28580.pcap"
PICTURES = pathlib.Path(os.environ.get("TCPTEARDOWN_PICTURES", support.FILES))


class Packets(unittest.TestCase):
    def setUp(self):
        self.path = support.capture(SEED)
        self.connection, = support.teardowns(self.path)

    def test_tree_filter_and_everything_a_user_does(self):
        verdict = self.connection["verdict"]
        with Wireshark(self.path, "-g", str(self.connection["decisive_frame"])) as gui:
            self.assertEqual(gui.verdict(), verdict)
            gui.picture(PICTURES / "tree.png")
            self.assertEqual(gui.copied_value(2), self.connection["family"])

            gui.to_packet("first")
            self.assertEqual(gui.verdict(), verdict)

            gui.filter("tcpteardown.final")
            gui.to_packet("first")
            self.assertEqual(gui.verdict(), verdict)
            gui.picture(PICTURES / "filter.png")

            gui.filter("")
            gui.keys("ctrl+r", pause=3)  # reload
            gui.to_packet("last")
            self.assertEqual(gui.verdict(), verdict)

            gui.keys("ctrl+shift+l", pause=3)  # reloads Lua plugins, which dissects anew
            gui.to_packet("first")
            self.assertEqual(gui.verdict(), verdict)

    def test_an_ignored_packet_is_not_seen(self):
        with Wireshark(self.path, "-g", str(self.connection["decisive_frame"])) as gui:
            gui.to_packet("last")
            gui.keys("ctrl+d", pause=3)  # ignores the RST and dissects anew
            gui.to_packet("first")
            self.assertEqual(gui.verdict(), "open")
            gui.to_packet("last")
            gui.keys("ctrl+d", pause=3)
            gui.to_packet("first")
            self.assertEqual(gui.verdict(), self.connection["verdict"])


class Dialogs(unittest.TestCase):
    def setUp(self):
        talks = [frames.Talk(client_port=40000 + i) for i in range(6)]
        segments = [s for talk in talks[:4] for s in talk.graceful()]
        segments += [s for talk in talks[4:] for s in talk.reset()]
        self.path = frames.write("dialogs.pcap", map(frames.ethernet, segments))
        self.connections = support.teardowns(self.path)

    def copied(self, gui, window):
        """The rows of a statistics dialog, by its button Copy."""
        geometry = gui.do("getwindowgeometry", "--shell", window).stdout.split()
        size = dict(word.split("=") for word in geometry)
        gui.click(int(size["WIDTH"]) - 230, int(size["HEIGHT"]) - 24, window)
        return gui.clipboard()

    def test_verdict_table(self):
        with Wireshark(self.path, "-z", "tcpteardown,verdicts") as gui:
            window = gui.wait_for_window("Wireshark.*TCP Teardown.*dialogs.pcap")
            gui.picture(PICTURES / "verdicts.png")
            table = self.copied(gui, window)
            for verdict in {c["verdict"] for c in self.connections}:
                count = sum(c["verdict"] == verdict for c in self.connections)
                row, = [line for line in table.splitlines() if f" {verdict} " in f"{line} "]
                self.assertIn(f" {count} ", row)

    def test_connection_list(self):
        with Wireshark(self.path, "-z", "tcpteardown,connections") as gui:
            window = gui.wait_for_window("Wireshark.*TCP Teardown Connections.*dialogs.pcap")
            gui.picture(PICTURES / "connections.png")
            table = self.copied(gui, window)
            for connection in self.connections:
                row, = [line for line in table.splitlines() if connection["client"] in line]
                self.assertIn(connection["verdict"], row)


if __name__ == "__main__":
    unittest.main()
