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
FINDINGS = VERDICT | {"findings"}
REPORT = FINDINGS | {"report"}
FORMATS = REPORT | {"formats"}
CAPTURE = TRACKING | {"capture"}
MAY_INCLUDE = {
    "wire": WIRE,
    "tracking": TRACKING,
    "state": STATE,
    "evidence": EVIDENCE,
    "verdict": VERDICT,
    "findings": FINDINGS,
    "report": REPORT,
    "formats": FORMATS,
    "capture": CAPTURE,
    "tools": FORMATS | CAPTURE | {"tools"},
    "plugin": FORMATS | {"plugin"},
}
CORE = ("wire", "tracking", "state", "evidence", "verdict", "findings", "report", "formats")
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

# Rooms whose rules compare with times and counts: those stand in wire/thresholds.h, each with its source.
JUDGING = ("tracking", "state", "evidence", "verdict", "findings")
TIME_LITERAL = re.compile(
    r"\b\d[\d']*'000'000\b|\b\d{7,}\b"
    r"|\bk(?:Second|Millisecond)\s*/\s*\d|\b\d+\s*\*\s*k(?:Second|Millisecond)\b"
    r"|\bconstexpr\b.*\bk[A-Z]\w*(?:Ns|Ms)\b"
)
# "> 1" and "== 2" speak of one and a pair; what is enough is a choice.
COUNT_LITERAL = re.compile(
    r"\b\w*(?:count|retransmissions|resends|probes|keep_alives|burst|seen|steps|leaps)\s*(?:>=|<=|<|>)\s*(?:[2-9]|\d{2,})\b"
)

LONGEST_FILE = 400  # lines; the aim is 250
ONE_LIST = {"analysis_core/verdict/catalogue.h"}  # the catalogue: its order is its meaning

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


def thresholds_are_on_one_page(root: Path) -> Iterator[Breach]:
    for path in cpp_files(root, JUDGING):
        # Zeek's own rules, with Zeek's numbers; how numbers are spelled decides nothing.
        if path.name.startswith(("zeek_", "phrasing")):
            continue
        for line, text in enumerate(code_only(path.read_text()).splitlines(), 1):
            match = TIME_LITERAL.search(text) or COUNT_LITERAL.search(text)
            if match:
                yield Breach("threshold", path, line, f"'{match[0]}' belongs in wire/thresholds.h, with its source")


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


# A family, an event and a hint may be spelled like a verdict. (file, literal)
NO_VERDICTS = {
    ("analysis_core/report/experts.cpp", "data-after-close"),  # event
    ("analysis_core/evidence/hints.cpp", "keepalive-race"),  # hint
    ("analysis_core/verdict/names.cpp", "inconclusive"),  # family
}
NAMED_ENUMERATOR = re.compile(r'\bcase\s+(\w+::)+\w+\s*:\s*return\s+"[^"]*"\s*;')


def without_comments(text: str) -> str:
    return COMMENT_OR_TEXT.sub(lambda m: "\n" * m[0].count("\n") if m[0].startswith("/") else m[0], text)


def verdicts_are_no_texts(root: Path) -> Iterator[Breach]:
    """Compared as text, a misspelt slug is false for ever; "slug"_verdict does not compile."""
    catalogue = root / "analysis_core/verdict/catalogue.h"
    slugs = set(re.findall(r'\.slug\s*=\s*"([^"]+)"', catalogue.read_text())) if catalogue.is_file() else set()
    if not slugs:
        yield Breach("verdict-text", catalogue, 1, "no slug was found")
        return
    for path in cpp_files(root, CORE + NOT_CORE):
        name = str(path.relative_to(root))
        for line, text in enumerate(without_comments(path.read_text()).splitlines(), 1):
            if path == catalogue and ".slug" in text:
                continue
            for literal in re.findall(r'"([a-z-]+)"(?!_verdict)', NAMED_ENUMERATOR.sub("", text)):
                if literal in slugs and (name, literal) not in NO_VERDICTS:
                    yield Breach("verdict-text", path, line, f'write "{literal}"_verdict')


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


# What everybody may write to, everybody may fill with links to other people's files.
OPEN_TO_ALL = re.compile(r"(chmod|mode=|mkdir -m)\W*(0o)?[0-7]?[0-7]{2}[2367]\b")


def tests_open_nothing_to_all(root: Path) -> Iterator[Breach]:
    for path in source_files(root):
        if path.relative_to(root).parts[0] != "tests":
            continue
        for line, text in enumerate(path.read_text().splitlines(), 1):
            match = OPEN_TO_ALL.search(text)
            if match:
                yield Breach("open-to-all", path, line, match[0])


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
    thresholds_are_on_one_page,
    enum_switches_list_all_cases,
    verdicts_are_no_texts,
    files_are_short,
    headers_begin_well,
    nothing_is_unfinished,
    tests_open_nothing_to_all,
    maps_are_true,
)


def breaches(root: Path) -> list[Breach]:
    return [breach for rule in RULES for breach in rule(root)]
