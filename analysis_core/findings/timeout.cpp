// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"
#include "verdict/questions.h"

// Connections that one side gave up because the other did not respond.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

// Segments in vain, as they stood when the RST came; without one, to the end of the capture.
const Run& resends(const Story& s) {
  return s.reset != nullptr ? s.rst().sender_resends : questions::run_in_vain(s.t());
}
const Run& keep_alives(const Story& s) {
  return s.reset != nullptr ? s.rst().sender_keep_alives : s.end(Part::actor).keep_alives;
}
const Run& window_probes(const Story& s) {
  if (s.reset == nullptr) return s.end(Part::actor).window_probes;
  const bool opened = questions::window_opened_too_late(s.t());
  return opened ? s.rst().sender_probes_until_open : s.rst().sender_window_probes;
}

std::string in_frames(const Run& run) { return frame_range(run.first.frame, run.last.frame, run.count); }

// What is known of the silence at the end: the RST, or how long the capture goes on.
std::string end_of_run(const Story& s, const Run& run) {
  if (s.reset != nullptr && s.reset->shape == Shape::reactive) {
    return "; when " + the(s, Part::peer) + " spoke again in " + in_frame(s.rst().trigger.at.frame) +
           ", RST in " + rst_frame(s) + " answered";
  }
  if (s.reset != nullptr) {
    return "; then " + the(s, Part::actor) + " gave up with " + rst_kind(s) + " in " + rst_frame(s);
  }
  const std::string left = time_left(s, run.last);
  if (left.empty()) return "";
  const bool is_last = s.c().last.frame <= run.last.frame;
  return std::string(is_last ? "; nothing more came in the " : "; no further one came in the ") + left +
         " until the capture ends";
}

// It still knew the connection, so its host had not restarted.
bool peer_spoke_again(const Story& s) {
  if (s.reset == nullptr || s.rst().sender != s.actor) return false;
  return s.reset->shape == Shape::reactive || s.end(Part::peer).last_segment.frame > s.rst().at.frame;
}

std::string not_responding(const Story& s, const Run& run, std::string_view one, std::string_view many) {
  return named(s, Part::peer) + " was not responding: " + counted(run.count, one, many) + " of " +
         named(s, Part::actor) + " in " + in_frames(run) + " got no ";
}

std::string how_long(const Run& run) {
  const std::int64_t time = between(run.first, run.last);
  if (time == 0) return "";
  return " over " + duration(time) + ", the last time " + duration(run.last_interval_ns) +
         " after the one before";
}

// RFC 9293 §3.8.3: the RST only says what the silence had decided.
Found rst_is_effect(const Story& s) {
  if (s.reset == nullptr) return {};
  return against(frames({s.rst().at.frame}), "the RST is the effect, the missing answers are the cause");
}

bool both_gave_up(const Story& s) { return questions::both_gave_up(s.t()); }

// --- timeout-retransmit, timeout-retransmit-reset ----------------------------------------------
// Each repeated its data to the other: neither of them is the silent one.
std::string both_in_vain(const Story& s) {
  const Run& back = s.end(Part::peer).resends;
  return "neither side heard the other any more: " +
         counted(resends(s).count, "retransmission", "retransmissions") + " of " + named(s, Part::actor) +
         " in " + in_frames(resends(s)) + " and " + grouped(back.count) + " of " + named(s, Part::peer) +
         " in " + in_frames(back) + " got no ACK" + loss_clause(s);
}

// Of the side whose repeats were acknowledged: no ACK got back.
bool way_back_died(const Story& s) {
  return questions::only_one_way_died(s.t()) && &resends(s) == &s.end(Part::actor).deaf_resends;
}

std::string unheard(const Story& s) {
  return named(s, Part::actor) + " did not hear " + named(s, Part::peer) +
         " any more: " + counted(resends(s).count, "retransmission", "retransmissions") + " in " +
         in_frames(resends(s)) + " of what that had acknowledged" + end_of_run(s, resends(s)) +
         loss_clause(s);
}

