// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "evidence/exchange.h"
#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"
#include "verdict/questions.h"

// Connections that one side's own system tore down with a RST that answers nothing.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

std::string reset_by(const Story& s) { return resetter(s) + " reset the connection in " + rst_frame(s); }

std::string since_handshake(const Story& s) {
  const std::int64_t time = between(s.c().handshake_done, s.rst().at);
  return time > 0 ? ", " + duration(time) + " after the handshake" : "";
}

// --- abort-before-response ---------------------------------------------------------------------
std::string before_response(const Story& s) {
  return reset_by(s) + since_handshake(s) + " and before its first byte of data" + loss_clause(s);
}

Found established(const Story& s) {
  return evidence(frames({s.c().handshake_done.frame}),
                  "the handshake was complete, so connect() had succeeded");
}

Found asked_before(const Story& s) {
  const std::uint64_t bytes = s.rst().receiver_bytes;  // what follows the RST had not come to its sender
  return evidence(frames({bytes == 0 ? 0 : data_before_rst(s, Part::peer)}),
                  bytes == 0 ? "neither side had sent any data"
                             : the(s, Part::peer) + " had sent " + byte_count(bytes) + ", and got none back");
}

Found looks_unread(const Story& s) {
  if (s.t().loss(s.peer()).unread_max == 0) return {};
  return alternative("program that ended, or closed, with the request unread");
}

bool request_was_unfinished(const Story& s) {
  return s.actor == s.server() && find_exchange(s.t()).request.cut_short();
}

Found looks_like_slow_request(const Story& s) {
  if (!request_was_unfinished(s)) return {};
  return alternative("time-out of a server that waited for the rest of the request");
}
Found looks_like_listener(const Story&) {
  return alternative("listener closed or overran before the program accepted");
}
Found looks_like_proxy(const Story&) { return alternative("proxy without a backend"); }
Found looks_like_policy(const Story&) { return alternative("policy against this client"); }

std::string look_at_accepting(const Story& s) {
  return "look at " + the(s, Part::server) +
         ": did the program accept the connection at all (ss -ltn; nstat -az TcpExtListenOverflows; sysctl "
         "net.ipv4.tcp_abort_on_overflow), and did it end, or close without reading? Behind a proxy or load "
         "balancer, check its backends, access lists and TLS policy at that time.";
}

std::string ask_for_the_rest_of_it(const Story& s) {
  return "find out why the client's program did not send the rest of its request, " +
         byte_count(find_exchange(s.t()).request.short_by) +
         "; then compare that pause with the server's time-out for reading.";
}

constexpr auto kBeforeResponse = std::to_array<FindingRule>(
    {established, asked_before, rst_finding, unread_finding, looks_unread, looks_like_slow_request,
     looks_like_listener, looks_like_proxy, looks_like_policy});
constexpr std::array kAcceptingAdvice{AdviceRule{request_was_unfinished, ask_for_the_rest_of_it},
                                      AdviceRule{nullptr, look_at_accepting}};

// --- abort-by-receiver -------------------------------------------------------------------------
std::string by_receiver(const Story& s) {
  const DirectionLoss& d = s.t().loss(s.peer());
  if (d.unacked > 0 || s.t().only_tls_alert_lost) return reset_by(s) + loss_clause(s);
  return reset_by(s) +
         (s.rst().sender_zero_window ? " with its receive window closed to " : " during a transfer from ") +
         the(s, Part::peer) + loss_clause(s);
}

Found transfer(const Story& s) {
  const Endpoint& y = s.end(Part::peer);
  const DirectionLoss& d = s.t().loss(s.peer());
  const Frames last = frames({y.last_data.frame});
  const std::string sent = the(s, Part::peer) + "'s " + byte_count(y.bytes);
  const std::string unread = d.unread_max == 0 ? "" : "; up to " + grouped(d.unread_max) + " unread";
  if (d.unacked == 0)
    return evidence(last, "all of " + sent + " acknowledged, and nothing shows that it was all");
  if (d.unacked >= y.bytes) return evidence(last, "none of " + sent + " was acknowledged");
  return evidence(last, grouped(d.unacked) + " of " + sent + " never acknowledged" + unread);
}

