// SPDX-License-Identifier: GPL-2.0-or-later
#include "jury.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <map>
#include <new>
#include <set>
#include <utility>

#include "mutant.h"
#include "tables.h"

namespace tcpteardown::test {
namespace {

constexpr std::size_t kMostJobs = 8;
constexpr time_t kSeconds = 5;  // of processor time for one answer; who needs more runs in circles

std::string answers_of(const Told& told, Wording wording) {
  std::string lines;
  for (const Connection& connection : told.connections) lines += wording(connection, told.end);
  return lines;
}

void start_clock() {
  const itimerval limit{{0, 0}, {kSeconds, 0}};
  setitimer(ITIMER_VIRTUAL, &limit, nullptr);  // its signal ends the process
}

}  // namespace

// What is still known when a mutant has crashed its process.
struct Jury::Shared {
  std::array<Fate, mutant::kNumbers> fates{};
  std::array<bool, mutant::kNumbers> reached{};
  std::array<int, kMostJobs> active{};
  std::array<std::size_t, kMostJobs> next{};  // case
};

const char* to_string(Fate fate) {
  switch (fate) {
    case Fate::survived: return "survived";
    case Fate::not_reached: return "not reached";
    case Fate::by_answers: return "answers";
    case Fate::by_recipes: return "recipes";
    case Fate::by_variants: return "variants";
    case Fate::by_tests: return "tests";
    case Fate::crash: return "crash";
    case Fate::time: return "time";
  }
  return "";
}

Told::Told(const ConnectionTable& table) : end(table.capture_end()) {
  for (ConnectionIndex i = 0; i < table.size(); ++i) connections.push_back(table.facts(i));
}

Jury::Jury(std::vector<int> numbers, int jobs)
    : numbers_(std::move(numbers)), jobs_(static_cast<std::size_t>(jobs)) {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) std::abort();
  shared_ = new (memory) Shared;
}

bool Jury::is_left(int number) const {
  return shared_->fates[static_cast<std::size_t>(number)] == Fate::survived;
}

std::vector<int> Jury::left() const {
  std::vector<int> numbers;
  for (const int number : numbers_) {
    if (is_left(number)) numbers.push_back(number);
  }
  return numbers;
}

bool Jury::was_reached(int number) const { return shared_->reached[static_cast<std::size_t>(number)]; }

void Jury::set_fate(int number, Fate fate, std::size_t n, const Notice& notice) {
  shared_->fates[static_cast<std::size_t>(number)] = fate;
  notice(number, fate, n);
}

// The unchanged rules answer again behind each mutant that was noticed: one that wrote where it must not has
// to end with its process.
void Jury::take(const Told& told, const Question& question) {
  mutant::active = 0;
  mutant::reached.fill(false);
  const std::string expected = answers_of(told, question.wording);
  static auto reached = mutant::reached;
  reached = mutant::reached;
  for (const int number : numbers_) {
    const auto place = static_cast<std::size_t>(number);
    if (!is_left(number) || (number < mutant::kFirstOfCatalogue && !reached[place])) continue;
    shared_->reached[place] = true;
    shared_->active[question.job] = mutant::active = number;
    start_clock();
    const bool differs = answers_of(told, question.wording) != expected;
    mutant::active = 0;
    if (!differs) continue;
    if (answers_of(told, question.wording) != expected) std::abort();
    set_fate(number, question.fate, shared_->next[question.job], question.notice);
  }
}

void Jury::work(const Question& question, std::size_t count, const Tell& tell) {
  for (std::size_t& n = shared_->next[question.job]; n < count; n += jobs_) {
    tell(n, [&](const Told& told) { take(told, question); });
  }
}

void Jury::ask(std::size_t count, Fate fate, Wording wording, const Tell& tell, const Notice& notice) {
  std::map<pid_t, std::size_t> running;
  std::array<std::set<int>, kMostJobs> ended_by;
  const auto start = [&](std::size_t job) {
    const pid_t child = fork();
    if (child == 0) {
      const rlimit no_core{0, 0};
      setrlimit(RLIMIT_CORE, &no_core);
      work({fate, wording, notice, job}, count, tell);
      _exit(0);
    }
    running[child] = job;
  };
  for (std::size_t job = 0; job < jobs_; ++job) {
    shared_->next[job] = job;
    start(job);
  }
  while (!running.empty()) {
    int status = 0;
    const pid_t child = wait(&status);
    const std::size_t job = running[child];
    running.erase(child);
    if (!WIFSIGNALED(status)) continue;
    const int number = shared_->active[job];
    // Another process may have met the same one meanwhile; if it ends so twice, no mutant did it.
    if (!ended_by[job].insert(number).second) std::abort();
    const Fate end = WTERMSIG(status) == SIGVTALRM ? Fate::time : Fate::crash;
    if (is_left(number)) set_fate(number, end, shared_->next[job], notice);
    start(job);  // at the case where it ended
  }
}

}  // namespace tcpteardown::test