// Its peer repeats what it had acknowledged itself: it is no dead host.
bool peer_is_deaf(const Story& s) { return questions::only_one_way_died(s.t()) && !way_back_died(s); }

std::string not_getting_through(const Story& s) {
  return named(s, Part::actor) + " did not get through to " + named(s, Part::peer) + ": " +
         counted(resends(s).count, "retransmission", "retransmissions") + " in " + in_frames(resends(s)) +
         " got no ACK, though that side still spoke" + end_of_run(s, resends(s)) + loss_clause(s);
}

bool long_ones_are_lost(const Story& s) { return questions::long_ones_are_lost(s.t()); }

std::string too_long(const Story& s) {
  return "nothing above " + byte_count(s.end(Part::actor).longest_delivered) + " got through from " +
         named(s, Part::actor) + " to " + named(s, Part::peer) + ": " +
         counted(resends(s).count, "retransmission", "retransmissions") + " of at least " +
         byte_count(s.end(Part::actor).resend_length) + " in " + in_frames(resends(s)) + " got no ACK" +
         end_of_run(s, resends(s)) + loss_clause(s);
}

bool one_way(const Story& s) { return questions::only_one_way_died(s.t()); }
bool lives(const Story& s) { return one_way(s) || long_ones_are_lost(s); }

std::string retransmit(const Story& s) {
  if (both_gave_up(s)) return both_in_vain(s);
  if (way_back_died(s)) return unheard(s);
  if (peer_is_deaf(s)) return not_getting_through(s);
  if (long_ones_are_lost(s)) return too_long(s);
  return not_responding(s, resends(s), "retransmission", "retransmissions") + "ACK" +
         end_of_run(s, resends(s)) + loss_clause(s);
}

Found looks_like_dead_host(const Story& s) {
  if (both_gave_up(s) || lives(s)) return {};
  if (peer_spoke_again(s)) return alternative("a host that hung or slept meanwhile");
  return alternative("a host that is down");
}
Found looks_like_broken_path(const Story& s) {
  if (lives(s)) return {};
  return alternative("a broken path");
}
Found looks_like_forgetful_box(const Story& s) {
  if (long_ones_are_lost(s)) return {};
  return alternative("a firewall or NAT that had forgotten the connection");
}

Found repeated(const Story& s) {
  return evidence(frames_of(resends(s)), the(s, Part::actor) + " repeated its data" + how_long(resends(s)));
}

Found last_of_silent(const Story& s) {
  return last_sign_of(s, Part::peer, resends(s).first, resends(s).last, "repetition");
}

Found both_are_alive(const Story& s) {
  if (!both_gave_up(s)) return {};
  return against({}, "no dead host: each side went on repeating its data to the other");
}

// Each repeat was acknowledged.
Found acknowledged_in_vain(const Story& s) {
  if (!way_back_died(s)) return {};
  const Moment& acked = s.end(Part::peer).ack_advanced;
  return evidence(
      frames({acked.frame, s.end(Part::peer).last_segment.frame}),
      the(s, Part::peer) + " had acknowledged it, and its ACKs did not get back to " + the(s, Part::actor));
}

Found goes_on_repeating(const Story& s) {
  if (!peer_is_deaf(s)) return {};
  const Fin& fin = s.end(Part::peer).fin;
  if (questions::fin_repeated_though_acked(s.t(), s.peer())) {
    return against(frames({fin.first.frame, fin.acked.frame, fin.last.frame}),
                   "no dead host: " + the(s, Part::peer) + " repeated its FIN " + times(fin.retransmissions) +
                       ", though it was acknowledged");
  }
  const Run& run = s.end(Part::peer).deaf_resends;
  return against(frames_of(run), "no dead host: " + the(s, Part::peer) + " repeated " + times(run.count) +
                                     " what " + the(s, Part::actor) + " had acknowledged");
}