// The peer was in order: no repetition, nothing missing.
Found peer_in_order(const Story& s) {
  const Endpoint& y = s.end(Part::peer);
  if (y.missed_bytes > 0 || y.reordered) return {};
  if (y.retransmissions > 0) {
    return evidence(
        frames({y.last_retransmission.frame}),
        the(s, Part::peer) + " had repeated " + counted(y.retransmissions, "segment", "segments"));
  }
  return against({}, "network fault: segments in order, none repeated");
}

Found had_waited(const Story& s) {
  if (!questions::answer_came_behind_reset(s.t())) return {};
  const Moment& asked = s.end(Part::actor).last_data;
  return evidence(frames({asked.frame, s.rst().at.frame}),
                  the(s, Part::actor) + " had waited " + duration(between(asked, s.rst().at)) +
                      " for an answer; what is lost came behind the RST");
}

bool had_stalled(const Story& s) { return questions::transfer_had_stalled(s.t()); }

Found stood_still(const Story& s) {
  if (!had_stalled(s)) return {};
  return evidence(frames({s.end(Part::peer).last_data.frame, s.rst().at.frame}),
                  "the transfer stood still for " + duration(s.rst().idle_ns) + ": " + the(s, Part::actor) +
                      " lacked a piece before what its SACK tells");
}

Found looks_like_cancel(const Story&) { return alternative("user cancelled"); }
Found looks_like_scanner(const Story&) { return alternative("proxy or virus scanner"); }

std::string look_only_there(const Story& s) {
  return "look at " + the(s, Part::actor) + "'s program, proxy or security product at that time.";
}

bool was_taken(const Story& s) { return s.t().reset_accepted(); }
std::string look_at_receiver(const Story& s) {
  return "look at " + the(s, Part::actor) + "'s program, proxy or security product at that time; " +
         the(s, Part::peer) + "'s \"reset by peer\" is the effect.";
}

std::string look_at_the_loss(const Story& s) {
  return "look at the loss on the way from " + the(s, Part::peer) + " to " + the(s, Part::actor) +
         " first: a missing piece did not come again in time. The RST is what a time-out of " +
         the(s, Part::actor) + "'s program, or its user, made of that.";
}

constexpr auto kByReceiver =
    std::to_array<FindingRule>({rst_finding, transfer, had_waited, stood_still, peer_in_order,
                                looks_like_cancel, looks_like_kill, looks_like_unread, looks_like_scanner});
constexpr std::array kReceiverAdvice{
    AdviceRule{only_good_bye_lost, read_until_good_bye}, AdviceRule{had_stalled, look_at_the_loss},
    AdviceRule{was_taken, look_at_receiver}, AdviceRule{nullptr, look_only_there}};

// --- abort-by-sender ---------------------------------------------------------------------------
std::uint64_t own_unacked(const Story& s) {
  const DirectionLoss& d = s.t().loss(s.actor);
  return d.unacked_at_reset > d.unacked ? d.unacked_at_reset : d.unacked;
}

std::string by_sender(const Story& s) {
  const std::uint64_t unacked = own_unacked(s);
  const std::string fate = s.t().loss(s.actor).loss == Loss::certain
                               ? (unacked == 1 ? "it is lost" : "they are lost")
                               : (unacked == 1 ? "it may be lost" : "they may be lost");
  const std::string towards = loss_of(s, s.peer());
  const bool was_second = s.rst().sender_fin_sent && s.t().fins.answers(s.actor);
  const std::string first =
      was_second ? named(s, Part::peer) + " closed first (" + fin_brief(s, Part::peer) + "), then " : "";
  return first + reset_by(s) + " while " + byte_count(unacked) + " of its own " +
         (unacked == 1 ? "was" : "were") + " not yet acknowledged; " + fate +
         (towards.empty() ? "" : "; " + towards);
}

