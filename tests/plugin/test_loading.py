# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin is loaded, registers what it promises, and leaves the rest of Wireshark as it was."""
import json
import subprocess
import unittest

import support

ENTRY_SYMBOLS = {"plugin_version", "plugin_want_major", "plugin_want_minor", "plugin_register",
                 "plugin_describe"}
MIXED = "sockets/s01.pcap"


def without_plugin():
    """An environment whose plugin folder is empty."""
    empty = support.FILES / "no-plugins"
    empty.mkdir(exist_ok=True)
    return support.environment(WIRESHARK_PLUGIN_DIR=empty)


class Loading(unittest.TestCase):
    def test_tshark_lists_the_plugin(self):
        result = support.tshark("-G", "plugins")
        self.assertIn("tcpteardown.so", result.stdout, result.stderr)
        self.assertNotIn("tcpteardown", result.stderr)

    def test_only_the_entry_symbols_are_exported(self):
        table = subprocess.run(["nm", "-D", "--defined-only", support.PLUGIN], check=True, text=True,
                               capture_output=True).stdout
        self.assertEqual({line.split()[-1] for line in table.splitlines()}, ENTRY_SYMBOLS)

    def test_nothing_but_the_standard_library_and_wireshark_is_needed(self):
        if support.PRELOAD:
            allowed = ("libasan", "libubsan")
        else:
            allowed = ()
        allowed += ("libwireshark.", "libwsutil.", "libwiretap.", "libglib-2.0.", "libgmodule-2.0.",
                    "libgthread-2.0.", "libstdc++.", "libgcc_s.", "libm.", "libc.", "ld-linux")
        table = subprocess.run(["objdump", "-p", support.PLUGIN], check=True, text=True,
                               capture_output=True).stdout
        needed = [line.split()[1] for line in table.splitlines() if line.split()[:1] == ["NEEDED"]]
        self.assertIn("libwireshark", "".join(needed))
        self.assertEqual([n for n in needed if not n.startswith(allowed)], [])

    def test_no_complaint_while_registering(self):
        # With this setting Wireshark aborts on a dissector that registers wrongly.
        env = support.environment(WIRESHARK_ABORT_ON_DISSECTOR_BUG=1, G_DEBUG="fatal-warnings")
        for report in ("fields", "protocols", "decodes", "defaultprefs"):
            result = support.tshark("-G", report, env=env)
            self.assertEqual((result.returncode, result.stderr), (0, ""), report)
            self.assertTrue("tcpteardown" in result.stdout, report)

    def test_every_reported_key_is_a_field(self):
        registered = {line.split("\t")[2] for line in support.lines(support.tshark("-G", "fields"))
                      if line.startswith("F\t")}
        about_the_connection = {"file", "stream", "client", "server", "start", "duration", "first_frame",
                                "last_frame", "frames", "client.bytes", "server.bytes", "end_time_local", "rsts"}
        for name in support.all_captures("sockets"):
            for connection in support.teardowns(support.capture(name)):
                keys = {f"tcpteardown.{key}" for key in set(connection) - about_the_connection}
                self.assertEqual(keys - registered, set())

    def test_every_field_has_a_title_and_help(self):
        rows = [line.split("\t") for line in support.lines(support.tshark("-G", "fields"))]
        ours = [row for row in rows if row[0] == "F" and row[4] == "tcpteardown"]
        self.assertGreater(len(ours), 30)
        for row in ours:
            self.assertTrue(row[1], row)
            if not row[2].startswith("tcpteardown.expert"):
                self.assertTrue(row[-1], row)

    def test_expert_infos_are_registered_by_verdict(self):
        names = {line.split("\t")[2] for line in support.lines(support.tshark("-G", "fields"))}
        wanted = {f"tcpteardown.expert.{key}" for key in ("graceful", "abort_by_receiver", "data_lost")}
        self.assertEqual(wanted - names, set())


class Guest(unittest.TestCase):
    """What Wireshark says about everything else does not change."""

    def frames(self, *arguments, env=None):
        result = support.tshark("-r", support.capture(MIXED), *arguments, env=env)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_other_output_is_the_same_when_disabled(self):
        for arguments in (("-V",), ("-q", "-z", "conv,tcp"), ("-q", "-z", "io,phs"), ()):
            plain = self.frames(*arguments, env=without_plugin())
            disabled = self.frames("--disable-protocol", "tcpteardown", *arguments)
            self.assertEqual(plain, disabled, arguments)
            self.assertIn("TCP" if arguments != ("-q", "-z", "io,phs") else "tcp", plain)

    def test_other_output_is_the_same_when_enabled(self):
        for arguments in (("-q", "-z", "conv,tcp"), (), ("-T", "fields", "-e", "frame.protocols")):
            self.assertEqual(self.frames(*arguments, env=without_plugin()), self.frames(*arguments))
        plain = json.loads(self.frames("-T", "json", env=without_plugin()))
        ours = json.loads(self.frames("-T", "json"))
        for frame in ours:
            self.assertIsNotNone(frame["_source"]["layers"].pop("tcpteardown", None))
        self.assertEqual(plain, ours)

    def test_tcp_can_still_be_disabled(self):
        plain = self.frames("--disable-protocol", "tcp", "-V", env=without_plugin())
        ours = self.frames("--disable-protocol", "tcp", "-V")
        self.assertEqual(plain, ours)
        self.assertNotIn("Transmission Control Protocol", ours)

    def test_disabled_protocol_reports_nothing(self):
        self.assertEqual(
            self.frames("--disable-protocol", "tcpteardown", "-q", "-z", "tcpteardown,json"), "")

    def test_another_dissector_for_tcp_is_respected(self):
        out = self.frames("-d", "ip.proto==6,udp", "-T", "fields", "-e", "frame.protocols")
        self.assertIn("udp", out)
        self.assertNotIn("tcp", out)


if __name__ == "__main__":
    unittest.main()
