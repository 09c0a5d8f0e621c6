# SPDX-License-Identifier: GPL-2.0-or-later
"""The rules of the house that a machine can check.

Each rule is a function of the checkout's root that yields the places that break it.
"""

import re
from pathlib import Path
from typing import Iterator, NamedTuple


class Breach(NamedTuple):
    rule: str
    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


# Which rooms a room may include. Judging flows one way, from the segment to the sentence.
WIRE = {"wire"}
TRACKING = WIRE | {"tracking"}
STATE = TRACKING | {"state"}
EVIDENCE = TRACKING | {"evidence"}
VERDICT = STATE | EVIDENCE | {"verdict"}
REPORT = VERDICT | {"report"}
CAPTURE = TRACKING | {"capture"}
MAY_INCLUDE = {
    "wire": WIRE,
    "tracking": TRACKING,
    "state": STATE,
    "evidence": EVIDENCE,
    "verdict": VERDICT,
    "report": REPORT,
    "capture": CAPTURE,
    "tools": REPORT | CAPTURE | {"tools"},
    "plugin": REPORT | {"plugin"},
}
CORE = ("wire", "tracking", "state", "evidence", "verdict", "report")
NOT_CORE = ("capture", "tools", "plugin")

# What the core may use of the standard library: values and containers, nothing that does input or
# output, starts a thread or asks the environment. <chrono> is for its calendar, not its clocks.
CORE_HEADERS = set(
    """algorithm array bit bitset charconv chrono compare concepts cmath cstddef cstdint cstring deque
    functional initializer_list iterator limits map memory numeric optional ranges set span string
    string_view tuple type_traits unordered_map unordered_set utility variant vector""".split()
)
CORE_WORDS = re.compile(
    r"\b(?:cout|cerr|clog|throw|new|delete|goto|thread_local|\w+_clock)\b"
    r"|\b(?:f?printf|f?puts|abort|exit|_Exit|quick_exit|terminate|getenv|setlocale|s?rand|time|clock"
    r"|setjmp|longjmp|assert)(?=\s*\()"
)
# "= delete" forbids a function; it frees nothing.
DELETED_FUNCTION = re.compile(r"=\s*delete\s*;")

LONGEST_FILE = 400  # lines; the aim is 250
ONE_LIST = {"analysis_core/verdict/verdicts.cpp"}  # the catalogue: its order is its meaning

SOURCE_SUFFIXES = {".cpp", ".h", ".py", ".sh", ".cmake"}
PROJECT_FOLDERS = ("analysis_core", "plugin", "tests", "packaging", "captures", ".ci")


def room_of(path: Path, root: Path) -> str:
    parts = path.relative_to(root).parts
    return parts[1] if parts[0] == "analysis_core" else parts[0]


def cpp_files(root: Path, rooms) -> list[Path]:
    folders = [root / ("plugin" if room == "plugin" else f"analysis_core/{room}") for room in rooms]
    return sorted(f for folder in folders for f in folder.rglob("*") if f.suffix in {".cpp", ".h"})


def is_script(path: Path) -> bool:
    if path.suffix or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(2) == b"#!"


def source_files(root: Path) -> list[Path]:
    found = [root / "CMakeLists.txt"]
    for folder in PROJECT_FOLDERS:
        for path in (root / folder).rglob("*"):
            if "__pycache__" in path.parts or not path.is_file():
                continue
            if path.suffix in SOURCE_SUFFIXES or path.name == "CMakeLists.txt" or is_script(path):
                found.append(path)
    return sorted(found)


COMMENT_OR_TEXT = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![\w])\'(?:\\.|[^\'\\\n])+\'', re.DOTALL
)


def code_only(text: str) -> str:
    """The text with comments and literals blanked out, line for line."""

    def blank(match: re.Match) -> str:
        lines = "\n" * match[0].count("\n")
        return lines if match[0].startswith("/") else '""' + lines

    return COMMENT_OR_TEXT.sub(blank, text)


def includes(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Line, name and whether it is in angle brackets."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")', line)
        if match:
            yield number, match[1] or match[2], match[1] is not None


