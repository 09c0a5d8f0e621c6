# SPDX-License-Identifier: GPL-2.0-or-later
"""The programs that are compared, how they are run, and what their runs cost."""

import os
import re
import shutil
import subprocess
import time
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

# root's tshark warns and reads no personal plugins.
AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []


class Cost(NamedTuple):
    cpu: float  # seconds, user and system
    wall: float  # seconds
    peak: int  # bytes of memory


class Missing(Exception):
    """A program that a row needs is not here."""


class Programs:
    def __init__(self, folder: Path, command: Path, plugin: Path | None, helpers: Path):
        self.folder = folder
        self.command = command
        self.plugin = plugin
        self.helpers = helpers
        self.captures: dict[tuple[str, ...], Path] = {}
        self.commands: list[str] = []  # of the row that is being measured, as a reader would type them

    def traffic(self, *options: str) -> Path:
        """A capture by make_traffic, which is kept for the other rows."""
        if options not in self.captures:
            for old in self.captures.values():
                if old.stat().st_size > 1 << 30:
                    old.unlink(missing_ok=True)
            self.captures = {k: v for k, v in self.captures.items() if v.exists()}
            path = self.folder / ("-".join(o.strip("-") for o in options) + ".pcap")
            subprocess.run([self.helpers / "make_traffic", *options, path], check=True)
            path.chmod(0o644)
            self.captures[options] = path
        return self.captures[options]

    def run(self, words: list, environment: dict[str, str] | None = None) -> Cost:
        words = [str(word) for word in words]
        self.note(words)
        start = time.monotonic()
        with subprocess.Popen(
            words, env=environment or dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder
        ) as child:
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            raise RuntimeError(f"{' '.join(words)} ended with status {child.returncode}")
        return Cost(used.ru_utime + used.ru_stime, time.monotonic() - start, used.ru_maxrss * 1024)

    def note(self, words: list[str]) -> None:
        shown = [Path(w).name if w.startswith("/") else w for w in words[len(AS_NOBODY) if words[:1] == AS_NOBODY[:1] else 0 :]]
        text = " ".join(f"'{w}'" if " " in w else w for w in shown)
        if text not in self.commands:
            self.commands.append(text)

    def native(self, *words, capture: Path) -> Cost:
        return self.run([self.command, *words, capture])

    def bare_loop(self, capture: Path) -> Cost:
        return self.run([self.helpers / "pcap_loop", capture])

    def tcptrace(self, capture: Path) -> Cost:
        if shutil.which("tcptrace") is None:
            raise Missing("tcptrace")
        return self.run(["tcptrace", "-n", capture])

    def tshark(self, words: list[str], capture: Path, with_plugin: bool) -> Cost:
        return self.run([*AS_NOBODY, "tshark", "-n", "-r", capture, *words], self.environment(with_plugin))

    def tshark_instructions(self, words: list[str], capture: Path, with_plugin: bool) -> int:
        if shutil.which("valgrind") is None:
            raise Missing("valgrind")
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "tshark", "-n", "-r", str(capture), *words]
        self.note(command)
        ran = subprocess.run([*AS_NOBODY, *command], env=self.environment(with_plugin), capture_output=True, text=True, check=True)
        return int(re.search(r"Collected : (\d+)", ran.stderr)[1])

    def segment_cost(self, connections: int, segments: int) -> float:
        command = [str(self.helpers / "segment_cost"), str(connections), str(segments)]
        self.note(command)
        return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    def environment(self, with_plugin: bool) -> dict[str, str]:
        """In which tshark loads our plugin and no other, or none."""
        if shutil.which("tshark") is None or self.plugin is None:
            raise Missing("tshark or the plugin")
        return self.with_it if with_plugin else self.without

    @cached_property
    def with_it(self) -> dict[str, str]:
        return self.plugin_folder("with", True)

    @cached_property
    def without(self) -> dict[str, str]:
        return self.plugin_folder("without", False)

    def plugin_folder(self, name: str, has_plugin: bool) -> dict[str, str]:
        version = subprocess.run(["tshark", "--version"], capture_output=True, text=True, check=True).stdout.split()[2]
        place = self.folder / name / ".".join(version.split(".")[:2]) / "epan"
        place.mkdir(parents=True)
        if has_plugin:
            shutil.copy(self.plugin, place / "tcpteardown.so")
        environment = {**os.environ, "WIRESHARK_PLUGIN_DIR": str(self.folder / name), "HOME": str(self.folder / name)}
        listed = subprocess.run([*AS_NOBODY, "tshark", "-G", "plugins"], env=environment, capture_output=True, text=True, check=True)
        if ("tcpteardown.so" in listed.stdout) != has_plugin:
            raise RuntimeError(f"tshark should{'' if has_plugin else ' not'} load the plugin: {listed.stdout}{listed.stderr}")
        return environment
