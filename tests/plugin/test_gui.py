# SPDX-License-Identifier: GPL-2.0-or-later
"""The real Wireshark: what its user sees is what tshark reports, whatever the user does.

The pictures are kept in the folder TCPTEARDOWN_PICTURES, if that is set.
"""
import collections
import os
import pathlib
import struct
import subprocess
import time
import unittest

import support
from gui import LiveWireshark, Wireshark

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
            self.assertEqual(gui.copied_value(2), self.connection["initiator"])

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


class Live(unittest.TestCase):
    def test_what_is_not_over_is_said_to_be_so(self):
        path = support.capture(SEED)
        connection, = support.teardowns(path)
        content = pathlib.Path(path).read_bytes()
        first, at = 20, 24  # packets, and the bytes in front of them
        for _ in range(first):
            at += 16 + struct.unpack_from("<I", content, at + 8)[0]
        with LiveWireshark(content[:at]) as gui:
            gui.to_packet("first")
            gui.open_tree()
            gui.keys("ctrl+alt+shift+d", pause=0.6)  # copies the line
            self.assertIn("open so far; the connection is not over", gui.clipboard())
            gui.feed(content[at:])
            gui.to_packet("last")
            self.assertEqual(gui.verdict(), connection["verdict"])
            gui.stop()
            gui.keys("ctrl+r", pause=3)  # what was shown before the end is shown anew
            gui.to_packet("first")
            self.assertEqual(gui.verdict(), connection["verdict"])


class Preferences(unittest.TestCase):
    IDLE_THRESHOLD = 1  # its line in the menu

    def test_a_change_is_shown_at_once(self):
        with Wireshark(support.capture("lab/abort_quiet/abort-idle-350.client.pcap")) as gui:
            self.assertEqual(gui.verdict(), "abort-idle")
            gui.set_preference(self.IDLE_THRESHOLD, 400)
            gui.to_packet("first")
            self.assertEqual(gui.verdict(), "abort-as-close")
            gui.to_packet("last")
            self.assertEqual(gui.verdict(), "abort-as-close")


class Dialogs(unittest.TestCase):
    def setUp(self):
        path = support.FILES / "dialogs.pcapng"
        names = [support.capture(name) for name in support.all_captures("sockets")]
        subprocess.run(["mergecap", "-w", path, *names], check=True)
        path.chmod(0o644)
        self.path = str(path)
        self.connections = support.teardowns(self.path)

    def copied(self, gui, title, width, picture):
        """The rows of a statistics dialog, by its button Copy."""
        window = gui.wait_for_window(title)
        height = 700
        gui.do("windowsize", "--sync", window, width, height)
        gui.do("windowmove", "--sync", window, 80, 120)
        time.sleep(1)
        gui.picture(PICTURES / picture)
        gui.click(width - 230, height - 24, window)
        return gui.clipboard().splitlines()

    def test_verdict_table(self):
        with Wireshark(self.path, "-z", "tcpteardown,verdicts") as gui:
            table = self.copied(gui, "Wireshark.*TCP Teardown.*dialogs.pcapng", 640, "verdicts.png")
            counted = collections.Counter((c["verdict"], c["severity"]) for c in self.connections)
            self.assertGreater(len(counted), len({verdict for verdict, _ in counted}), "one has two severities")
            for (verdict, severity), count in counted.items():
                row, = [line for line in table if f" {verdict} " in f"{line} " and severity in line.split(verdict)[0]]
                self.assertIn(f" {count} ", row)

    def test_connection_list(self):
        with Wireshark(self.path, "-z", "tcpteardown,connections") as gui:
            table = self.copied(gui, "Wireshark.*TCP Teardown Connections.*dialogs.pcapng", 1240, "connections.png")
            for connection in self.connections:
                rows = [line for line in table if connection["summary"] in line]
                self.assertTrue(rows and all(connection["verdict"] in row for row in rows), connection)


if __name__ == "__main__":
    unittest.main()
