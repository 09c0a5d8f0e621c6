#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that a plugin exports what Wireshark's loader looks up, and nothing else.

Without the version script a C++ library also exports unique symbols of the standard library, which
are then shared with every other library of the process. That is shown first, with a library that
has no version script: a check that could not see them would be worth nothing.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

WANTED = {"plugin_version", "plugin_want_major", "plugin_want_minor", "plugin_register", "plugin_describe"}
STRAY = '#include <string>\nextern "C" int plugin_register(int n) { return (int)std::to_string(n).size(); }\n'


def exported(library: Path) -> set[str]:
    listing = subprocess.run(
        ["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True
    ).stdout
    return {line.split()[-1].split("@")[0] for line in listing.splitlines()}


def library_with_strays(folder: Path, compiler: str) -> Path:
    source, library = folder / "stray.cpp", folder / "stray.so"
    source.write_text(STRAY)
    subprocess.run([compiler, "-shared", "-fPIC", "-O0", "-o", library, source], check=True)
    return library


def main() -> int:
    plugin, compiler = Path(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as folder:
        if not exported(library_with_strays(Path(folder), compiler)) - WANTED:
            print("this check does not see stray symbols")
            return 1
    symbols = exported(plugin)
    print(f"{plugin.name} exports {' '.join(sorted(symbols))}")
    for name in sorted(symbols - WANTED):
        print(f"not wanted: {name}")
    for name in sorted(WANTED - symbols):
        print(f"missing: {name}")
    return 0 if symbols == WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
