// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>
#include <vector>

// What the rewritten rules ask: which mutation they have today. `active` 0 is the program as it is; a
// function that is given number n may have further mutations n + 1, … .
namespace tcpteardown::mutant {

inline int active = 0;

// Which mutations would have changed the value of their expression at least once, if they had been chosen:
// the others can change no answer.
inline constexpr std::size_t kNumbers = 100'000;
inline std::array<bool, kNumbers> reached{};

// With `differs`: what this mutation would make of it is something else.
inline bool on(int number, bool differs = true) {
  if (differs) reached[static_cast<std::size_t>(number)] = true;
  return active == number;
}

template <typename T>
bool flip(int number, const T& value) {
  return static_cast<bool>(value) != on(number);
}

// An operand of && (whose neutral value is true) or ||, and both of them, turned round for the other
// operator.
template <typename T>
bool without(int number, bool neutral, const T& value) {
  const bool is = static_cast<bool>(value);
  return on(number, is != neutral) ? neutral : is;
}
inline bool turned(int number, bool value) { return value != (active == number); }
inline bool logic(int number, bool neutral, bool value) { return value != on(number, value != neutral); }

// Never, always.
template <typename T>
bool condition(int number, const T& value) {
  const bool is = static_cast<bool>(value);
  if (on(number, is)) return false;
  return on(number + 1, !is) || is;
}

template <typename T>
T choose(int number, T value, T other) {
  return on(number, value != other) ? other : value;
}

template <typename A, typename B>
bool less(int number, const A& a, const B& b) {
  return choose<bool>(number, a < b, a <= b);
}
template <typename A, typename B>
bool not_more(int number, const A& a, const B& b) {
  return choose<bool>(number, a <= b, a < b);
}
template <typename A, typename B>
bool more(int number, const A& a, const B& b) {
  return choose<bool>(number, a > b, a >= b);
}
template <typename A, typename B>
bool not_less(int number, const A& a, const B& b) {
  return choose<bool>(number, a >= b, a > b);
}

template <typename A, typename B>
auto sum(int number, A a, B b) {
  return on(number, b != 0) ? a - b : a + b;
}
template <typename A, typename B>
auto difference(int number, A a, B b) {
  return on(number, b != 0) ? a + b : a - b;
}
template <typename A, typename B>
auto product(int number, A a, B b) {
  return on(number) ? a / b : a * b;
}
template <typename A, typename B>
auto quotient(int number, A a, B b) {
  return on(number) ? a * b : a / b;
}

template <typename T>
T number(int number, T value) {
  return on(number) ? static_cast<T>(value + 1) : value;
}

// Half, twice.
template <typename T>
T scaled(int number, T value) {
  if (on(number)) return static_cast<T>(value / 2);
  return on(number + 1) ? static_cast<T>(value * 2) : value;
}

template <typename T>
T pick(int number, T value, T other) {
  return on(number) ? other : value;
}

template <typename T>
T max(int number, T a, T b) {
  return choose(number, std::max(a, b), std::min(a, b));
}
template <typename T>
T min(int number, T a, T b) {
  return choose(number, std::min(a, b), std::max(a, b));
}

template <typename S>
S side(int number, S s) {
  if (!on(number)) return s;
  return s == S::a ? S::b : S::a;
}

// Without one of its entries.
template <int number, typename T, std::size_t n>
const std::vector<T>& table(const std::array<T, n>& entries) {
  static std::vector<T> kept;
  static int made_for = -1;
  for (std::size_t i = 0; i < n; ++i) (void)on(number + static_cast<int>(i));
  if (made_for == active) return kept;
  made_for = active;
  kept.assign(entries.begin(), entries.end());
  const int left_out = active - number;
  if (left_out >= 0 && left_out < static_cast<int>(n)) kept.erase(kept.begin() + left_out);
  return kept;
}

}  // namespace tcpteardown::mutant
