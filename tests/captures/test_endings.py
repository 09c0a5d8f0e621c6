# SPDX-License-Identifier: GPL-2.0-or-later
"""The native command on captures whose ending is known: captures/*/endings.tsv says what is right.

A cell holds one or more right values with commas between; "-" where nobody knows. An application's errors
are one value that has commas itself, and an honest "unknown" is right for them everywhere.
"""

import csv
import json
import os
import subprocess
import unittest
from pathlib import Path

COMMAND = os.environ["TCPTEARDOWN_COMMAND"]
CAPTURES = Path(os.environ["TCPTEARDOWN_CAPTURES"])
CHOICES = ("verdict", "initiator", "loss")
ERRNOS = ("client.errno", "server.errno")
PLAIN = ("client", "server", "decisive_frame", "client.unacked", "server.unacked", "conn_state", "history")


def connections(capture: Path) -> list[dict]:
    ran = subprocess.run([COMMAND, "--json", str(capture)], capture_output=True, text=True, timeout=60)
    if ran.returncode != 0 or ran.stderr:
        raise AssertionError(f"{capture.name}: status {ran.returncode}: {ran.stderr}")
    return [json.loads(line) for line in ran.stdout.splitlines()]


def table(folder: str, name: str = "endings.tsv") -> list[dict]:
    with open(CAPTURES / folder / name, newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def wrong_cells(row: dict, found: dict) -> list[str]:
    wrong = []
    for name, right in row.items():
        if right == "-":
            continue
        value = str(found.get(name, "absent"))
        if name in CHOICES and value not in right.split(","):
            wrong.append(f"{name} is {value}, not {right}")
        if name in ERRNOS and value not in (right, "unknown"):
            wrong.append(f"{name} is {value}, not {right}")
        if name in PLAIN and value != right:
            wrong.append(f"{name} is {value}, not {right}")
    return wrong


class Endings(unittest.TestCase):
    def check_folder(self, folder: str, name: str = "endings.tsv") -> None:
        rows = table(folder, name)
        self.assertTrue(rows, f"{folder}/{name} is empty")
        for row in rows:
            with self.subTest(capture=row["capture"], connection=row["connection"]):
                found = connections(CAPTURES / folder / row["capture"])
                number = int(row["connection"])
                self.assertLessEqual(number, len(found), "there are fewer connections")
                self.assertEqual(wrong_cells(row, found[number - 1]), [], row.get("what was done"))

    def test_sockets(self) -> None:
        self.check_folder("sockets")

    def test_seeds(self) -> None:
        self.check_folder("seeds")

    def test_real(self) -> None:
        self.check_folder("real")

    def test_zeek(self) -> None:
        self.check_folder("real", "zeek.tsv")

    def test_every_capture_is_in_its_table(self) -> None:
        for folder in ("sockets", "seeds", "real"):
            listed = {row["capture"] for row in table(folder)}
            if folder == "real":
                listed |= {row["capture"] for row in table(folder, "zeek.tsv")}
            there = {f.name for f in (CAPTURES / folder).iterdir() if f.suffix in (".pcap", ".pcapng", ".snoop")}
            self.assertEqual(there, listed, folder)

    def test_sockets_have_no_other_connections(self) -> None:
        rows = table("sockets")
        for capture in sorted({row["capture"] for row in rows}):
            with self.subTest(capture=capture):
                expected = sum(row["capture"] == capture for row in rows)
                self.assertEqual(len(connections(CAPTURES / "sockets" / capture)), expected)


if __name__ == "__main__":
    unittest.main()
