# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables behind Statistics > TCP Teardown, as sharkd and tshark give them."""
import collections
import subprocess
import unittest

import support


def table(sharkd, name):
    (tap,) = sharkd.ask("tap", tap0=f"nstat:{name}")["taps"]
    (only,) = tap["tables"]
    return [column["c"] for column in tap["fields"]], only["i"]


class Tables(unittest.TestCase):
    def setUp(self):
        path = support.FILES / "statistics.pcapng"
        names = [support.capture(name) for name in support.all_captures("sockets")]
        subprocess.run(["mergecap", "-w", path, *names], check=True)
        path.chmod(0o644)
        self.path = str(path)
        self.connections = support.teardowns(self.path)

    def check_verdicts(self, rows):
        counts = collections.Counter(c["verdict"] for c in self.connections)
        self.assertEqual({row[1]: int(row[2]) for row in rows}, counts)
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
        text = support.lines(support.tshark("-2", "-q", "-r", self.path, "-z", "tcpteardown,verdicts"))
        rows = [[cell.strip() for cell in line.split("|")] for line in text if line[:1].isdigit()]
        self.check_verdicts(rows)

    def test_filter(self):
        text = support.lines(support.tshark("-2", "-q", "-r", self.path, "-z",
                                            'tcpteardown,verdicts,tcpteardown.verdict=="graceful"'))
        rows = [line.split("|")[1].strip() for line in text if line[:1].isdigit()]
        self.assertEqual(rows, ["graceful"])


if __name__ == "__main__":
    unittest.main()
