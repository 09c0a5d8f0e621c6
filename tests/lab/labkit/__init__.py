# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes TCP connections end on purpose and writes down what happened."""
