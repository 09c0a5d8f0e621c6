# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a copy of the rules in which every mutation can be chosen at run time."""
