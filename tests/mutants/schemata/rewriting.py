# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes a file anew so that mutant.h decides at run time which mutation it has.

Every change wraps an expression and never doubles it, so that wrappers nest: `a && b` becomes
`logic(7, true, turned(7, without(8, true, a)) && turned(7, without(9, true, b)))`, which is `a || b` for 7 (De Morgan), b for 8,
a for 9.
"""
import re

from clang.cindex import CursorKind as K

from .parsing import (FUNCTIONS, Source, children_in_order, core_of, is_bool, is_constant_expression, is_integer, qualified,
                      stretch)
from .points import Register

_BOUNDARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_WORDS = {"<": "less", "<=": "not_more", ">": "more", ">=": "not_less", "+": "sum", "-": "difference", "*": "product",
          "/": "quotient"}
_INVERSE = {"+": "-", "-": "+", "*": "/", "/": "*"}
# Tables that tables.h changes row by row.
_LARGE_TABLES = {"kCatalogue": "catalogue_rows", "kLimits": "limit_rows"}


class Rewriter:
    def __init__(self, source: Source, register: Register):
        self.source = source
        self.register = register
        self.function = ""
        self.unchanged: list[str] = []

    # --- text ---------------------------------------------------------------------------------------

    def whole(self) -> str:
        return self._splice(0, len(self.source.bytes), self.source.tops)

    def _splice(self, start: int, end: int, children) -> str:
        out, at = [], start
        for child in children:
            first, last = stretch(child)
            text = self.render(child)
            if first < at or text is None:
                continue
            out += [self.source.text(at, first), text]
            at = last
        return "".join(out) + self.source.text(at, end)

    def _inside(self, cursor) -> str:
        return self._splice(*stretch(cursor), children_in_order(self.source, cursor))

    def _new(self, cursor, *changes: str) -> int:
        start, _ = stretch(cursor)
        return self.register.add(self.source.name, self.source.line(start), self._place(start), self.source.of(cursor), list(changes))

    def _place(self, offset: int) -> str:
        if self.source.name != "verdict/catalogue.h":
            return self.function
        slugs = re.findall(rb'\.slug = "([^"]*)"', self.source.bytes[:offset])
        return slugs[-1].decode() if slugs else self.function

    # --- what is left as it is --------------------------------------------------------------------------

    def _is_left_alone(self, cursor) -> bool:
        if cursor.kind in FUNCTIONS | {K.VAR_DECL} and is_constant_expression(self.source, cursor):
            # Rows of the catalogue are constants, the lambdas in them are not.
            return not (cursor.kind == K.VAR_DECL and "[](" in self.source.of(cursor))
        return cursor.kind in {K.STATIC_ASSERT, K.ENUM_DECL, K.TYPE_REF, K.TEMPLATE_REF, K.PARM_DECL, K.FIELD_DECL}

    # --- one cursor ---------------------------------------------------------------------------------------

    def render(self, cursor) -> str | None:
        if self._is_left_alone(cursor):
            return None
        if cursor.kind in FUNCTIONS:
            self.function = cursor.spelling
            return self._function(cursor)
        if cursor.kind in {K.LAMBDA_EXPR}:
            return self._lambda(cursor)
        if not self.in_body:
            return self._inside(cursor)
        return self._in_body(cursor)

    in_body = False

    def _function(self, cursor) -> str:
        bodies = [c for c in children_in_order(self.source, cursor) if c.kind == K.COMPOUND_STMT]
        before, self.in_body = self.in_body, True
        text = self._splice(*stretch(cursor), bodies)
        self.in_body = before
        return text

    _lambda = _function

    def _in_body(self, cursor) -> str | None:
        handler = getattr(self, "_" + cursor.kind.name.lower(), None)
        if handler is not None:
            return handler(cursor)
        return self._inside(cursor)

    def _decl_ref_expr(self, cursor) -> str:
        text = self.source.of(cursor)
        target = cursor.referenced
        if target is None:
            return text
        if target.kind == K.ENUM_CONSTANT_DECL:
            return self._enumerator(cursor, target)
        if target.kind == K.VAR_DECL and re.match(r"k[A-Z]", target.spelling) and target.semantic_parent.kind == K.NAMESPACE:
            return self._constant(cursor, target)
        return text

    def _enumerator(self, cursor, target) -> str:
        text = self.source.of(cursor)
        names = [c for c in target.semantic_parent.get_children() if c.kind == K.ENUM_CONSTANT_DECL]
        if len(names) < 2:
            return text
        places = [c.spelling for c in names]
        other = names[(places.index(target.spelling) + 1) % len(names)]
        number = self._new(cursor, other.spelling)
        return f"mutant::pick({number}, {text}, {qualified(other)})"

    def _constant(self, cursor, target) -> str:
        text = self.source.of(cursor)
        file = target.location.file.name if target.location.file else ""
        if target.spelling in _LARGE_TABLES:
            return text if self.function == "row_of" else f"mutant::{_LARGE_TABLES[target.spelling]}({text})"
        if is_integer(target):
            if file.endswith("wire/thresholds.h"):
                number = self.register.thresholds.get(target.spelling)  # units have none
                return f"mutant::scaled({number}, {text})" if number else text
            number = self.register.constant(target.spelling, self.source.name, target.location.line)
            return f"mutant::scaled({number}, {text})"
        size = re.match(r"const std::array<.*?(\d+)(UL|ul)?>$", target.type.get_canonical().spelling)
        if size:
            key = self.source.name + "::" + target.spelling
            if key not in self.register.shared:
                changes = [f"without entry {i + 1}" for i in range(int(size.group(1)))]
                self.register.shared[key] = self.register.add(self.source.name, target.location.line, target.spelling,
                                                              target.spelling, changes)
            return f"mutant::table<{self.register.shared[key]}>({text})"
        return text

    def _integer_literal(self, cursor) -> str:
        text = self.source.of(cursor)
        if not re.fullmatch(r"[0-9a-fA-Fx']+[uUlL]*", text):
            return text
        return f"mutant::number({self._new(cursor, text + ' + 1')}, {text})"

    def _cxx_bool_literal_expr(self, cursor) -> str:
        text = self.source.of(cursor)
        return f"mutant::flip({self._new(cursor, 'false' if text == 'true' else 'true')}, {text})"

    def _operands(self, cursor):
        children = children_in_order(self.source, cursor)
        if len(children) == 3:  # an operator function stands between its operands
            children = [children[0], children[2]]
        if len(children) != 2:
            return None
        (_, end), (start, _) = stretch(children[0]), stretch(children[1])
        return children[0], self.source.text(end, start).strip(), children[1]

    def _rendered(self, cursor) -> str:
        text = self.render(cursor)
        return self.source.of(cursor) if text is None else text

    def _binary_operator(self, cursor) -> str:
        parts = self._operands(cursor)
        if parts is None:
            return self._inside(cursor)
        left, operator, right = parts
        if operator in {"&&", "||"}:
            return self._logic(cursor, left, operator, right)
        if operator in _BOUNDARY:
            number = self._new(cursor, _BOUNDARY[operator], _OPPOSITE[operator])
            word = _WORDS[operator]
            return f"mutant::flip({number + 1}, mutant::{word}({number}, {self._rendered(left)}, {self._rendered(right)}))"
        if operator in {"==", "!="}:
            number = self._new(cursor, _OPPOSITE[operator])
            return f"mutant::flip({number}, {self._rendered(left)} {operator} {self._rendered(right)})"
        if operator in _INVERSE and is_integer(cursor):
            number = self._new(cursor, _INVERSE[operator])
            return f"mutant::{_WORDS[operator]}({number}, {self._rendered(left)}, {self._rendered(right)})"
        return self._inside(cursor)

    def _logic(self, cursor, left, operator: str, right) -> str:
        number = self._new(cursor, "|| for &&" if operator == "&&" else "&& for ||",
                           "without " + self.source.of(left), "without " + self.source.of(right))

        neutral = "true" if operator == "&&" else "false"

        def side(operand, dropped: int) -> str:
            return f"mutant::turned({number}, mutant::without({dropped}, {neutral}, {self._rendered(operand)}))"

        return f"mutant::logic({number}, {neutral}, {side(left, number + 1)} {operator} {side(right, number + 2)})"

    def _unary_operator(self, cursor) -> str:
        text = self._inside(cursor)
        if self.source.of(cursor).startswith("!"):
            return f"mutant::flip({self._new(cursor, 'without !')}, {text})"
        return text

    def _unexposed_expr(self, cursor) -> str:
        """C++20 reads `a != b` as `!(a == b)`, and libclang shows that."""
        children = list(cursor.get_children())
        if len(children) != 1 or children[0].kind != K.UNARY_OPERATOR or not self.source.of(children[0]).startswith("!="):
            return self._inside(cursor)
        left, right = self._operands(next(children[0].get_children()))[::2]
        return f"mutant::flip({self._new(cursor, '==')}, {self._rendered(left)} != {self._rendered(right)})"

    def _conditional_operator(self, cursor) -> str:
        parts = children_in_order(self.source, cursor)
        if len(parts) != 3:
            return self._inside(cursor)
        number = self._new(cursor, "always " + self.source.of(parts[2]), "always " + self.source.of(parts[1]))
        a, b, c = (self._rendered(p) for p in parts)
        return f"(mutant::condition({number}, {a}) ? {b} : {c})"

    def _call_expr(self, cursor) -> str:
        text = self._inside(cursor)
        if cursor.spelling in {"operator==", "operator!="} and self._operands(cursor) is not None:
            return f"mutant::flip({self._new(cursor, 'negated')}, {text})"
        whole = self.source.of(cursor)
        if whole.startswith(("std::max(", "std::min(")) and whole[9] != "{":
            word = "min" if whole.startswith("std::max(") else "max"
            number = self._new(cursor, "std::" + word)
            return f"mutant::{whole[5:8]}({number}, " + text[len("std::max("):]
        if whole.startswith("other(") and cursor.spelling == "other":
            return f"mutant::side({self._new(cursor, 'without other()')}, {text})"
        return text

    # --- statements -------------------------------------------------------------------------------------------

    def _compound_stmt(self, cursor) -> str:
        return self._splice_statements(cursor, children_in_order(self.source, cursor))

    def _splice_statements(self, cursor, statements) -> str:
        start, end = stretch(cursor)
        out, at = [], start
        for statement in statements:
            first, last = stretch(statement)
            text = self.render(statement)
            if text is None:
                continue
            out += [self.source.text(at, first), self._perhaps_removed(statement, text)]
            at = last
        return "".join(out) + self.source.text(at, end)

    def _perhaps_removed(self, statement, text: str) -> str:
        if statement.kind.is_expression():
            return f"(mutant::on({self._new(statement, 'removed')}) ? void() : void({text}))"
        if statement.kind in {K.BREAK_STMT, K.CONTINUE_STMT}:
            return f"if (!mutant::on({self._new(statement, 'removed')})) {text}"
        return text

    def _if_stmt(self, cursor) -> str:
        children = children_in_order(self.source, cursor)
        condition = next((c for c in children if c.kind.is_expression()), None)
        end = stretch(condition)[1] if condition is not None else 0
        is_plain = condition is not None and self.source.bytes[end:end + 1] == b")"
        parts = []
        for child in children:
            text = self._rendered(child)
            if child is condition and is_plain:
                text = f"mutant::condition({self._new(condition, 'never', 'always')}, {text})"
            elif child is not condition or not is_plain:
                text = self._perhaps_removed(child, text)
            parts.append((child, text))
        return self._joined(cursor, parts)

    def _joined(self, cursor, parts) -> str:
        start, end = stretch(cursor)
        out, at = [], start
        for child, text in parts:
            first, last = stretch(child)
            out += [self.source.text(at, first), text]
            at = last
        return "".join(out) + self.source.text(at, end)

    def _for_stmt(self, cursor) -> str:
        """Only the body: a changed head runs out of its array, which proves nothing."""
        body = children_in_order(self.source, cursor)[-1]
        return self._joined(cursor, [(body, self._perhaps_removed(body, self._rendered(body)))])

    def _cxx_for_range_stmt(self, cursor) -> str:
        children = children_in_order(self.source, cursor)
        body = children[-1]
        parts = [(c, self._rendered(c)) for c in children[:-1]]
        return self._joined(cursor, [*parts, (body, self._perhaps_removed(body, self._rendered(body)))])

    def _case_stmt(self, cursor) -> str:
        children = children_in_order(self.source, cursor)
        return self._joined(cursor, [(c, self._perhaps_removed(c, self._rendered(c))) for c in children[1:]])

    def _return_stmt(self, cursor) -> str:
        text = self._inside(cursor)
        children = children_in_order(self.source, cursor)
        if not children or not self._is_bare_bool(children[0]):
            return text
        inner = self._rendered_before(text, "return ")
        return f"return mutant::flip({self._new(children[0], 'negated')}, {inner})"

    @staticmethod
    def _rendered_before(text: str, word: str) -> str:
        return text[len(word):]

    def _var_decl(self, cursor) -> str:
        children = children_in_order(self.source, cursor)
        name_at = cursor.location.offset
        values = [c for c in children if stretch(c)[0] > name_at]
        parts = []
        for value in values:
            text = self._rendered(value)
            start = stretch(value)[0]
            is_plain = self.source.text(start - 2, start) == "= "
            if is_plain and is_bool(cursor) and self._is_bare_bool(value):
                text = f"mutant::flip({self._new(value, 'negated')}, {text})"
            parts.append((value, text))
        return self._joined(cursor, parts)

    def _is_bare_bool(self, value) -> bool:
        inner = core_of(value)
        return is_bool(value) and inner.kind in {K.CALL_EXPR, K.MEMBER_REF_EXPR, K.DECL_REF_EXPR} and \
            not inner.spelling.startswith("operator")
