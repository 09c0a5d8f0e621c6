// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tracking/connection.h"
#include "tracking/connection_table.h"

// Asks many mutants about the same connections. Segments are folded once: tracking/ is not mutated.
namespace tcpteardown::test {

enum class Fate : int { survived, not_reached, by_answers, by_recipes, by_variants, by_tests, crash, time };

[[nodiscard]] const char* to_string(Fate fate);

// Connections whose answers are known: a capture, a script, or a variant of one.
struct Told {
  std::vector<Connection> connections;
  CaptureEnd end;

  Told() = default;
  explicit Told(const ConnectionTable& table);
};

// Gives the n-th case to the mutants: what it is told as, perhaps in many ways.
using Take = std::function<void(const Told& told)>;
using Tell = std::function<void(std::size_t n, const Take& take)>;
// What a connection is judged to be, in whatever detail.
using Wording = std::string (*)(const Connection& connection, CaptureEnd end);
// Is told of each mutant that was noticed, and in which case.
using Notice = std::function<void(int number, Fate fate, std::size_t n)>;

class Jury {
 public:
  Jury(std::vector<int> numbers, int jobs);

  // Asks all that are left about `count` cases; who answers otherwise has this fate.
  void ask(std::size_t count, Fate fate, Wording wording, const Tell& tell, const Notice& notice);

  void set_fate(int number, Fate fate, std::size_t n, const Notice& notice);
  [[nodiscard]] std::vector<int> left() const;
  [[nodiscard]] bool was_reached(int number) const;

 private:
  struct Shared;
  struct Question {
    Fate fate;
    Wording wording;
    const Notice& notice;
    std::size_t job;
  };
  void work(const Question& question, std::size_t count, const Tell& tell);
  void take(const Told& told, const Question& question);
  [[nodiscard]] bool is_left(int number) const;

  std::vector<int> numbers_;
  std::size_t jobs_;
  Shared* shared_;  // with the processes that are forked
};

}  // namespace tcpteardown::test