def arrows_go_one_way(root: Path) -> Iterator[Breach]:
    for path in cpp_files(root, MAY_INCLUDE):
        room = room_of(path, root)
        for line, name, angle in includes(path):
            if angle:
                continue
            if (path.parent / name).is_file():
                target = room_of((path.parent / name).resolve(), root.resolve())
            elif (root / "analysis_core" / name).is_file():
                target = name.split("/")[0]
            else:
                yield Breach("arrows", path, line, f"no such file of ours: {name}")
                continue
            if target not in MAY_INCLUDE[room]:
                yield Breach("arrows", path, line, f"{room} must not include {target} ({name})")


def core_is_pure(root: Path) -> Iterator[Breach]:
    for path in cpp_files(root, CORE):
        for line, name, angle in includes(path):
            if angle and name not in CORE_HEADERS:
                yield Breach("core-headers", path, line, f"<{name}> does not belong in the core")
        for line, text in enumerate(code_only(path.read_text()).splitlines(), 1):
            if line == 1 or text.lstrip().startswith("#"):
                continue
            for match in CORE_WORDS.finditer(DELETED_FUNCTION.sub(";", text)):
                yield Breach("core-words", path, line, f"'{match[0]}' does not belong in the core")


def enum_switches_list_all_cases(root: Path) -> Iterator[Breach]:
    """A default: would swallow a new enumerator. Only a switch over plain numbers, kNames or MACROS may have one."""
    for path in cpp_files(root, CORE + NOT_CORE):
        number_cases = []  # one entry for each open switch: does it begin with a number?
        for line, text in enumerate(code_only(path.read_text()).splitlines(), 1):
            if re.search(r"\bswitch\s*\(", text):
                number_cases.append(None)
            case = re.search(r"\bcase\s+(\S+?)\s*:", text)
            if case and number_cases and number_cases[-1] is None:
                number_cases[-1] = re.fullmatch(r'\d.*|""|(\w+::)*k[A-Z]\w*|[A-Z][A-Z0-9_]+', case[1]) is not None
            if re.search(r"\bdefault\s*:", text):
                if not number_cases or not number_cases.pop():
                    yield Breach("enum-switch", path, line, "list all cases instead of default:")


def files_are_short(root: Path) -> Iterator[Breach]:
    for path in source_files(root):
        lines = len(path.read_text().splitlines())
        if lines > LONGEST_FILE and str(path.relative_to(root)) not in ONE_LIST:
            yield Breach("length", path, lines, f"{lines} lines; more than {LONGEST_FILE}")


def headers_begin_well(root: Path) -> Iterator[Breach]:
    for path in source_files(root):
        text = path.read_text()
        if "SPDX-License-Identifier: GPL-2.0-or-later" not in "\n".join(text.splitlines()[:2]):
            yield Breach("licence", path, 1, "no SPDX line")
        if path.suffix == ".h" and "#pragma once" not in text:
            yield Breach("pragma-once", path, 1, "no #pragma once")


# Written so that this file does not break its own rule.
UNFINISHED = re.compile(r"\bTO[D]O\b|\bFIX[M]E\b|\bX[X]X\b|#\s*if [0]\b|GTEST_[S]KIP|\bDISABLE[D]_|\.ski[p]\(|skipI[f]\(")


def nothing_is_unfinished(root: Path) -> Iterator[Breach]:
    for path in source_files(root):
        for line, text in enumerate(path.read_text().splitlines(), 1):
            match = UNFINISHED.search(text)
            if match:
                yield Breach("unfinished", path, line, match[0])


def maps_are_true(root: Path) -> Iterator[Breach]:
    """Every path in a table row or link of our pages exists. A path is what has a slash in it."""
    for page in (root / "README.md", root / "CONTRIBUTING.md", root / "analysis_core/README.md"):
        if not page.is_file():
            yield Breach("map", page, 1, "the page is missing")
            continue
        for line, text in enumerate(page.read_text().splitlines(), 1):
            named = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
            if text.startswith("|"):
                named += [n for n in re.findall(r"`([\w./-]+)`", text) if "/" in n]
            for name in named:
                if "://" in name or name.startswith(("build/", "./build/", "mailto:")):
                    continue
                if not (page.parent / name).exists() and not (root / name).exists():
                    yield Breach("map", page, line, f"{name} does not exist")


RULES = (
    arrows_go_one_way,
    core_is_pure,
    enum_switches_list_all_cases,
    files_are_short,
    headers_begin_well,
    nothing_is_unfinished,
    maps_are_true,
)


def breaches(root: Path) -> list[Breach]:
    return [breach for rule in RULES for breach in rule(root)]