Found own_data(const Story& s) {
  const Endpoint& x = s.end(Part::actor);
  const std::uint64_t unacked = own_unacked(s);
  // Only the RST's number tells of data that was not captured.
  const bool unseen = s.t().confirming_reset != 0 && after(s.rst().seq, s.rst().sender_snd_nxt);
  if (unseen) {
    return evidence(frames({s.rst().at.frame}), "the RST's number lies " + byte_count(unacked) +
                                                    " beyond all that had been acknowledged");
  }
  const bool later = s.t().loss(s.actor).unacked == 0;  // by an ACK that had not arrived
  const std::string part = unacked >= x.bytes ? "none" : grouped(x.bytes - unacked);
  const FrameNumber crossing = later ? s.rst().receiver_acked.frame : 0;
  return evidence(frames({x.last_data.frame, crossing}),
                  part + " of the " + byte_count(x.bytes) + " from " + the(s, Part::actor) +
                      " had been acknowledged" +
                      (!later          ? ""
                       : crossing != 0 ? "; an ACK crossed the RST"
                                       : "; the ACKs seen here had not got there"));
}

Found may_have_arrived(const Story& s) {
  if (s.t().loss(s.actor).loss == Loss::certain) return {};
  return against({}, "that data may have arrived, but a receiver may discard what is unread at a RST");
}

std::string look_at_sender(const Story& s) {
  return "look at " + the(s, Part::actor) +
         "'s program: data was handed to the system and the connection thrown away before its delivery was "
         "confirmed. A close() without SO_LINGER 0 delivers first; shutdown(SHUT_WR) and reading to the end "
         "makes sure. " +
         the(s, Part::peer) + " should take the data as truncated unless it knows its length.";
}

Found looks_like_error(const Story&) { return alternative("program aborts on an error"); }

constexpr auto kBySender = std::to_array<FindingRule>(
    {own_data, rst_finding, may_have_arrived, looks_like_linger, looks_like_kill, looks_like_error});
constexpr std::array kSenderAdvice{AdviceRule{only_good_bye_lost, read_until_good_bye},
                                   AdviceRule{nullptr, look_at_sender}};

// --- abort-waiting -----------------------------------------------------------------------------
std::int64_t waited_ns(const Story& s) { return between(s.end(Part::actor).last_data, s.rst().at); }

std::string waiting(const Story& s) {
  return reset_by(s) + " after waiting " + duration(waited_ns(s)) + " for " + named(s, Part::peer) +
         " to answer its data of " + in_frame(s.end(Part::actor).last_data.frame) + some_loss(s);
}

Found asked_in_vain(const Story& s) {
  return evidence(frames({s.end(Part::actor).last_data.frame}),
                  "all " + byte_count(s.end(Part::actor).bytes) + " from " + the(s, Part::actor) +
                      " were acknowledged, and no data came back for the last of it");
}

Found peer_was_alive(const Story& s) {
  return against({},
                 "no dead host: " + the(s, Part::peer) + "'s TCP acknowledged, only the answer did not come");
}

Found looks_like_time_out(const Story&) { return alternative("time-out of the program"); }
Found looks_like_lost_answer(const Story&) {
  return alternative("answers that get lost on the way, as when long packets do not pass");
}

std::string look_at_both(const Story& s) {
  return "look into the log of " + the(s, Part::peer) +
         "'s program from the request on: if it took longer than that, ask whether the answer is worth a "
         "longer time-out of " +
         the(s, Part::actor) + ". If it did answer, capture there: long packets may get lost (MTU).";
}

constexpr auto kWaiting =
    std::to_array<FindingRule>({asked_in_vain, rst_finding, peer_was_alive, looks_like_time_out,
                                looks_like_cancel, looks_like_kill, looks_like_lost_answer});
constexpr std::array kWaitingAdvice{AdviceRule{nullptr, look_at_both}};

