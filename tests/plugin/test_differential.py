# SPDX-License-Identifier: GPL-2.0-or-later
"""Two readers, one core: the plugin and the native command agree on every connection."""
import collections
import concurrent.futures
import json
import os
import pathlib
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
        self.check(support.all_captures(folder))

    def check(self, names):
        paths = [support.capture(name) for name in names]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            both = pool.map(lambda path: (support.teardowns(path), native(path)), paths)
            for path, (plugin, command) in zip(paths, both):
                with self.subTest(capture=path):
                    self.assertEqual(plugin, command)

    def test_seeds(self):
        self.check_folder("seeds")

    def test_sockets(self):
        self.check_folder("sockets")

    def test_real(self):
        self.check_folder("real")

    def test_lab(self):
        # Of the capture points of a scenario, one: which of them it is changes from one to the next.
        points = collections.defaultdict(list)
        for name in support.all_captures("lab"):
            points[pathlib.Path(name).name.split(".")[0]].append(name)
        self.check([names[i % len(names)] for i, names in enumerate(points.values())])


if __name__ == "__main__":
    unittest.main()
