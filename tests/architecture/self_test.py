#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Shows that each rule can fail: breaks a small tree in one way at a time."""

import tempfile
import unittest
from pathlib import Path

import rules

SPDX = "// SPDX-License-Identifier: GPL-2.0-or-later\n"
CLEAN = {
    "CMakeLists.txt": "# SPDX-License-Identifier: GPL-2.0-or-later\n",
    "README.md": "| where | file |\n|---|---|\n| the order of numbers | `analysis_core/wire/seq.h` |\n",
    "CONTRIBUTING.md": "See [the map](analysis_core/README.md).\n",
    "analysis_core/README.md": "| order | [seq](wire/seq.h) |\n",
    "analysis_core/wire/seq.h": SPDX + "#pragma once\n#include <cstdint>\n",
    "analysis_core/tracking/fin.h": SPDX + '#pragma once\n#include "wire/seq.h"\n',
    "analysis_core/tracking/fin.cpp": SPDX
    + '#include "tracking/fin.h"\n// throw nothing\nconst char* k = "abort()";\nstruct F { F() = delete; };\n'
    + "// 20'000'000 ns\nbool f(int count) { return count > 1; }\nlong f(long s) { return s * kSecond; }\n"
    + "int f(int n) {\n  switch (n) {\n    case 1: return 2;\n    default: return 3;\n  }\n}\n",
    "analysis_core/state/state.h": SPDX + '#pragma once\n#include "tracking/fin.h"\n',
    "analysis_core/evidence/loss.h": SPDX + '#pragma once\n#include "tracking/fin.h"\n',
    "analysis_core/verdict/catalogue.h": SPDX
    + '#pragma once\n// "graceful" is one\nconstexpr Verdict k{\n    .slug = "graceful",\n};\n'
    + 'inline auto n(Family f) {\n  switch (f) {\n    case Family::graceful: return "graceful";\n  }\n}\n'
    + 'inline bool is(VerdictId id) { return id == "graceful"_verdict; }\n',
    "analysis_core/verdict/judge.h": SPDX + '#pragma once\n#include "state/state.h"\n#include "evidence/loss.h"\n',
    "analysis_core/findings/finding.h": SPDX + '#pragma once\n#include "verdict/judge.h"\n',
    "analysis_core/report/report.h": SPDX + '#pragma once\n#include "findings/finding.h"\n',
    "analysis_core/formats/json.h": SPDX + '#pragma once\n#include "report/report.h"\n',
    "analysis_core/capture/pcap.h": SPDX + '#pragma once\n#include <pcap/pcap.h>\n#include "wire/seq.h"\n',
    "analysis_core/tools/main.cpp": SPDX + '#include <iostream>\n#include "report/report.h"\n',
    "tests/plugin/room.py": "# SPDX-License-Identifier: GPL-2.0-or-later\nos.mkdir(room, mode=0o700)\n",
    "plugin/fields.cpp": SPDX + '#include <epan/packet.h>\n#include "report/report.h"\n',
}

