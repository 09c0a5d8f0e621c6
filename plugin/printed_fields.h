// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

// What tshark will print of a tree that it makes visible. For -T fields a tshark before 4.4 dissects as if it
// printed the whole tree, and tells no dissector which fields it wants; only its command line says so.
namespace tcpteardown {

// Some of our fields are named on the command line.
[[nodiscard]] bool our_fields_are_named();

// Only fields that are named there (-e) are printed, none of ours and nothing that shows ours.
[[nodiscard]] bool only_other_fields_are_printed();

// Long texts are shown in lines, as in the window. What tshark writes for other programs has a text as one
// value.
[[nodiscard]] bool lines_are_read();

}  // namespace tcpteardown
