#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs clang-format or clang-tidy over our files, after showing that it sees a bad one.

style.py ROOT format        every C++ file of the project
style.py ROOT rewrite       the same, but formats them
style.py ROOT tidy ROOM     one room of the core
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import rules

# clang-format's fault and clang-tidy's: misplaced spaces; a const cast away.
BAD = "int  *writable( const int *p ) {return const_cast<int *>(p);}\n"

# The static analyser takes as long as everything else together and follows values through std::string
# rather than through us; AddressSanitizer and UBSan see more. Editors run it all the same.
NOT_IN_TESTS = "-clang-analyzer-*"


def formatting(root: Path, files: list[Path]) -> list[str]:
    return ["clang-format", f"--style=file:{root}/.clang-format", "--dry-run", "-Werror", *map(str, files)]


def tidying(root: Path, files: list[Path]) -> list[str]:
    tidy = ["clang-tidy", "--quiet", f"--config-file={root}/.clang-tidy", f"--checks={NOT_IN_TESTS}"]
    return [*tidy, *map(str, files), "--", "-std=c++20", f"-I{root}/analysis_core"]


def sees_bad_code(command, root: Path) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        bad = Path(folder) / "bad.cpp"
        bad.write_text(BAD)
        done = subprocess.run(command(root, [bad]), capture_output=True, text=True)
    return done.returncode != 0 and ("clang-format-violations" in done.stderr or "pro-type-const-cast" in done.stdout)


def main() -> int:
    root = Path(sys.argv[1]).resolve()
    all_files = [f for f in rules.source_files(root) if f.suffix in {".cpp", ".h"}]
    if sys.argv[2] == "rewrite":
        return subprocess.run(["clang-format", f"--style=file:{root}/.clang-format", "-i", *all_files]).returncode
    if sys.argv[2] == "format":
        command, files = formatting, all_files
    else:
        command = tidying
        files = [f for f in rules.cpp_files(root, [sys.argv[3]]) if f.suffix == ".cpp"]
    if not sees_bad_code(command, root):
        print(f"{command(root, [])[0]} passes a file that is bad on purpose")
        return 1
    if not files:
        print("no files to look at")
        return 1
    print(f"{len(files)} files", flush=True)
    return subprocess.run(command(root, files)).returncode


if __name__ == "__main__":
    sys.exit(main())
