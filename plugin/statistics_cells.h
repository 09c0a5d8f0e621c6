// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>

#include <cstdint>
#include <string_view>

// The cells of epan's statistics tables. Strings belong to the cell.
namespace tcpteardown {

void add_row(stat_tap_table* table);  // of empty cells
void set_text(stat_tap_table* table, guint row, guint column, std::string_view text);
// epan's cells hold 32 bits; what is more stands as the highest number.
void set_number(stat_tap_table* table, guint row, guint column, std::uint64_t number);
void remove_last_row(stat_tap_table* table);
void remove_rows(stat_tap_table* table);
// epan's callback, for each cell of a table that goes.
void free_cell(stat_tap_table* table, guint row, guint column, stat_tap_table_item_type* cell);

// A table is sorted by its first column, so the name of a severity starts with its rank: "1 error".
[[nodiscard]] const char* ranked(std::string_view severity);

// The table of a statistic, made empty for a new count.
[[nodiscard]] stat_tap_table* start_table(stat_tap_table_ui* statistic, const char* name);

}  // namespace tcpteardown
