// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

// Every time, count and distance that a rule compares with, each with its source: a standard, a stack, or
// our choice and why. Elsewhere a rule names them; a test forbids such numbers in the rooms that judge.
//
// [half|twice] behind a number: of the 1,627 connections of captures/ and tests/scripts, how many had
// anything else judged when it alone was halved or doubled. None had where nothing stands. Counted and
// written by tests/mutants/thresholds --write.
namespace tcpteardown::threshold {

// Units: times are nanoseconds.
inline constexpr std::int64_t kMillisecond = 1'000'000;
inline constexpr std::int64_t kSecond = 1'000 * kMillisecond;

// --- What a user may choose (Settings) -----------------------------------------------------------
// Idle. Our choice: the shortest common idle timer (evidence/idle_timers.cpp).
inline constexpr std::int64_t kIdle = 5 * kSecond;  // [3|1]
// What must be silent before silence is evidence. Our choice: the first retransmission (RFC 6298 §2.1, 1 s)
// and the second one (§5.5, 2 s later) would have come.
inline constexpr std::int64_t kSilence = 3 * kSecond;  // [8|336]

// --- What stacks do ---------------------------------------------------------------------------------
// The first retransmission time-out, and the least (RFC 6298 §2.1, §2.4).
inline constexpr std::int64_t kInitialTimeout = 1 * kSecond;  // [0|1]
// The same in RFC 2988 §2.1, and after a repeated SYN (RFC 6298 §5.7).
inline constexpr std::int64_t kOlderInitialTimeout = 3 * kSecond;
// No stack gives up sooner on data by default: Windows repeats it 5 times (TcpMaxDataRetransmissions), from
// 300 ms on, each time after twice as long; RFC 1122 §4.2.3.5 asks for 100 s.
inline constexpr std::int64_t kSoonestGivingUp = 9 * kSecond;
// By which a timer may be late. Our choice: BSD's slow timer ticked every 500 ms.
inline constexpr std::int64_t kTimerSlack = 500 * kMillisecond;  // [0|1]
// Linux TCP_RTO_MIN, HZ/5: no retransmission time-out is shorter. Without new data for so long, a transfer
// has paused: delayed ACKs and round trips make shorter gaps inside one.
inline constexpr std::int64_t kLinuxLeastTimeout = 200 * kMillisecond;  // [0|2]
// Linux TCP_DELACK_MIN, HZ/25: by which an ACK is delayed in the middle of a transfer.
inline constexpr std::int64_t kLinuxDelayedAck = 40 * kMillisecond;
// RFC 9293 §3.8.6.3: an ACK is delayed by less.
inline constexpr std::int64_t kLongestAckDelay = 500 * kMillisecond;

// Who resets sooner behind its question did not wait for the answer. Our choice: shorter than any time-out
// of a program that we know; several round trips where these are longer.
inline constexpr std::int64_t kWait = 40 * kMillisecond;  // [0|1]
// No keep-alive gives up sooner: its idle time and its interval are whole seconds (tcp(7), TCP_KEEPIDLE and
// TCP_KEEPINTVL).
inline constexpr std::int64_t kLeastKeepAlive = 2 * kSecond;  // [4|1]

// --- How long ways are -------------------------------------------------------------------------------
// Several round trips make a way there and back for what crosses, is queued or answered late. Our choice.
inline constexpr std::int64_t kRoundTrips = 4;  // [7|5]
// Of a path whose round trip was not captured: a geostationary satellite, 4 × 36,000 km.
inline constexpr std::int64_t kUnknownTrip = 600 * kMillisecond;
// No path takes longer; what does is a handshake with a gap. Our choice.
inline constexpr std::int64_t kLongestTrip = 60 * kSecond;
// Between two copies of a segment; stacks give up long before (Linux TCP_RTO_MAX is 120 s). What is longer is
// a damaged time.
inline constexpr std::int64_t kLongestBackoff = 3600 * kSecond;
// A SYN-ACK, or an ACK, for a SYN would have come: longer than nearly all round trips. Our choice.
inline constexpr std::int64_t kAnswerTime = 250 * kMillisecond;  // [0|4]
// A host that does not want a SYN-ACK resets it at once, so not later than twice that. Our choice.
inline constexpr std::int64_t kCancelTime = 500 * kMillisecond;  // [0|1]
// A RST this soon after the SYN-ACK may belong to the handshake still. Our choice.
inline constexpr std::int64_t kOfHandshake = 200 * kMillisecond;
// What was sent before a FIN arrived has come by then, where the round trip is not known, and so much more
// than two round trips where it is. Our choice.
inline constexpr std::int64_t kBehindFin = 200 * kMillisecond;
inline constexpr std::int64_t kBehindFinSlack = 2 * kMillisecond;
// A shorter way leaves no time to tell an answer from a guess. Our choice.
inline constexpr std::int64_t kMeasurableTrip = 2 * kMillisecond;

// An answer that comes sooner than a half of the way to its sender and back hardly came from there; sooner
// than a quarter it did not, unless the handshake was slow. Our choice.
inline constexpr std::int64_t kHalfTheWay = 2;  // [11|2]
inline constexpr std::int64_t kQuarterOfTheWay = 4;

// --- Order and copies --------------------------------------------------------------------------------
// A delay that reordering, or the way through a mirror port or router to its second capture, may well
// produce: paths that reorder do it by milliseconds however long they are. Our choice.
inline constexpr std::int64_t kReordering = 20 * kMillisecond;  // [1|6]
// The least of it where round trips are shorter; and how fast a copy follows without any IP-ID to tell it
// from a retransmission, which no timer sends so soon. Our choice.
inline constexpr std::int64_t kLeastReordering = 1 * kMillisecond;
// Late data that comes this soon behind its successor was overtaken and not sent again: Wireshark's
// out-of-order threshold (packet-tcp.c, ooo_thres).
inline constexpr std::int64_t kOutOfOrder = 3 * kMillisecond;  // [1|0]
// By which a time stamp clock may be wrong: a thousandth. Our choice: ten times a bad quartz.
inline constexpr std::int64_t kClockDrift = 1'000;
// What it takes to know a time stamp clock's rate: so many ticks over so long; an odd rate only over longer.
inline constexpr std::int64_t kStampTicks = 20;
inline constexpr std::int64_t kStampSpan = 200 * kMillisecond;
inline constexpr std::int64_t kStampOddSpan = 10 * kSecond;
// A tick takes from 1 ms to 1 s (RFC 7323 §5.4); an eighth more, since it is measured.
inline constexpr std::int64_t kStampLongestTick = 1125 * kMillisecond;

// --- A RST and what it answers ------------------------------------------------------------------------
// How long before a RST its trigger may have been captured, where round trips are shorter: a segment that
// asks for an answer; a pure ACK, which is mostly followed by nothing. Our choice.
inline constexpr std::int64_t kTriggerReach = 1 * kSecond;            // [1|1]
inline constexpr std::int64_t kAckTriggerReach = 100 * kMillisecond;  // [2|3]
// Data behind a RST that had left before it arrived, where round trips are shorter. Our choice.
inline constexpr std::int64_t kInFlight = 1 * kSecond;
// So soon behind a FIN its receiver's program cannot have read of it. Our choice.
inline constexpr std::int64_t kProgramWakes = 50 * kMillisecond;
// A program reads what has come within so much; until then a RST can take it away. Our choice.
inline constexpr std::int64_t kProgramReads = 100 * kMillisecond;
// Two RSTs that crossed, where round trips are shorter. Our choice.
inline constexpr std::int64_t kCrossing = 100 * kMillisecond;
// A host that spoke so short a time ago has not restarted or forgotten since. Our choice.
inline constexpr std::int64_t kJustNow = 1 * kSecond;  // [7|8]
// Whoever was idle for longer, its peer hardly closed unseen: servers' keep-alive time-outs end at two
// minutes; NATs and firewalls keep connections for two hours (RFC 5382 REQ-5). Our choice.
inline constexpr std::int64_t kServerIdle = 120 * kSecond;  // [4|1]
// Servers close a connection on which no request came for some seconds: gunicorn after 2 s unless told
// otherwise, the shortest default that we know; Node.js, Apache httpd, uvicorn and lighttpd after 5 s. Most
// take whole seconds, so that 1 s is the least they can be set to. A tenth less, for what the way to the
// capture point adds or takes (our choice). Closed sooner, a connection was in use.
inline constexpr std::int64_t kShortestKeepAlive = 900 * kMillisecond;  // [1|2]
// RSTs of one burst. Our choice; an injector sends them within milliseconds (Weaver, Sommer and Paxson 2009).
inline constexpr std::int64_t kBurst = 2 * kSecond;
// A counter of IP-IDs that the whole host shares has hardly run on meanwhile. Our choice.
inline constexpr std::int64_t kFreshIpId = 2 * kSecond;  // [2|0]
// Longer than this behind a connection's end, data far from its numbers is of a later one. Our choice.
inline constexpr std::int64_t kLaterConnection = 10 * kSecond;

// Nobody captures in vain for so long: files were joined. Our choice.
inline constexpr std::int64_t kJoinedFiles = std::int64_t{48} * 3'600 * kSecond;  // [0|1]

// --- Repetitions ---------------------------------------------------------------------------------------
// In vain: the sender's stack gave up. Our choice: three copies take three time-outs, each twice the one
// before (RFC 6298 §5.5), in which a live peer had answered; Linux sends 15 (tcp_retries2).
inline constexpr unsigned kResendsInVain = 3;  // [7|77]
// One fewer leaves it open. Our choice.
inline constexpr unsigned kResendsInDoubt = 2;  // [2|6]
// Probes of an idle connection, or of a closed window, without an answer. Our choice: one may be lost.
inline constexpr unsigned kProbesInVain = 2;  // [4|24]
// Of a closed window they never end (RFC 9293 §3.8.6.1): fewer may have stopped with the capture.
inline constexpr unsigned kProbesForSure = 3;  // [1|8]
// Of a FIN, before its orphaned socket is gone (Linux tcp_orphan_retries). Our choice.
inline constexpr unsigned kFinsInVain = 2;  // [0|1]
// Copies of a segment behind the oldest unacknowledged one: a tail loss probe sends one (RFC 8985 §7.3).
inline constexpr unsigned kMoreThanTailProbe = 2;  // [49|1]
// A SYN or SYN-ACK sent that often has waited for a time-out.
inline constexpr unsigned kSynsInVain = 2;  // [3|14]
// SYNs that Linux sends before connect() fails: one, and tcp_syn_retries again.
inline constexpr unsigned kSynsOfStack = 7;  // [12|1]
// So many of a program's own pauses it must be quiet before that is waiting. Our choice.
inline constexpr std::int64_t kLongerThanPace = 4;  // [0|1]
// Data segments in a row that make a transfer, no question. Our choice: more than a request in pieces.
inline constexpr unsigned kTransfer = 4;  // [3|5]
// And the least time they take, so that their distance means something. Our choice.
inline constexpr std::int64_t kTransferTime = 2 * kMillisecond;

// --- Habits ----------------------------------------------------------------------------------------------
// Packets that make a hop limit or an IP-ID counter usual. Our choice: more than a handshake.
inline constexpr unsigned kUsual = 3;  // [16|26]
// A suspicion from which on nobody is blamed by name any more. Our choice: two signs, one of them the hop
// limit.
inline constexpr unsigned kSuspected = 50;  // [6|4]
// Packets that only the handshake had: SYN (or SYN-ACK) and ACK.
inline constexpr unsigned kOfHandshakeOnly = 2;  // [3|33]
// Hops by which one packet's way may not differ. Our choice: routes change by a hop.
inline constexpr int kFarHops = 2;  // [11|6]
// Steps in a row that make windows a counter. Our choice.
inline constexpr int kWindowSteps = 2;  // [0|5]
// An IP-ID that far above the one before still belongs to the same counter, and so near to one that runs for
// this connection alone. Our choice.
inline constexpr std::uint16_t kIpIdStep = 1'000;
inline constexpr std::int16_t kNearIpId = 100;
// Numbers of a burst lie ahead by more than a SYN and a FIN could explain.
inline constexpr std::uint32_t kStepsAhead = 2;
// An idle time-out of network devices is no shorter: AWS ALB, HAProxy, many proxies. Our choice.
inline constexpr std::uint32_t kBoxTimer = 60;  // s [1|6]
// How exact an idle timer is: a fifth of a second or half a percent late, a quarter of that early; the two
// hours of TCP keep-alive run from the last segment. Our choice.
inline constexpr std::int64_t kTimerTolerance = 200 * kMillisecond;  // [0|9]
inline constexpr std::int64_t kTimerPrecision = 200;                 // [7|2]
inline constexpr std::int64_t kKeepAliveEarly = 5 * kSecond;
inline constexpr std::int64_t kKeepAliveLate = 10 * kSecond;
// Inactivity, as "Global, Passive Detection of Connection Tampering" (SIGCOMM 2023) defines it; its
// signatures mean nothing with another, so the preference does not move it.
inline constexpr std::int64_t kTamperingInactivity = 3 * kSecond;  // [3|20]

// --- Sizes and distances, in bytes -----------------------------------------------------------------------
// A TLS alert: a record header, two bytes, padding and a tag.
inline constexpr std::uint64_t kLongestAlert = 64;  // [1|0]
// Shorter segments are messages; a segment of a bulk transfer that is a little shorter than the others is
// odd. Our choice.
inline constexpr std::uint32_t kBulkSegment = 512;
inline constexpr std::uint32_t kOddSegment = 64;
// An HTTP head that is longer is not read. Our choice.
inline constexpr std::size_t kHttpHead = 2'048;
// An IP packet has no more bytes (RFC 791 §3.1; RFC 8200 §3).
inline constexpr std::int32_t kLongestPacket = 65'535;
// An ACK further ahead of all that was captured is a wild number; of a RST, which anybody may make, much
// sooner. Our choice.
inline constexpr std::int32_t kUnseenByAck = 1 << 30;  // [0|13]
inline constexpr std::int32_t kUnseenByReset = 1 << 26;
inline constexpr std::int32_t kUnseenByStranger = 1 << 20;
// Numbers of another connection. Our choice: more than a window without scale, 256 times.
inline constexpr std::int32_t kOtherConnection = 1 << 24;
// A NetScaler's reset codes are windows: near its usual window, in sixteenths, one means nothing. Our choice.
inline constexpr std::uint16_t kNetScalerCodes = 9'000;  // [0|1]
inline constexpr std::uint16_t kNearWindow = 16;
// A text in a RST is no text if it is shorter. Our choice.
inline constexpr std::size_t kShortestText = 3;

// --- What is worth a word ----------------------------------------------------------------------------------
// A wait or a pause that a reader asks about, and time that is none at all. Our choice.
inline constexpr std::int64_t kWorthAWord = 1 * kSecond;
inline constexpr std::int64_t kNoTime = 1 * kMillisecond;

}  // namespace tcpteardown::threshold
