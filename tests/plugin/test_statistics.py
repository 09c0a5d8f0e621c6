# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables behind Statistics > TCP Teardown, as sharkd and tshark give them."""
import collections
import re
import subprocess
import unittest

import support


def table(sharkd, name):
    (tap,) = sharkd.ask("tap", tap0=f"nstat:{name}")["taps"]
    (only,) = tap["tables"]
    return [column["c"] for column in tap["fields"]], only["i"]


ORDER = ["error", "warn", "note", "chat", "none"]


def tshark_table(path, name, *arguments):
    """The rows that tshark prints, a dictionary each."""
    text = support.lines(support.tshark("-q", "-r", path, *arguments, "-z", name))
    lines = [re.split(r"  +", line.strip()) for line in text if not line.startswith(("=", "TCP", "Filter"))]
    return [dict(zip(lines[0], line)) for line in lines[1:]]


class Tables(unittest.TestCase):
    def setUp(self):
        path = support.FILES / "statistics.pcapng"
        names = [support.capture(name) for name in support.all_captures("sockets")]
        subprocess.run(["mergecap", "-w", path, *names], check=True)
        path.chmod(0o644)
        self.path = str(path)
        self.connections = support.teardowns(self.path)

    def check_verdicts(self, rows):
        # A row has one severity: that of all its connections.
        ranks = {"error": "1 error", "warn": "2 warning", "note": "3 note", "chat": "4 chat", "none": "5 none"}
        counts = collections.Counter((ranks[c["severity"]], c["verdict"]) for c in self.connections)
        self.assertEqual({(row[0], row[1]): int(row[2]) for row in rows}, counts)
        unacked = sum(c["client.unacked"] + c["server.unacked"] for c in self.connections
                      if c["loss"] == "certain")
        self.assertEqual(sum(int(row[4]) for row in rows), unacked)
        self.assertAlmostEqual(sum(float(row[3].rstrip("% ")) for row in rows), 100, delta=2)

    def test_verdicts(self):
        with support.Sharkd() as sharkd:
            sharkd.load(self.path)
            columns, rows = table(sharkd, "tcpteardown,verdicts")
            self.assertEqual(columns[:3], ["Severity", "Verdict", "Connections"])
            self.check_verdicts(rows)
            # Asked again, or after clicks, it is the same table and not twice its sum.
            sharkd.values(3, "tcpteardown.verdict")
            self.assertEqual(table(sharkd, "tcpteardown,verdicts")[1], rows)

    def test_connections(self):
        with support.Sharkd() as sharkd:
            sharkd.load(self.path)
            _, rows = table(sharkd, "tcpteardown,connections")
        listed = {(row[2], row[3], row[1], row[4], row[5], row[8]) for row in rows}
        self.assertEqual(len(rows), len(self.connections))
        self.assertEqual(listed, {(c["client"], c["server"], c["verdict"], c["initiator"], c["loss"],
                                   c["summary"]) for c in self.connections})

    def test_sorted_by_its_first_column_the_worst_is_first(self):
        with support.Sharkd() as sharkd:
            sharkd.load(self.path)
            _, rows = table(sharkd, "tcpteardown,connections")
        severities = [row[0].split()[1] for row in sorted(rows)]
        order = ["error", "warning", "note", "chat", "none"]
        self.assertEqual(severities, sorted(severities, key=order.index))

    def test_tshark(self):
        # One pass is enough: the table is made at the end.
        rows = tshark_table(self.path, "tcpteardown,verdicts")
        self.assertEqual(rows, tshark_table(self.path, "tcpteardown,verdicts", "-2"))
        counts = collections.Counter((c["severity"], c["verdict"]) for c in self.connections)
        self.assertEqual({(row["Severity"], row["Verdict"]): int(row["Connections"]) for row in rows}, counts)
        order = [(ORDER.index(row["Severity"]), -int(row["Connections"])) for row in rows]
        self.assertEqual(order, sorted(order))

    def test_tshark_lists_the_connections_worst_first(self):
        rows = tshark_table(self.path, "tcpteardown,connections")
        self.assertEqual(rows, tshark_table(self.path, "tcpteardown,connections", "-2"))
        listed = [(row["Verdict"], row["Client"], row["Frame"], row["Summary"]) for row in rows]
        self.assertEqual(sorted(listed), sorted((c["verdict"], c["client"], str(c.get("decisive_frame", "-")),
                                                 c["summary"]) for c in self.connections))
        severities = [ORDER.index(row["Severity"]) for row in rows]
        self.assertEqual(severities, sorted(severities))

    def test_filter(self):
        rows = tshark_table(self.path, 'tcpteardown,verdicts,tcpteardown.verdict=="graceful"', "-2")
        self.assertEqual([row["Verdict"] for row in rows], ["graceful"])
        # In one pass by the fields of others.
        rows = tshark_table(self.path, "tcpteardown,connections,tcp.flags.reset==1")
        self.assertGreater(len(rows), 10)
        self.assertLess(len(rows), len(self.connections))


if __name__ == "__main__":
    unittest.main()