Found size_decides(const Story& s) {
  if (!long_ones_are_lost(s)) return {};
  const FrameNumber last = s.end(Part::peer).last_segment.frame;
  return against(frames({last < resends(s).last.frame ? last : 0}),
                 "no dead host: " + the(s, Part::peer) + " acknowledged shorter segments, up to " +
                     byte_count(s.end(Part::actor).longest_delivered));
}

// tcp_write_err() of Linux sends no RST.
Found gives_up_in_silence(const Story& s) {
  const Moment& last = s.end(Part::actor).last_segment;
  if (questions::outlived_its_repeats(s.t(), s.end(Part::actor), resends(s))) {
    return context(frames({last.frame}),
                   the(s, Part::actor) + " spoke long after its last repetition: its socket was still there");
  }
  return context({}, "Linux gives up in this way: it falls silent, without FIN or RST");
}

std::string capture_at_silent(const Story& s) {
  return "capture at " + the(s, Part::peer) +
         ": do the repeated segments arrive there? If not, look at the path (link, routing, MTU if only "
         "large segments fail, firewall or NAT state). If they do, look at " +
         the(s, Part::peer) + "'s host and at the way back of its ACKs.";
}

std::string capture_at_both(const Story&) {
  return "capture at both ends at the same time: which segments are missing in which direction? Then look at "
         "links, routing and the state of firewalls or NAT between them.";
}

std::string look_at_one_way(const Story& s) {
  return "look at the way from " + the(s, way_back_died(s) ? Part::peer : Part::actor) + " to " +
         the(s, way_back_died(s) ? Part::actor : Part::peer) +
         " alone: the other one works. Asymmetric routes, and firewalls that see one direction only, are "
         "common causes.";
}

std::string look_at_sizes(const Story& s) {
  return "find the link that does not carry long packets: ping with the do-not-fragment bit and growing "
         "sizes from " +
         the(s, Part::actor) + ". Let ICMP (too big) through, or limit the MSS there (tunnel, VPN, PPPoE).";
}

Found looks_like_bsd(const Story&) { return alternative("BSD or macOS, which reset when they give up"); }
Found looks_like_hard_close(const Story&) {
  return alternative("a program that closed hard because it had no answer");
}

constexpr auto kRetransmit = std::to_array<FindingRule>(
    {repeated, acknowledged_in_vain, goes_on_repeating, size_decides, last_of_silent, both_are_alive,
     gives_up_in_silence, looks_like_dead_host, looks_like_broken_path, looks_like_forgetful_box});
constexpr auto kRetransmitReset = std::to_array<FindingRule>(
    {repeated, last_of_silent, rst_is_effect, looks_like_bsd, looks_like_hard_close});

constexpr std::array kSilentAdvice{
    AdviceRule{both_gave_up, capture_at_both}, AdviceRule{one_way, look_at_one_way},
    AdviceRule{long_ones_are_lost, look_at_sizes}, AdviceRule{nullptr, capture_at_silent}};

// --- timeout-keepalive -------------------------------------------------------------------------
std::string keepalive(const Story& s) {
  return not_responding(s, keep_alives(s), "keep-alive probe", "keep-alive probes") + "answer" +
         end_of_run(s, keep_alives(s)) + some_loss(s);
}

Found probed(const Story& s) {
  return evidence(frames_of(keep_alives(s)),
                  "after a silence " + the(s, Part::actor) + " probed" + how_long(keep_alives(s)));
}

Found last_before_probes(const Story& s) {
  return last_sign_of(s, Part::peer, keep_alives(s).first, keep_alives(s).last, "probe");
}

std::string shorten_keep_alive(const Story& s) {
  return "find out since when " + the(s, Part::peer) +
         " was unreachable, and which NAT, firewall or load balancer forgets idle connections earlier than " +
         the(s, Part::actor) +
         "'s keep-alive time (2 h by default on Linux): a shorter one keeps the entry alive.";
}

constexpr auto kKeepAlive =
    std::to_array<FindingRule>({probed, last_before_probes, rst_is_effect, looks_like_dead_host,
                                looks_like_broken_path, looks_like_forgetful_box});
constexpr std::array kKeepAliveAdvice{AdviceRule{nullptr, shorten_keep_alive}};

