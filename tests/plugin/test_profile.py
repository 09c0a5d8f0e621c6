# SPDX-License-Identifier: GPL-2.0-or-later
"""The Wireshark profile: its columns, colour rules, filter buttons and graphs work with this plugin."""
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import frames
import support

PROFILE = pathlib.Path(os.environ["TCPTEARDOWN_PROFILE"])


def content(name):
    return [line for line in (PROFILE / name).read_text().splitlines() if line and not line.startswith("#")]


def button_filters():
    """Label and expression; a record is four quoted strings with \\xNN for a quote."""
    for line in content("dfilter_buttons"):
        _, label, expression, _ = re.findall(r'"([^"]*)"', line)
        yield label, expression.replace(r"\x22", '"')


def colour_filters():
    """Name and expression; a record is @name@expression@[background][text]."""
    for line in content("colorfilters"):
        _, name, expression, colours = line.split("@")
        assert re.fullmatch(r"(\[\d+,\d+,\d+\]){2}", colours), line
        yield name, expression


def graph_filters():
    """Name and filter; a record is nine quoted strings, the first whether it is drawn."""
    for line in content("io_graphs"):
        record = re.findall(r'"([^"]*)"', line)
        assert len(record) == 9 and record[0] in ("Enabled", "Disabled"), line
        yield record[1], record[2].replace(r"\x22", '"')


class Profile(unittest.TestCase):
    def setUp(self):
        target = support.HOME / ".config" / "wireshark" / "profiles" / "TCP Teardown"
        if not target.exists():
            shutil.copytree(PROFILE, target)
            for path in [support.HOME, *support.HOME.rglob("*")]:
                shutil.chown(path, support.NOBODY, support.NOBODY)
        talks = frames.Talk(client_port=40001).graceful() + frames.Talk(client_port=40002).reset()
        self.path = frames.write("profile.pcap", map(frames.ethernet, talks))

    def shown(self, expression):
        return [int(row[0]) for row in support.fields(self.path, "-2", "-Y", expression, names=("frame.number",))]

    def test_columns(self):
        rows = support.lines(support.tshark("-2", "-C", "TCP Teardown", "-r", self.path))
        verdicts = [c["verdict"] for c in support.teardowns(self.path)]
        for row, connection in ((rows[0], 0), (rows[9], 1)):
            told = support.teardowns(self.path)[connection]
            self.assertRegex(row, rf" {connection} .* {told['verdict']} .* {told['initiator']} ")
            self.assertIn(told["summary"], row)
        self.assertTrue(all(f" {verdicts[0]} " in row for row in rows[:9]))
        self.assertTrue(all(f" {verdicts[1]} " in row for row in rows[9:]))
        self.assertIn("rst-accepted", rows[15])

    def test_every_filter_is_valid(self):
        for name, expression in [*button_filters(), *colour_filters(), *graph_filters()]:
            self.assertIsInstance(self.shown(expression), list, name)

    def test_the_endings_button_shows_the_endings(self):
        self.assertEqual(self.shown(dict(button_filters())["Endings"]), [9, 16])

    def test_a_button_gives_one_row_a_connection(self):
        path = support.FILES / "buttons.pcapng"
        names = [support.capture(name) for name in support.all_captures("sockets")]
        subprocess.run(["mergecap", "-w", path, *names], check=True)
        path.chmod(0o644)
        ends = {c["decisive_frame"]: c for c in support.teardowns(str(path)) if "decisive_frame" in c}
        for label, expression in button_filters():
            rows = support.fields(str(path), "-2", "-Y", expression, names=("frame.number",))
            shown = [int(row[0]) for row in rows]
            self.assertNotEqual(shown, [], label)
            self.assertEqual(set(shown) - set(ends), set(), label)
            if label.startswith("Reset by peer//"):
                side = label.split("//")[1].split()[0]
                self.assertEqual(shown, sorted(f for f, c in ends.items() if "ECONNRESET" in c[f"{side}.errno"]))

    def test_every_ending_is_in_one_graph(self):
        graphs = [self.shown(expression) for name, expression in graph_filters() if name != "All packets"]
        self.assertEqual(sorted(sum(graphs, [])), [9, 16])

    def test_every_column_has_a_width(self):
        columns = re.findall(r'", "(%\w+(?::[\w.]+)?)', (PROFILE / "preferences").read_text())
        widths = re.findall(r'"?(%\w+(?::[\w.]+)?)"?, \d+', (PROFILE / "recent").read_text())
        self.assertEqual(columns, widths)
        self.assertGreater(len(columns), 8)

    def test_the_first_colour_rules_take_the_decisive_frames(self):
        rules = [(name, set(self.shown(expression))) for name, expression in colour_filters()]
        first = {frame: next(name for name, hit in rules if frame in hit) for frame in range(1, 17)}
        self.assertEqual(first[9], "Ended well")
        self.assertTrue(first[16].startswith("Ended"), first[16])
        self.assertTrue(first[3].startswith("Connection that ended well"))
        rows = support.lines(support.tshark("-2", "-C", "TCP Teardown", "-r", self.path, "--color"))
        self.assertEqual(len(rows), 16)


if __name__ == "__main__":
    unittest.main()
