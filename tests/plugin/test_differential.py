# SPDX-License-Identifier: GPL-2.0-or-later
"""Two readers, one core: the plugin and the native command agree on every connection."""
import json
import subprocess
import unittest

import support


def native(path):
    result = subprocess.run([support.COMMAND, "--json", path], check=False, text=True, capture_output=True,
                            timeout=support.TIMEOUT)
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


class Differential(unittest.TestCase):
    def check_folder(self, folder):
        for name in support.all_captures(folder):
            path = support.capture(name)
            with self.subTest(capture=name):
                self.assertEqual(support.teardowns(path), native(path))

    def test_seeds(self):
        self.check_folder("seeds")

    def test_sockets(self):
        self.check_folder("sockets")

    def test_real(self):
        self.check_folder("real")

    def test_lab(self):
        self.check_folder("lab")


if __name__ == "__main__":
    unittest.main()