// --- timeout-zero-window -----------------------------------------------------------------------
// More than one probe had no answer at all: that is no closed window any more.
bool answers_had_stopped(const Story& s) { return questions::window_answers_stopped(s.t()); }

std::string zero_window(const Story& s) {
  const Run& probes = window_probes(s);
  const Moment& since = s.end(Part::peer).zero_window_since;
  return named(s, Part::peer) + " kept its receive window closed" +
         (since.seen() ? " since " + in_frame(since.frame) : "") + ": " + named(s, Part::actor) +
         " probed it " + times(probes.count) + " in " + in_frames(probes) +
         (answers_had_stopped(s) ? ", in the end without any answer" : "") + end_of_run(s, probes) +
         loss_clause(s);
}

// The window opened in vain: nobody was there any more to use it.
Found opened_too_late(const Story& s) {
  if (!questions::window_opened_too_late(s.t())) return {};
  return evidence(frames({s.end(Part::actor).opened.frame, s.rst().at.frame}),
                  "the window opened too late: the segment that told of it met a RST");
}

Found does_not_read(const Story& s) {
  return evidence(
      frames({s.end(Part::peer).zero_window_since.frame}),
      "a window of zero means that " + the(s, Part::peer) + "'s program does not read what arrived");
}

Found probed_window(const Story& s) {
  return evidence(frames_of(window_probes(s)), the(s, Part::actor) + " probed" + how_long(window_probes(s)));
}

// An ACK with the window still at zero came back: nothing was wrong with the way there and back.
Found network_delivered(const Story& s) {
  const Moment& answer = s.end(Part::peer).last_segment;
  const bool is_late = s.reset != nullptr && answer.frame > s.rst().at.frame;
  const bool is_opening = questions::window_opened_too_late(s.t());
  if (answers_had_stopped(s)) {
    return evidence(frames({answer.frame, window_probes(s).last.frame}),
                    "behind that answer no probe had one: the host or the path was gone by then as well");
  }
  if (answer.frame < window_probes(s).first.frame || is_late || is_opening) return {};
  return against(frames({answer.frame}), "no network fault: " + the(s, Part::peer) +
                                             " answered a probe, and its window was still closed");
}

Found looks_like_gone(const Story& s) {
  if (!answers_had_stopped(s)) return {};
  return alternative("a broken path, or a host that went down");
}
Found looks_like_stopped(const Story&) { return alternative("a program that is stopped or overloaded"); }
Found looks_like_waiting(const Story&) { return alternative("a program that waits for something else"); }

std::string look_at_reader(const Story& s) {
  return "look at " + the(s, Part::peer) +
         "'s program: what keeps it from reading? On that host ss -tm shows the bytes that wait in its "
         "receive queue. A larger buffer only postpones this.";
}

constexpr auto kZeroWindow =
    std::to_array<FindingRule>({does_not_read, probed_window, opened_too_late, network_delivered,
                                looks_like_gone, looks_like_stopped, looks_like_waiting});
std::string look_for_the_host(const Story& s) {
  return "find out first what became of " + the(s, Part::peer) + "'s host and the way there at the time of " +
         in_frame(window_probes(s).last.frame) + "; then why its program did not read before (ss -tm).";
}

constexpr std::array kReaderAdvice{AdviceRule{answers_had_stopped, look_for_the_host},
                                   AdviceRule{nullptr, look_at_reader}};

constexpr std::array kTellings{
    Telling{"timeout-retransmit"_verdict, retransmit, kRetransmit, kSilentAdvice},
    Telling{"timeout-retransmit-reset"_verdict, retransmit, kRetransmitReset, kSilentAdvice},
    Telling{"timeout-keepalive"_verdict, keepalive, kKeepAlive, kKeepAliveAdvice},
    Telling{"timeout-zero-window"_verdict, zero_window, kZeroWindow, kReaderAdvice},
};

}  // namespace

std::span<const Telling> tellings_of_timeout() { return kTellings; }

}  // namespace tcpteardown
