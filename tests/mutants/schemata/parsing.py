# SPDX-License-Identifier: GPL-2.0-or-later
"""A C++ file as libclang sees it: cursors with the stretch of source that each covers."""
import re
from pathlib import Path

from clang import cindex
from clang.cindex import CursorKind as K

ARGUMENTS = ["-x", "c++", "-std=c++20", "-I/usr/lib/llvm-14/lib/clang/14.0.6/include", "-Wno-pragma-once-outside-header"]
WRAPPERS = {K.UNEXPOSED_EXPR, K.PAREN_EXPR}
FUNCTIONS = {K.FUNCTION_DECL, K.CXX_METHOD, K.FUNCTION_TEMPLATE, K.CONSTRUCTOR, K.CONVERSION_FUNCTION}


class Source:
    """One file, its bytes (libclang counts bytes) and its top cursors."""

    def __init__(self, core: Path, path: Path):
        self.path = path
        self.name = str(path.relative_to(core))
        self.bytes = path.read_bytes()
        unit = cindex.Index.create().parse(str(path), args=[*ARGUMENTS, f"-I{core}"])
        errors = [str(d) for d in unit.diagnostics if d.severity >= cindex.Diagnostic.Error]
        if errors:
            raise SystemExit(f"{path}: clang does not understand it: {errors[0]}")
        self.unit = unit  # keeps the cursors alive
        self.tops = [c for c in unit.cursor.get_children() if c.location.file and c.location.file.name == str(path)]

    def text(self, start: int, end: int) -> str:
        return self.bytes[start:end].decode()

    def of(self, cursor) -> str:
        return self.text(*stretch(cursor))

    def line(self, offset: int) -> int:
        return self.bytes.count(b"\n", 0, offset) + 1


def stretch(cursor) -> tuple[int, int]:
    return cursor.extent.start.offset, cursor.extent.end.offset


def core_of(cursor):
    """Without the implicit conversions and parentheses around it."""
    while cursor.kind in WRAPPERS:
        children = list(cursor.get_children())
        if len(children) != 1:
            return cursor
        cursor = children[0]
    return cursor


def children_in_order(source: Source, cursor) -> list:
    """Those in this file that do not overlap: some forms of an initialiser come twice."""
    found, end = [], -1
    inside = stretch(cursor)
    here = [c for c in cursor.get_children() if c.extent.start.file and c.extent.start.file.name == str(source.path)]
    for child in sorted(here, key=lambda c: (c.extent.start.offset, -c.extent.end.offset)):
        first, last = stretch(child)
        if first >= end and inside[0] <= first < last <= inside[1]:
            found.append(child)
            end = last
    return found


def is_bool(cursor) -> bool:
    return cursor.type.get_canonical().spelling.removeprefix("const ") == "bool"


def is_integer(cursor) -> bool:
    name = cursor.type.get_canonical().spelling.removeprefix("const ")
    return name in {"int", "long", "unsigned int", "unsigned long", "long long", "unsigned long long", "short",
                    "unsigned short", "unsigned char", "signed char"}


def qualified(cursor) -> str:
    names = []
    while cursor is not None and cursor.kind != K.TRANSLATION_UNIT:
        if cursor.spelling and not (cursor.kind == K.NAMESPACE and cursor.spelling.startswith("(")):
            names.append(cursor.spelling)
        cursor = cursor.semantic_parent
    return "::".join(reversed(names))


def is_constant_expression(source: Source, cursor) -> bool:
    """A declaration with constexpr or static in front of its name: computed once, before any choice."""
    start, _ = stretch(cursor)
    return bool(re.search(r"\b(constexpr|consteval|static)\b", source.text(start, cursor.location.offset)))
