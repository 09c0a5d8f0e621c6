// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "report/scene.h"

// The places {like_this} in the texts of report/words_*.cpp, and what fills them.
//
// A place may be a clause that brings its own comma or blank, and expands to nothing where it has
// nothing to say. Roles come in two forms: {closer} is "client 10.0.0.1:4711" and {the_closer} is
// "the client"; so for client, server, closer, peer (the closer's), first and second (to send a FIN).
namespace tcpteardown {

struct Place {
  std::string_view name;
  std::string_view generic;  // what stands in the page of a verdict, which knows no connection
  std::string (*fill)(const Scene&);
};

// By subject; a name stands in one of them only.
[[nodiscard]] std::span<const Place> role_places();
[[nodiscard]] std::span<const Place> opening_places();
[[nodiscard]] std::span<const Place> closing_places();
[[nodiscard]] std::span<const Place> half_close_places();
[[nodiscard]] std::span<const Place> reset_places();
[[nodiscard]] std::span<const Place> trigger_places();
[[nodiscard]] std::span<const Place> third_party_places();
[[nodiscard]] std::span<const Place> loss_places();
[[nodiscard]] std::span<const Place> timeout_places();
[[nodiscard]] std::span<const Place> unfinished_places();

// What met a closed socket, and that it is lost: "50 bytes from the client are lost".
[[nodiscard]] std::string rejected(const Scene& scene);

// What both sides sent: "100 bytes from the client and 200 bytes from the server".
[[nodiscard]] std::string totals(const Scene& scene);

[[nodiscard]] const Place* find_place(std::string_view name);

// The text with every place filled in.
[[nodiscard]] std::string fill_in(std::string_view text, const Scene& scene);
[[nodiscard]] std::string fill_in_generic(std::string_view text);

}  // namespace tcpteardown
