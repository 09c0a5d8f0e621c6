// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "report/words_families.h"

// Connections that one side gave up because the other did not respond.
namespace tcpteardown {
namespace {

constexpr std::array kWords{
    Words{
        .slug = "timeout-retransmit",
        .sentence = "{peer} was not responding: {resends} of {closer} in {resend_frames} got no "
                    "ACK{resend_end}{loss}",
        .account =
            "{the_closer} repeated its data ({resends}, {resend_frames}{resend_span}) without an ACK of "
            "{the_peer}{silent_since_resends}. Then {the_closer} fell silent, as Linux does when it gives "
            "up: no FIN, no RST. Whether {the_peer} was down, the path broken or a firewall had forgotten "
            "the connection is not to be seen from here.{late_answer}{apps}",
        .advice = "capture at {the_silent}: do the repeated segments arrive there? If not, look at the "
                  "path (link, routing, MTU if only large segments are lost, firewall or NAT state). If "
                  "they do, look at {the_silent}'s host and at the way back of its ACKs.",
        .meaning = "Data was repeated several times, nothing was acknowledged, and then nothing more came.",
        .ladder = "client server\n"
                  "> data\n"
                  "> data # repeated\n"
                  "> data # repeated, later\n"
                  "> data # repeated, still later\n"
                  "- silence",
        .applications = "The sender's program gets ETIMEDOUT (EHOSTUNREACH if an ICMP error had come): on "
                        "Linux after about 15 minutes by default, earlier with TCP_USER_TIMEOUT. The "
                        "other side waits on.",
        .confused_with = "A capture that only shows one direction: then ACKs are missing everywhere in it.",
    },
    Words{
        .slug = "timeout-retransmit-reset",
        .sentence = "{peer} was not responding: {resends} of {closer} in {resend_frames} got no "
                    "ACK{resend_end}{loss}",
        .account =
            "{the_closer} repeated its data ({resends}, {resend_frames}{resend_span}) without an ACK of "
            "{the_peer}{silent_since_resends}. Then {the_closer} gave up with {rst_kind} in frame "
            "{rst_frame}, as BSD and macOS do, and any system whose program closes hard at that point. "
            "The RST is the effect; the missing ACKs are the cause.{apps}",
        .advice = "capture at {the_silent}: do the repeated segments arrive there? If not, look at the "
                  "path (link, routing, MTU if only large segments are lost, firewall or NAT state). If "
                  "they do, look at {the_silent}'s host and at the way back of its ACKs.",
        .meaning = "Data was repeated several times without an ACK; then its sender reset the connection.",
        .ladder = "client server\n"
                  "> data\n"
                  "> data # repeated\n"
                  "> data # repeated, later\n"
                  "> data # repeated, still later\n"
                  "> RST,ACK # gives up",
        .applications = "The sender's program gets ETIMEDOUT, or had its own time-out. The other one gets "
                        "ECONNRESET if the RST arrives.",
        .confused_with = "`abort-by-sender`, where the data had not been repeated.",
    },
    Words{
        .slug = "timeout-keepalive",
        .sentence = "{peer} was not responding: {keep_alives} of {closer} in {keep_alive_frames} got no "
                    "answer{keep_alive_end}",
        .account = "after a silence {the_closer} asked with {keep_alives} ({keep_alive_frames}, the last "
                   "{keep_alive_interval} after the one before) whether {the_peer} was still there, and "
                   "no answer is in this capture{silent_since_probes}{keep_alive_end}. {the_peer} was "
                   "down, unreachable, or a device on the way had forgotten the connection and dropped "
                   "the probes.{apps}",
        .advice = "find out since when {the_silent} was unreachable, and which NAT, firewall or load "
                  "balancer forgets idle connections earlier than {the_sender}'s keep-alive time (2 h by "
                  "default on Linux): a shorter keep-alive time keeps the entry alive.",
        .meaning = "Keep-alive probes were sent and not answered; the prober gave the connection up.",
        .ladder = "client server\n"
                  "> keep-alive probe\n"
                  "> keep-alive probe # nothing comes back\n"
                  "> RST,ACK # Linux says so; others just stop",
        .applications = "The prober's program gets ETIMEDOUT. The other one, if it lives, gets ECONNRESET "
                        "when the RST arrives or when it next writes.",
        .confused_with = "`peer-lost-state`, where a probe was answered, with a RST.",
    },
    Words{
        .slug = "timeout-zero-window",
        .sentence =
            "{peer} kept its receive window closed{zero_window_since}: {closer} probed it with {probes} "
            "in {probe_frames}{probe_end}{loss}",
        .account =
            "{the_peer} announced a window of zero{zero_window_since}, so {the_closer} could not send and "
            "asked with {probes} ({probe_frames}) whether it had opened again{probe_end}. A closed window "
            "means that {the_peer}'s program does not read: it is stopped, overloaded or waits for "
            "something else. The network delivered.{apps}",
        .advice = "look at {the_silent}'s program: what keeps it from reading? On that host ss -tm shows "
                  "the bytes that wait in its receive queue. A larger buffer only postpones this.",
        .meaning = "The receiver took no more data, its window stayed at zero, and the sender gave up.",
        .ladder = "client server\n"
                  "> data\n"
                  "< ACK, window 0\n"
                  "> window probe\n"
                  "> window probe # again and again\n"
                  "> RST,ACK # or silence",
        .applications =
            "The sender's program gets ETIMEDOUT or ends by its own time-out; the receiver's had not read.",
        .confused_with = "A RST with window 0: there the 0 has no meaning.",
    },
};

}  // namespace

std::span<const Words> words_of_timeout() { return kWords; }

}  // namespace tcpteardown
