// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "verdict/facts.h"
#include "verdict/verdict.h"

// THE CATALOGUE. Read it from top to bottom: the first row that holds is the verdict. Each row
// may rely on every row above it not holding. The words are in verdict/facts.h.
namespace tcpteardown {
namespace {

using namespace facts;
using enum Family;
using S = Severity;
using C = Confidence;
using B = Blame;

constexpr std::array kCatalogue{
    // --- Somebody else ended it: hard evidence against the RST that was accepted ---------------
    Verdict{
        .slug = "midpath-reject",
        .family = reactive,
        .severity = S::error,
        .holds = [](T t) { return rejected_mid_path(t); },
        .summary = "a device on the path rejected a segment that the peer never saw",
        .blame = B::network,
        .cap = C::high,
        .rfc = "RFC 9293 §3.5.2; netfilter REJECT --reject-with tcp-reset",
    },
    Verdict{
        .slug = "reset-injected",
        .family = interference,
        .severity = S::error,
        .holds = [](T t) { return forged(t); },
        .summary = "a third party forged the RST: its purported sender went on",
        .blame = B::network,
        .cap = C::high,
        .rfc = "Weaver, Sommer, Paxson: Detecting Forged TCP Reset Packets (NDSS 2009)",
    },

    // --- The handshake was never completed -----------------------------------------------------
    Verdict{
        .slug = "setup-refused",
        .family = setup,
        .severity = S::warn,
        .holds = [](T t) { return syn_refused(t); },
        .summary = "the SYN was refused with a RST",
        .blame = B::server,
        .cap = C::high,
        .rfc = "RFC 9293 §3.5.2 group 1, §3.10.7.1",
    },
    Verdict{
        .slug = "setup-bad-synack",
        .family = setup,
        .severity = S::warn,
        .holds = [](T t) { return syn_ack_was_bad(t) && client_reset_opening(t); },
        .summary = "the SYN-ACK acknowledged what was never sent; the client reset it",
        .blame = B::unknown,
        .cap = C::high,
        .rfc = "RFC 9293 §3.10.7.3 first check",
    },
    Verdict{
        .slug = "setup-stale-peer",
        .family = setup,
        .severity = S::note,
        .holds = [](T t) { return stale_ack_answered_syn(t) && client_reset_opening(t); },
        .summary = "the server still held an old connection of these ports",
        .blame = B::client,
        .cap = C::high,
        .rfc = "RFC 9293 §3.5.1 half-open connections, §3.10.7.4 fourth check",
    },
    Verdict{
        .slug = "setup-cancelled",
        .family = setup,
        .severity = S::note,
        .holds = [](T t) { return client_took_syn_back(t); },
        .summary = "the client cancelled the connection before it was established",
        .blame = B::client,
        .cap = C::high,
        .rfc = "RFC 9293 §3.10.4 CLOSE in SYN-SENT, §3.10.7.1",
    },
    Verdict{
        .slug = "setup-unreachable",
        .family = setup,
        .severity = S::warn,
        .holds = [](T t) { return icmp_answered_syn(t); },
        .summary = "an ICMP error answered the SYN",
        .blame = B::icmp_sender,
        .cap = C::high,
        .rfc = "RFC 9293 §3.9.2.2, RFC 792, RFC 4443",
    },
    Verdict{
        .slug = "setup-synack-unanswered",
        .family = setup,
        .severity = S::note,
        .holds =
            [](T t) {
              return syn_ack_seen(t) && !handshake_complete(t) && !any_fin(t) &&
                     (server_reset_opening(t) || long_enough_for_an_answer(t));
            },
        .summary = "the SYN-ACK was never acknowledged",
        .blame = B::client,
        .cap = C::high,
        .rfc = "RFC 9293 §3.5",
    },
    Verdict{
        .slug = "setup-no-reply",
        .family = setup,
        .severity = S::warn,
        .holds = [](T t) { return only_syns(t) && long_enough_for_an_answer(t); },
        .summary = "the SYN was never answered",
        .blame = B::silent_side,
        .cap = C::high,
        .rfc = "RFC 9293 §3.8.3, RFC 6298",
    },

    // --- Both FINs acknowledged before any accepted RST ----------------------------------------
    Verdict{
        .slug = "graceful-then-reset",
        .family = graceful,
        .severity = S::chat,
        .holds = [](T t) { return (both_fins_acked(t) && reset_followed(t)) || reset_answers_last_fin(t); },
        .summary = "closed in order by both sides; a RST came when all was done",
        .blame = B::first_fin,
        .cap = C::high,
        .rfc = "RFC 9293 §3.6; RFC 1337; Linux tcp_timewait_state_process",
    },
    Verdict{
        .slug = "graceful-simultaneous",
        .family = graceful,
        .severity = S::chat,
        .holds = [](T t) { return both_fins_acked(t) && fins_crossed(t); },
        .summary = "closed in order by both sides at once",
        .blame = B::first_fin,
        .cap = C::high,
        .rfc = "RFC 9293 §3.6 case 3, figure 13",
    },
    Verdict{
        .slug = "graceful-half-close",
        .family = graceful,
        .severity = S::chat,
        .holds = [](T t) { return both_fins_acked(t) && half_close_was_used(t); },
        .summary = "one side closed first, took more data, then the other closed",
        .blame = B::first_fin,
        .cap = C::high,
        .rfc = "RFC 9293 §3.6.1 half-closed connections",
    },
    Verdict{
        .slug = "graceful",
        .family = graceful,
        .severity = S::chat,
        .holds = [](T t) { return both_fins_acked(t); },
        .summary = "closed in order by both sides",
        .blame = B::first_fin,
        .cap = C::high,
        .rfc = "RFC 9293 §3.6, figure 12",
    },

    // --- Given up: nobody answered any more, before or after which a RST may have come ----------
    Verdict{
        .slug = "timeout-zero-window",
        .family = timeout,
        .severity = S::warn,
        .holds = [](T t) { return window_stayed_closed(t); },
        .summary = "the receive window stayed closed until the sender gave up",
        .blame = B::silent_side,
        .cap = C::high,
        .rfc = "RFC 9293 §3.8.6.1; Linux tcp_probe_timer",
    },
    Verdict{
        .slug = "timeout-keepalive",
        .family = timeout,
        .severity = S::warn,
        .holds = [](T t) { return keep_alives_unanswered(t); },
        .summary = "keep-alive probes were never answered",
        .blame = B::silent_side,
        .cap = C::high,
        .rfc = "RFC 9293 §3.8.4; Linux tcp_keepalive_timer",
    },
    Verdict{
        .slug = "timeout-retransmit-reset",
        .family = timeout,
        .severity = S::error,
        .holds = [](T t) { return resends_then_own_reset(t); },
        .summary = "retransmissions were never acknowledged; then the sender reset",
        .blame = B::silent_side,
        .cap = C::high,
        .rfc = "RFC 9293 §3.8.3; BSD and XNU tcp_drop(ETIMEDOUT)",
    },
    Verdict{
        .slug = "timeout-retransmit",
        .family = timeout,
        .severity = S::error,
        .holds = [](T t) { return resends_unanswered(t) && !both_fins(t); },
        .summary = "retransmissions were never acknowledged; then silence",
        .blame = B::silent_side,
        .cap = C::high,
        .rfc = "RFC 9293 §3.8.3; Linux tcp_write_timeout",
    },
    Verdict{
        .slug = "half-closed-fin-unacked",
        .family = half_closed,
        .severity = S::warn,
        .holds = [](T t) { return fin_given_up(t); },
        .summary = "a FIN was never acknowledged",
        .blame = B::first_fin,
        .cap = C::high,
        .rfc = "RFC 9293 §3.6 case 1; Linux tcp_orphan_retries",
    },

    // --- An active RST: its sender's own stack tore the connection down -------------------------
    Verdict{
        .slug = "abort-crossed",
        .family = abort,
        .severity = S::note,
        .holds = [](T t) { return both_sides_reset(t); },
        .summary = "both sides reset the connection at the same time",
        .blame = B::both,
        .cap = C::high,
        .rfc = "RFC 9293 §3.10.5; Linux tcp_send_active_reset",
    },
    Verdict{
        .slug = "abort-after-own-fin",
        .family = abort,
        .severity = S::note,
        .holds =
            [](T t) {
              return after_own_fin(t) ||
                     (reactive_reset(t) && resetter_had_closed(t) && trigger_is_ack_of_own_fin(t));
            },
        .summary = "one side closed with a FIN and reset the connection after it",
        .blame = B::first_fin,
        .cap = C::high,
        .rfc = "RFC 9293 §3.10.5; RFC 2525 §2.17; Linux TCP_LINGER2",
    },
    Verdict{
        .slug = "abort-after-peer-fin",
        .family = abort,
        .severity = S::note,
        .holds = [](T t) { return after_peer_fin(t); },
        .summary = "one side closed with a FIN; the other answered with a RST",
        .blame = B::first_fin,
        .cap = C::high,
        .rfc = "RFC 9293 §3.10.5; RFC 2525 §2.17",
        .harmless = [](T t) { return t.only_tls_alert_lost; },
    },
    Verdict{
        .slug = "abort-before-response",
        .family = abort,
        .severity = S::warn,
        .holds = [](T t) { return server_resets(t) && server_sent_no_data(t) && !transfer_under_way(t); },
        .summary = "the server reset the connection before its first byte of data",
        .blame = B::reset_sender,
        .cap = C::high,
        .rfc = "RFC 2525 §2.17; Linux tcp_abort_on_overflow, inet_csk_listen_stop",
    },
    Verdict{
        .slug = "abort-no-data",
        .family = abort,
        .severity = S::note,
        .holds = [](T t) { return active_reset(t) && no_data_at_all(t); },
        .summary = "established, no data either way, then a RST",
        .blame = B::reset_sender,
        .cap = C::high,
        .rfc = "RFC 9293 §3.10.5",
    },
    Verdict{
        .slug = "abort-by-receiver",
        .family = abort,
        .severity = S::warn,
        .holds = [](T t) { return active_reset(t) && peer_was_sending(t) && peer_lost_more(t); },
        .summary = "the receiver reset the connection while its peer was still sending",
        .blame = B::reset_sender,
        .cap = C::high,
        .rfc = "RFC 9293 §3.6.1, §3.10.5; RFC 2525 §2.17",
        .harmless = [](T t) { return t.only_tls_alert_lost; },
    },
    Verdict{
        .slug = "abort-by-sender",
        .family = abort,
        .severity = S::error,
        .holds = [](T t) { return active_reset(t) && own_data_outstanding(t); },
        .summary = "one side reset the connection with its own data unacknowledged",
        .blame = B::reset_sender,
        .cap = C::high,
        .rfc = "RFC 9293 §3.10.5; Linux tcp_disconnect",
        .harmless = [](T t) { return t.only_tls_alert_lost; },
    },
    Verdict{
        .slug = "abort-waiting",
        .family = abort,
        .severity = S::warn,
        .holds = [](T t) { return active_reset(t) && closer_waited_in_vain(t); },
        .summary = "one side sent data, got no answer, and reset the connection",
        .blame = B::reset_sender,
        .cap = C::high,
        .rfc = "our reading of RFC 9293 §3.10.5 with the order of the data",
    },
    Verdict{
        .slug = "abort-idle",
        .family = abort,
        .severity = S::note,
        .holds = [](T t) { return active_reset(t) && long_idle(t); },
        .summary = "reset after a long idle time with nothing outstanding",
        .blame = B::reset_sender,
        .cap = C::high,
        .rfc = "our choice of threshold; see the idle timers in the advice",
    },
    Verdict{
        .slug = "abort-unanswered",
        .family = abort,
        .severity = S::warn,
        .holds = [](T t) { return active_reset(t) && closer_left_data_unanswered(t); },
        .summary = "reset by the side that had received data and not answered it",
        .blame = B::reset_sender,
        .cap = C::high,
        .rfc = "RFC 2525 §2.17; Linux tcp_close with unread data",
        .harmless = [](T t) { return t.only_tls_alert_lost; },
    },
    Verdict{
        .slug = "abort-as-close",
        .family = abort,
        .severity = S::note,
        .holds = [](T t) { return active_reset(t); },
        .summary = "a RST instead of a FIN with nothing outstanding",
        .blame = B::reset_sender,
        .cap = C::high,
        .rfc = "RFC 9293 §3.10.5; SO_LINGER with time 0",
    },

    // --- A reactive RST: the socket was gone, and something still came --------------------------
    Verdict{
        .slug = "restart-same-ports",
        .family = reactive,
        .severity = S::note,
        .holds = [](T t) { return reactive_reset(t) && syn_came_inside(t); },
        .summary = "one side had restarted and opened a new connection on the same ports",
        .blame = B::reset_sender,
        .cap = C::high,
        .rfc = "RFC 9293 §3.5.1, figure 9; §3.10.7.4 fourth check",
    },
    Verdict{
        .slug = "fin-to-dead-peer",
        .family = reactive,
        .severity = S::note,
        .holds = [](T t) { return reactive_reset(t) && trigger_is_bare_fin(t) && !resetter_had_closed(t); },
        .summary = "a FIN met a peer that no longer had the connection",
        .blame = B::first_fin,
        .cap = C::high,
        .rfc = "RFC 9293 §3.5.2 group 1",
    },
    Verdict{
        .slug = "data-after-close",
        .family = reactive,
        .severity = S::warn,
        .holds = [](T t) { return reactive_reset(t) && resetter_had_closed(t) && trigger_knew_of_fin(t); },
        .summary = "data was sent to a side that had closed; it answered with a RST",
        .blame = B::first_fin,
        .cap = C::high,
        .rfc = "RFC 9293 §3.6.1; RFC 1122 §4.2.2.13; Linux tcp_rcv_state_process",
        .harmless = [](T t) { return t.only_tls_alert_lost; },
    },
    Verdict{
        .slug = "keepalive-race",
        .family = reactive,
        .severity = S::warn,
        .holds = [](T t) { return reactive_reset(t) && resetter_had_closed(t); },
        .summary = "data crossed the peer's FIN and met a closed socket",
        .blame = B::first_fin,
        .cap = C::high,
        .rfc = "RFC 9293 §3.6.1; RFC 9112 §9.5",
        .harmless = [](T t) { return t.only_tls_alert_lost; },
    },
    Verdict{
        .slug = "peer-lost-state",
        .family = reactive,
        .severity = S::warn,
        .holds = [](T t) { return reactive_reset(t); },
        .summary = "the peer no longer knew the connection and answered with a RST",
        .blame = B::unknown,
        .cap = C::high,
        .rfc = "RFC 9293 §3.5.1, §3.5.2 group 1",
    },

    // --- No RST ended it --------------------------------------------------------------------------
    Verdict{
        .slug = "graceful-unconfirmed",
        .family = graceful,
        .severity = S::chat,
        .holds = [](T t) { return both_fins(t) && t.reset() == nullptr && !t.quality.one_sided; },
        .summary = "both sides closed; the capture lacks the last acknowledgment",
        .blame = B::first_fin,
        .cap = C::high,
        .rfc = "RFC 9293 §3.6",
    },
    Verdict{
        .slug = "half-closed-idle",
        .family = half_closed,
        .severity = S::warn,
        .holds =
            [](T t) {
              return one_fin_acked(t) && other_end_was_open(t) && !data_still_flows(t) &&
                     t.reset() == nullptr;
            },
        .summary = "one side closed; the other never did",
        .blame = B::first_fin,
        .cap = C::high,
        .rfc = "RFC 9293 §3.6 case 2, §3.6.1",
        .harmless = [](T t) { return t.quality.short_tail; },
    },
    Verdict{
        .slug = "half-closed-active",
        .family = half_closed,
        .severity = S::note,
        .holds = [](T t) { return other_end_was_open(t) && t.reset() == nullptr; },
        .summary = "one side closed; the other direction was still in use",
        .blame = B::first_fin,
        .cap = C::high,
        .rfc = "RFC 9293 §3.6.1",
    },
    Verdict{
        .slug = "open",
        .family = open,
        .severity = S::none,
        .holds = [](T t) { return !any_fin(t) && t.reset() == nullptr; },
        .summary = "no end of this connection in the capture",
        .blame = B::nobody,
        .cap = C::high,
        .rfc = "RFC 9293 §3.3.2",
    },
    Verdict{
        .slug = "inconclusive",
        .family = inconclusive,
        .severity = S::note,
        .holds = [](T) { return true; },
        .summary = "the capture does not show enough to tell how it ended",
        .blame = B::unknown,
        .cap = C::low,
        .rfc = "our choice: no name where the evidence does not carry it",
    },
};

// --- checks at compile time ------------------------------------------------------------------
constexpr bool is_kebab_case(std::string_view s) {
  if (s.empty() || s.front() == '-' || s.back() == '-') return false;
  for (const char c : s) {
    if ((c < 'a' || c > 'z') && c != '-') return false;
  }
  return true;
}

constexpr bool is_well_formed(const Verdict& v) {
  const bool text = !v.summary.empty() && v.summary.size() <= 72 && v.summary.back() != '.' &&
                    v.summary.front() >= 'a' && v.summary.front() <= 'z';
  return is_kebab_case(v.slug) && text && !v.rfc.empty();
}

constexpr bool all_well_formed_and_unique() {
  for (std::size_t i = 0; i < kCatalogue.size(); ++i) {
    if (!is_well_formed(kCatalogue[i])) return false;
    for (std::size_t k = i + 1; k < kCatalogue.size(); ++k) {
      if (kCatalogue[i].slug == kCatalogue[k].slug) return false;
    }
  }
  return true;
}

static_assert(all_well_formed_and_unique(), "a slug or a summary of the catalogue breaks the rules");

}  // namespace

std::span<const Verdict> catalogue() { return kCatalogue; }

const Verdict* find_verdict(std::string_view slug) {
  for (const Verdict& verdict : kCatalogue) {
    if (verdict.slug == slug) return &verdict;
  }
  return nullptr;
}

}  // namespace tcpteardown
