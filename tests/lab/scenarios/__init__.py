# SPDX-License-Identifier: GPL-2.0-or-later
"""All scenarios, by the family of verdicts they belong to."""
import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(__name__ + "." + _module.name)