# (rule that must speak, file, text added to it)
BROKEN = [
    ("arrows", "analysis_core/wire/seq.h", '#include "tracking/fin.h"\n'),
    ("arrows", "analysis_core/tracking/fin.h", '#include "state/state.h"\n'),
    ("arrows", "analysis_core/state/state.h", '#include "evidence/loss.h"\n'),
    ("arrows", "analysis_core/evidence/loss.h", '#include "state/state.h"\n'),
    ("arrows", "analysis_core/evidence/loss.h", '#include "../verdict/judge.h"\n'),
    ("arrows", "analysis_core/verdict/judge.h", '#include "report/report.h"\n'),
    ("arrows", "analysis_core/capture/pcap.h", '#include "evidence/loss.h"\n'),
    ("arrows", "plugin/fields.cpp", '#include "capture/pcap.h"\n'),
    ("arrows", "analysis_core/report/report.h", '#include "report/gone.h"\n'),
    ("arrows", "analysis_core/findings/finding.h", '#include "report/report.h"\n'),
    ("arrows", "analysis_core/report/report.h", '#include "formats/json.h"\n'),
    ("core-headers", "analysis_core/report/report.h", "#include <iostream>\n"),
    ("core-headers", "analysis_core/wire/seq.h", "#include <epan/packet.h>\n"),
    ("core-headers", "analysis_core/wire/seq.h", "#include <glib.h>\n"),
    ("core-headers", "analysis_core/wire/seq.h", "#include <pcap/pcap.h>\n"),
    ("core-headers", "analysis_core/wire/seq.h", "#include <thread>\n"),
    ("core-words", "analysis_core/report/report.h", 'inline void f() { std::cout << "x"; }\n'),
    ("core-words", "analysis_core/tracking/fin.cpp", "void g() { std::abort(); }\n"),
    ("core-words", "analysis_core/tracking/fin.cpp", "void g() { throw 1; }\n"),
    ("core-words", "analysis_core/tracking/fin.cpp", "auto g() { return std::chrono::steady_clock::now(); }\n"),
    ("core-words", "analysis_core/tracking/fin.cpp", "int* g() { return new int; }\n"),
    ("threshold", "analysis_core/tracking/fin.cpp", "bool g(long ns) { return ns < 20'000'000; }\n"),
    ("threshold", "analysis_core/tracking/fin.cpp", "bool g(long ns) { return ns < 20000000; }\n"),
    ("threshold", "analysis_core/state/state.h", "inline bool g(long ns) { return ns < kSecond / 5; }\n"),
    ("threshold", "analysis_core/evidence/loss.h", "inline bool g(long ns) { return ns < 3 * kSecond; }\n"),
    ("threshold", "analysis_core/verdict/judge.h", "inline constexpr long kLongNs = f();\n"),
    ("threshold", "analysis_core/verdict/judge.h", "inline bool g(const Run& run) { return run.count >= 3; }\n"),
    (
        "enum-switch",
        "analysis_core/tracking/fin.cpp",
        "int h(E e) {\n  switch (e) {\n    case E::one: return 1;\n    default: return 2;\n  }\n}\n",
    ),
    ("verdict-text", "analysis_core/report/report.h", 'inline bool f(Text s) { return s == "graceful"; }\n'),
    ("verdict-text", "plugin/fields.cpp", 'bool f(const Report& r) { return r.verdict != "graceful"; }\n'),
    ("verdict-text", "analysis_core/verdict/judge.h", 'inline bool f(Row r) { return is(r, "graceful"); }\n'),
    ("verdict-text", "analysis_core/verdict/catalogue.h", 'inline auto f() { return find("graceful"); }\n'),
    ("length", "analysis_core/tracking/fin.cpp", "int x;\n" * 400),
    ("licence", "plugin/new.cpp", "int x;\n"),
    ("pragma-once", "plugin/new.h", SPDX),
    ("open-to-all", "tests/plugin/room.py", "room.chmod(0o" + "777)\n"),
    ("unfinished", "plugin/fields.cpp", "// TO" + "DO later\n"),
    ("unfinished", "plugin/fields.cpp", "#if " + "0\n"),
    ("map", "README.md", "| gone | `analysis_core/wire/gone.h` |\n"),
    ("map", "CONTRIBUTING.md", "[gone](packaging/gone)\n"),
]


def plant(root: Path, files: dict) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


class RulesCanFail(unittest.TestCase):
    def test_clean_tree_passes(self):
        with tempfile.TemporaryDirectory() as folder:
            plant(Path(folder), CLEAN)
            self.assertEqual([], rules.breaches(Path(folder)))

    def test_each_breach_is_named(self):
        for rule, name, addition in BROKEN:
            with self.subTest(rule=rule, addition=addition[:60]), tempfile.TemporaryDirectory() as folder:
                plant(Path(folder), CLEAN | {name: CLEAN.get(name, "") + addition})
                self.assertEqual([rule], [breach.rule for breach in rules.breaches(Path(folder))])

    def test_missing_page_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            plant(Path(folder), {k: v for k, v in CLEAN.items() if k != "analysis_core/README.md"})
            self.assertIn("map", [breach.rule for breach in rules.breaches(Path(folder))])


if __name__ == "__main__":
    unittest.main()
