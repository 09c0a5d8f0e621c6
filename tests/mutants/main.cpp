// SPDX-License-Identifier: GPL-2.0-or-later
// mutants ROOT list             the changes of the two large tables, as mutants.tsv has the others
// mutants ROOT run < NUMBERS    one process for each mutant: which are killed, by what
// mutants ROOT scale < NUMBERS  how many connections get another answer
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "goldens.h"
#include "numbers.h"
#include "script_check.h"
#include "tables.h"
#include "variants.h"
#include "wire/thresholds.h"

namespace tcpteardown::test {
namespace {

constexpr int kJobs = 2;
constexpr rlim_t kSeconds = 20;  // of processor time; who needs more runs in circles

enum Fate : int { survived = 0, by_answers = 1, by_tests = 2, by_variants = 3 };

// Which mutations were asked for: elsewhere they can change nothing.
using Reached = std::vector<bool>;

Reached take_reached() {
  Reached taken(mutant::reached.begin(), mutant::reached.end());
  mutant::reached.fill(false);
  return taken;
}

bool meets(const Reached& reached, int number) {
  return number >= mutant::kFirstOfCatalogue || reached[static_cast<std::size_t>(number)];
}

// A capture or script whose segments are folded already: tracking/ is not mutated.
struct Case {
  std::string path;
  std::unique_ptr<Analysis> analysis;
  std::string answers;
  Reached reached;
};

// A script in all its variants; their answers' hashes.
struct VariedCase {
  Exchange exchange;
  std::vector<std::size_t> answers;
  Reached reached;
};

struct Cases {
  std::vector<Case> files;
  std::vector<VariedCase> scripts;
  Reached by_tests;
};

std::size_t hash_of(const ConnectionTable& table) { return std::hash<std::string>{}(answers_of("", table)); }

Cases load(const std::string& root) {
  Cases cases;
  for (const AnswerFile& file : answer_files(root)) {
    auto analysis = std::make_unique<Analysis>();
    (void)analyse_file(file.path, *analysis);
    std::string answers = answers_of("", analysis->table());
    cases.files.push_back({file.path, std::move(analysis), std::move(answers), take_reached()});
  }
  for (const std::string& path : scripts_below(root + "/tests/scripts")) {
    cases.scripts.push_back({exchange_of(path), {}, {}});
    VariedCase& script = cases.scripts.back();
    for_each_variant(script.exchange, [&script](const std::string&, const ConnectionTable& table) {
      script.answers.push_back(hash_of(table));
      return true;
    });
    script.reached = take_reached();
  }
  return cases;
}

bool answers_differ(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    if (!meets(one.reached, mutant::active)) continue;
    if (answers_of("", one.analysis->table()) != one.answers) return true;
  }
  return false;
}

bool variants_differ(const std::vector<VariedCase>& cases) {
  bool differ = false;
  for (const VariedCase& one : cases) {
    if (!meets(one.reached, mutant::active)) continue;
    std::size_t next = 0;
    for_each_variant(one.exchange, [&](const std::string&, const ConnectionTable& table) {
      differ = hash_of(table) != one.answers[next++];
      return !differ;
    });
    if (differ) break;
  }
  return differ;
}

Fate fate_of(int number, const Cases& cases) {
  mutant::active = number;
  if (answers_differ(cases.files)) return by_answers;
  // Its tests of all answers were made just now.
  GTEST_FLAG_SET(filter, "-Answers.*");
  if (meets(cases.by_tests, number) && RUN_ALL_TESTS() != 0) return by_tests;
  return variants_differ(cases.scripts) ? by_variants : survived;
}

void limit_time() {
  const rlimit limit{kSeconds, kSeconds};
  setrlimit(RLIMIT_CPU, &limit);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
}

std::string in_words(int status) {
  if (WIFSIGNALED(status))
    return WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL ? "time" : "crash";
  switch (WEXITSTATUS(status)) {
    case survived: return "survived";
    case by_answers: return "answers";
    case by_tests: return "tests";
    case by_variants: return "variants";
    default: return "crash";
  }
}

void report_one(std::map<pid_t, int>& running) {
  int status = 0;
  const pid_t child = wait(&status);
  std::cout << running[child] << '\t' << in_words(status) << std::endl;
  running.erase(child);
}

bool is_reached(int number, const Cases& cases) {
  const auto meets_it = [number](const auto& one) { return meets(one.reached, number); };
  return meets(cases.by_tests, number) || std::any_of(cases.files.begin(), cases.files.end(), meets_it) ||
         std::any_of(cases.scripts.begin(), cases.scripts.end(), meets_it);
}

void run(const std::vector<int>& numbers, const Cases& cases) {
  std::map<pid_t, int> running;
  for (const int number : numbers) {
    if (!is_reached(number, cases)) {
      std::cout << number << "\tnot reached" << std::endl;
      continue;
    }
    if (running.size() >= kJobs) report_one(running);
    const pid_t child = fork();
    if (child == 0) {
      limit_time();
      if (std::freopen("/dev/null", "w", stdout) == nullptr) _exit(9);
      _exit(fate_of(number, cases));
    }
    running[child] = number;
  }
  while (!running.empty()) report_one(running);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream{text};
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::size_t different_lines(const std::string& now, const std::string& before) {
  const std::vector<std::string> is = lines_of(now);
  const std::vector<std::string> was = lines_of(before);
  std::size_t count = std::max(is.size(), was.size()) - std::min(is.size(), was.size());
  for (std::size_t i = 0; i < std::min(is.size(), was.size()); ++i) count += is[i] != was[i] ? 1 : 0;
  return count;
}

// Thresholds are asked by tracking/ too, so everything is folded anew.
std::size_t changed_answers(const std::vector<Case>& cases) {
  const Settings settings{.idle_threshold_ns = mutant::scaled(mutant::number_of::kIdle, threshold::kIdle),
                          .silence_ns = mutant::scaled(mutant::number_of::kSilence, threshold::kSilence)};
  std::size_t count = 0;
  for (const Case& one : cases) {
    Analysis analysis;
    (void)analyse_file(one.path, analysis);
    count += different_lines(answers_of("", analysis.table(), settings), one.answers);
  }
  return count;
}

void scale(const std::vector<int>& numbers, const std::vector<Case>& cases) {
  std::size_t all = 0;
  for (const Case& one : cases) all += lines_of(one.answers).size();
  std::cout << "0\t" << all << '\n';
  for (const int number : numbers) {
    mutant::active = number;
    std::cout << number << '\t' << changed_answers(cases) << '\n';
  }
}

void list() {
  std::vector<mutant::Change> changes;
  const auto all = catalogue();
  mutant::list_changes(
      std::vector<Verdict>(all.begin(), all.end()), mutant::kFirstOfCatalogue,
      [](const Verdict& row) { return std::string(row.slug); }, changes);
  const auto rows = limits();
  const std::size_t of_catalogue = changes.size();
  mutant::list_changes(
      std::vector<Limit>(rows.begin(), rows.end()), mutant::kFirstOfLimits,
      [](const Limit& row) { return std::string(row.why); }, changes);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    std::cout << changes[i].number << "\tverdict/" << (i < of_catalogue ? "catalogue.h" : "limits.cpp")
              << "\t0\trow\t" << changes[i].row << '\t' << changes[i].what << '\n';
  }
}

int work(const std::string& root, const std::string& command) {
  if (command == "list") {
    list();
    return 0;
  }
  std::vector<int> numbers;
  for (int number = 0; std::cin >> number;) numbers.push_back(number);
  Cases cases = load(root);
  if (command == "scale") {
    scale(numbers, cases.files);
    return 0;
  }
  // What the tests meet of the program as it is; who fails here would kill every mutant.
  if (RUN_ALL_TESTS() != 0) {
    std::cerr << "the tests fail before anything is changed\n";
    return 2;
  }
  cases.by_tests = take_reached();
  GTEST_FLAG_SET(fail_fast, true);
  run(numbers, cases);
  return 0;
}

}  // namespace
}  // namespace tcpteardown::test

int main(int count, char** words) {
  GTEST_FLAG_SET(brief, true);
  testing::InitGoogleTest(&count, words);
  if (count != 3) {
    std::cerr << "usage: mutants ROOT list|run|scale\n";
    return 1;
  }
  return tcpteardown::test::work(words[1], words[2]);
}
