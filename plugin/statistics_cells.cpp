// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics_cells.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "formats/tally.h"

namespace tcpteardown {

void add_row(stat_tap_table* table) {
  const std::vector<stat_tap_table_item_type> empty(table->num_fields);
  stat_tap_init_table_row(table, table->num_elements, table->num_fields, empty.data());
}

void free_cell(stat_tap_table*, guint, guint, stat_tap_table_item_type* cell) {
  if (cell->type == TABLE_ITEM_STRING) g_free(cell->user_data.ptr_value);
  cell->type = TABLE_ITEM_NONE;
}

void set_text(stat_tap_table* table, guint row, guint column, std::string_view text) {
  stat_tap_table_item_type* cell = stat_tap_get_field_data(table, row, column);
  free_cell(table, row, column, cell);
  // Twice, because the shown pointer is one to const and cannot be freed.
  char* copy = text.empty() ? g_strdup("") : g_strndup(text.data(), text.size());
  cell->type = TABLE_ITEM_STRING;
  cell->value.string_value = copy;
  cell->user_data.ptr_value = copy;
}

void set_number(stat_tap_table* table, guint row, guint column, std::uint64_t number) {
  stat_tap_table_item_type* cell = stat_tap_get_field_data(table, row, column);
  cell->type = TABLE_ITEM_UINT;
  cell->value.uint_value = static_cast<guint>(std::min<std::uint64_t>(number, G_MAXUINT));
}

void remove_last_row(stat_tap_table* table) {
  const guint row = table->num_elements - 1;
  for (guint column = 0; column < table->num_fields; ++column) {
    free_cell(table, row, column, stat_tap_get_field_data(table, row, column));
  }
  g_free(table->elements[row]);
  table->num_elements = row;
}

void remove_rows(stat_tap_table* table) {
  while (table->num_elements > 0) remove_last_row(table);
}

const char* ranked(std::string_view severity) {
  constexpr std::array<const char*, 5> kRanked{"1 error", "2 warning", "3 note", "4 chat", "5 none"};
  return kRanked[static_cast<std::size_t>(badness(severity))];
}

stat_tap_table* start_table(stat_tap_table_ui* statistic, const char* name) {
  // A second count in the same dialog comes with the table of the first.
  if (stat_tap_table* table = stat_tap_find_table(statistic, name)) {
    remove_rows(table);
    return table;
  }
  stat_tap_table* table = stat_tap_init_table(name, static_cast<int>(statistic->nfields), 0, nullptr);
  stat_tap_add_table(statistic, table);
  return table;
}

}  // namespace tcpteardown
