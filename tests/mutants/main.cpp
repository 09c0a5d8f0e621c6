// SPDX-License-Identifier: GPL-2.0-or-later
// mutants ROOT list             the changes of the two large tables, as mutants.tsv has the others
// mutants ROOT run < NUMBERS    which mutants are killed, by what: a line each as soon as it is known
// mutants ROOT search FIRST COUNT < NUMBERS    recipes (recipes.h) that kill them: so many seeds on every
// base mutants ROOT scale < NUMBERS  how many connections get another answer
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "goldens.h"
#include "jury.h"
#include "numbers.h"
#include "recipes.h"
#include "script_check.h"
#include "tables.h"
#include "variants.h"
#include "wire/thresholds.h"

namespace tcpteardown::test {
namespace {

constexpr int kJobs = 2;
constexpr rlim_t kSeconds = 60;  // of processor time for all tests; who needs more runs in circles

// A capture or script, and what is answered today.
struct Case {
  std::string path;
  std::string answers;
};

std::vector<Case> load(const std::string& root) {
  std::vector<Case> cases;
  for (const AnswerFile& file : answer_files(root)) {
    Analysis analysis;
    (void)analyse_file(file.path, analysis);
    cases.push_back({file.path, answers_of("", analysis.table())});
  }
  return cases;
}

// What recipes may be made of.
struct Base {
  std::string path;  // below the checkout
  Exchange exchange;
};

std::vector<Base> bases_below(const std::string& root) {
  constexpr std::size_t kMostFrames = 150;  // else it takes long and says no more
  std::vector<Base> bases;
  for (const AnswerFile& file : answer_files(root)) {
    Exchange exchange = exchange_of(file.path);
    if (exchange.events.empty() || exchange.events.size() > kMostFrames) continue;
    bases.push_back({file.path.substr(root.size() + 1), std::move(exchange)});
  }
  return bases;
}

// One write for a line, for two processes tell at once.
void print_fate(int number, Fate fate, std::size_t) {
  const std::string line = std::to_string(number) + '\t' + to_string(fate) + '\n';
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::abort();
}

void ask_answers(const std::string& root, Jury& jury) {
  const std::vector<AnswerFile> files = answer_files(root);
  const auto tell = [&files](std::size_t n, const Take& take) {
    Analysis analysis;
    (void)analyse_file(files[n].path, analysis);
    take(Told{analysis.table()});
  };
  jury.ask(files.size(), Fate::by_answers, answer_of, tell, print_fate);
}

void ask_recipes(const std::string& root, Jury& jury) {
  const std::vector<Recipe> recipes = kept_recipes(root);
  const auto tell = [&](std::size_t n, const Take& take) {
    const Exchange base = exchange_of(root + '/' + recipes[n].base);
    take(Told{connections_of(retell(base, recipes[n].seed).events)});
  };
  jury.ask(recipes.size(), Fate::by_recipes, answer_in_words, tell, print_fate);
}

void ask_variants(const std::string& root, Jury& jury) {
  const std::vector<std::string> scripts = scripts_below(root + "/tests/scripts");
  const auto tell = [&scripts](std::size_t n, const Take& take) {
    for_each_variant(exchange_of(scripts[n]), [&take](const std::string&, const ConnectionTable& table) {
      take(Told{table});
      return true;
    });
  };
  jury.ask(scripts.size(), Fate::by_variants, answer_of, tell, print_fate);
}

// --- The other tests: a process for each mutant ---------------------------------------------------------

void limit_time() {
  const rlimit limit{kSeconds, kSeconds};
  setrlimit(RLIMIT_CPU, &limit);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
}

// Whether the tests notice it, as an exit status.
int run_tests(int number) {
  limit_time();
  if (std::freopen("/dev/null", "w", stdout) == nullptr) return 9;
  mutant::active = number;
  return RUN_ALL_TESTS() == 0 ? 0 : 1;
}

Fate fate_of(int status) {
  if (WIFSIGNALED(status)) {
    return WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL ? Fate::time : Fate::crash;
  }
  if (WEXITSTATUS(status) == 0) return Fate::survived;
  return WEXITSTATUS(status) == 1 ? Fate::by_tests : Fate::crash;
}

void wait_for_one(std::map<pid_t, int>& running, Jury& jury) {
  int status = 0;
  const pid_t child = wait(&status);
  const Fate fate = fate_of(status);
  if (fate != Fate::survived) jury.set_fate(running[child], fate, 0, print_fate);
  running.erase(child);
}

using Reached = std::vector<bool>;

Reached take_reached() {
  Reached taken(mutant::reached.begin(), mutant::reached.end());
  mutant::reached.fill(false);
  return taken;
}

bool meets(const Reached& reached, int number) {
  return number >= mutant::kFirstOfCatalogue || reached[static_cast<std::size_t>(number)];
}

void ask_tests(const Reached& by_tests, Jury& jury) {
  std::map<pid_t, int> running;
  for (const int number : jury.left()) {
    if (!meets(by_tests, number)) continue;
    if (running.size() >= kJobs) wait_for_one(running, jury);
    const pid_t child = fork();
    if (child == 0) _exit(run_tests(number));
    running[child] = number;
  }
  while (!running.empty()) wait_for_one(running, jury);
}

int run(const std::string& root, const std::vector<int>& numbers) {
  // What the tests meet of the program as it is; who fails here would kill every mutant.
  mutant::reached.fill(false);
  if (RUN_ALL_TESTS() != 0) {
    std::cerr << "the tests fail before anything is changed\n";
    return 2;
  }
  const Reached by_tests = take_reached();
  Jury jury{numbers, kJobs};
  ask_answers(root, jury);
  ask_recipes(root, jury);
  GTEST_FLAG_SET(fail_fast, true);
  GTEST_FLAG_SET(filter, "-Answers.*");  // all of them are asked before and behind
  ask_tests(by_tests, jury);
  ask_variants(root, jury);
  for (const int number : jury.left()) {
    const bool is_reached = jury.was_reached(number) || meets(by_tests, number);
    print_fate(number, is_reached ? Fate::survived : Fate::not_reached, 0);
  }
  return 0;
}

// --- Recipes that tell a survivor from the rules ----------------------------------------------------------

// Each of a number of seeds on every base.
void search(const std::string& root, const std::vector<int>& numbers, std::uint64_t first,
            std::uint64_t count) {
  const std::vector<Base> bases = bases_below(root);
  const auto base_of = [&bases](std::size_t n) -> const Base& { return bases[n % bases.size()]; };
  const auto seed_of = [&bases, first](std::size_t n) { return first + n / bases.size(); };
  Jury jury{numbers, kJobs};
  const auto tell = [&](std::size_t n, const Take& take) {
    take(Told{connections_of(retell(base_of(n).exchange, seed_of(n)).events)});
  };
  const auto notice = [&](int number, Fate, std::size_t n) {
    const std::string line =
        std::to_string(number) + '\t' + base_of(n).path + '\t' + std::to_string(seed_of(n)) + '\n';
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::abort();
  };
  jury.ask(bases.size() * count, Fate::by_recipes, answer_in_words, tell, notice);
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

int work(const std::string& root, const std::string& command, std::uint64_t first, std::uint64_t count) {
  if (command == "list") {
    list();
    return 0;
  }
  std::vector<int> numbers;
  for (int number = 0; std::cin >> number;) numbers.push_back(number);
  if (command == "run") return run(root, numbers);
  if (command == "scale") scale(numbers, load(root));
  if (command == "search") search(root, numbers, first, count);
  return 0;
}

}  // namespace
}  // namespace tcpteardown::test

int main(int count, char** words) {
  GTEST_FLAG_SET(brief, true);
  testing::InitGoogleTest(&count, words);
  if (count != 3 && count != 5) {
    std::cerr << "usage: mutants ROOT list|run|scale|search FIRST COUNT\n";
    return 1;
  }
  const bool searches = count == 5;
  return tcpteardown::test::work(words[1], words[2], searches ? std::stoull(words[3]) : 0,
                                 searches ? std::stoull(words[4]) : 1);
}
