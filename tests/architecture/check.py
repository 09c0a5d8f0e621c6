#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks the checkout against the rules of the house; prints each breach as file:line."""

import sys
from pathlib import Path

import rules

root = Path(sys.argv[1]).resolve()
found = rules.breaches(root)
for breach in found:
    print(breach._replace(path=breach.path.relative_to(root)))
print(f"{len(rules.source_files(root))} files, {len(found)} breaches")
sys.exit(1 if found else 0)