// --- abort-idle --------------------------------------------------------------------------------
std::string idle(const Story& s) {
  return resetter(s) + " reset the idle connection in " + rst_frame(s) + after_pause(s) + loss_clause(s);
}

Found silence(const Story& s) {
  return evidence(frames({s.rst().at.frame}), "no data for " + duration(s.rst().idle_ns) + " before the RST");
}

Found looks_like_own_timer(const Story&) { return alternative("the program's idle time-out"); }
Found looks_like_box(const Story&) { return alternative("load balancer or firewall that clears its table"); }

std::string look_for_timer(const Story& s) {
  return "look for a timer of that length at " + the(s, Part::actor) + ", at " + the(s, Part::peer) +
         " and at every load balancer, NAT or firewall between. Send keep-alives more often than that, or "
         "close idle connections earlier on the side that opens them.";
}

constexpr auto kIdle =
    std::to_array<FindingRule>({silence, rst_finding, looks_like_own_timer, looks_like_kill, looks_like_box});
constexpr std::array kIdleAdvice{AdviceRule{nullptr, look_for_timer}};

// --- abort-unanswered --------------------------------------------------------------------------
std::string unanswered(const Story& s) {
  return reset_by(s) + " without answering the last data of " + named(s, Part::peer) + " (" +
         in_frame(s.end(Part::peer).last_data.frame) + ")" + loss_clause(s);
}

Found took_without_answer(const Story& s) {
  return evidence(frames({s.end(Part::peer).last_data.frame}),
                  the(s, Part::actor) + " had acknowledged all " + byte_count(s.end(Part::peer).bytes) +
                      " from " + the(s, Part::peer) + " and sent nothing after the last of it");
}

std::string look_at_resetter(const Story& s) {
  return "look at " + the(s, Part::actor) +
         "'s program: it received data and gave the connection up instead of answering (error path, limit, "
         "restart).";
}

constexpr auto kUnanswered =
    std::to_array<FindingRule>({took_without_answer, rst_finding, unread_finding, looks_like_unread,
                                looks_like_linger, looks_like_kill});
constexpr std::array kUnansweredAdvice{AdviceRule{only_good_bye_lost, read_until_good_bye},
                                       AdviceRule{nullptr, look_at_resetter}};

// --- abort-no-data -----------------------------------------------------------------------------
std::string no_data(const Story& s) { return reset_by(s) + since_handshake(s) + "; no data was ever sent"; }

Found looks_like_check(const Story&) { return alternative("health check of a load balancer"); }
Found looks_like_connect_scan(const Story&) { return alternative("port scanner with full connects"); }
Found looks_like_pool(const Story&) { return alternative("connection pool that drops an unused connection"); }

std::string nothing_for_monitors(const Story& s) {
  return "nothing to repair if " + the(s, Part::client) +
         " is a monitor or load balancer; use a check that closes with FIN if the server's log complains.";
}

constexpr auto kNoData = std::to_array<FindingRule>(
    {established, rst_finding, fin_had_not_come, looks_like_check, looks_like_connect_scan, looks_like_pool});
constexpr std::array kNoDataAdvice{AdviceRule{nullptr, nothing_for_monitors}};

constexpr std::array kTellings{
    Telling{"abort-before-response"_verdict, before_response, kBeforeResponse, kAcceptingAdvice},
    Telling{"abort-by-receiver"_verdict, by_receiver, kByReceiver, kReceiverAdvice},
    Telling{"abort-by-sender"_verdict, by_sender, kBySender, kSenderAdvice},
    Telling{"abort-waiting"_verdict, waiting, kWaiting, kWaitingAdvice},
    Telling{"abort-idle"_verdict, idle, kIdle, kIdleAdvice},
    Telling{"abort-unanswered"_verdict, unanswered, kUnanswered, kUnansweredAdvice},
    Telling{"abort-no-data"_verdict, no_data, kNoData, kNoDataAdvice},
};

}  // namespace

std::span<const Telling> tellings_of_abort() { return kTellings; }

}  // namespace tcpteardown
