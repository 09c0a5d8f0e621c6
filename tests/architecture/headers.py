#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that every header of the core compiles alone; first, that a header which does not is seen."""

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import rules


def errors(header: Path, compiler: str, core: Path) -> str:
    command = [compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-I", core, "-x", "c++", "-"]
    source = f'#include "{header}"\n'
    return subprocess.run(command, input=source, capture_output=True, text=True).stderr


def main() -> int:
    root, compiler = Path(sys.argv[1]).resolve(), sys.argv[2]
    core = root / "analysis_core"
    with tempfile.TemporaryDirectory() as folder:
        bad = Path(folder) / "bad.h"
        bad.write_text("#pragma once\ninline std::string f() { return {}; }\n")
        if not errors(bad, compiler, core):
            print("this check does not see a header that misses an include")
            return 1
    headers = [path for path in rules.cpp_files(root, rules.CORE) if path.suffix == ".h"]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda header: errors(header, compiler, core), headers))
    print("".join(results), f"{len(headers)} headers", sep="")
    return 1 if any(results) or not headers else 0


if __name__ == "__main__":
    sys.exit(main())
