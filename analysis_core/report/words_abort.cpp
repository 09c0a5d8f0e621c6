// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "report/words_families.h"

// Connections that one side's own system tore down with a RST that answers nothing.
namespace tcpteardown {
namespace {

constexpr std::array kWords{
    Words{
        .slug = "abort-before-response",
        .sentence = "{closer} reset the connection in frame {rst_frame}{since_handshake} and before its "
                    "first byte of data{loss}",
        .account =
            "the handshake was complete (frame {handshake_frame}) and {the_peer} had sent {peer_sent} "
            "when {the_closer} sent {rst_kind} in frame {rst_frame}{answers}{unread}. A listener that "
            "closed or overran before the program accepted the connection, a proxy without a backend, a "
            "policy that dislikes the client and a close() with an unread request all look like "
            "this.{apps}",
        .advice = "look at the server: did the program accept the connection at all (accept queue: ss "
                  "-ltn, nstat -az TcpExtListenOverflows; sysctl net.ipv4.tcp_abort_on_overflow)? Behind "
                  "a proxy or load balancer, check whether a backend was available, and access lists and "
                  "TLS policy at that time.",
        .meaning =
            "The handshake was complete, and then the server reset the connection before it sent anything.",
        .ladder = "client server\n"
                  "> SYN\n"
                  "< SYN-ACK\n"
                  "> ACK\n"
                  "> request # maybe\n"
                  "< RST,ACK # not one byte of an answer",
        .applications =
            "The client gets ECONNRESET at its first read or write: never \"connection refused\", because "
            "connect() had already succeeded. The server's application may never have heard of the "
            "connection.",
        .confused_with =
            "`setup-refused` (RST instead of SYN-ACK), and `abort-no-data` if the client reset first.",
    },
    Words{
        .slug = "abort-by-receiver",
        .sentence = "{closer} reset the connection in frame {rst_frame}{in_flight}",
        .account = "{transfer_story}. {the_closer} cut the transfer off with {rst_kind} in frame "
                   "{rst_frame}{after_pause}{answers}; a cancelled transfer, a program that ended or "
                   "closed with data unread, and a proxy or virus scanner in its place look alike, and "
                   "{peer_in_order}.{apps}",
        .advice = "look at {the_closer}, not at {the_peer} or the network: what did its program, or a "
                  "proxy or security product on that host, do at the time of frame {rst_frame} (cancelled "
                  "by the user, time-out, size limit, crash)? {the_peer}'s log will say \"connection "
                  "reset by peer\", which is the effect and not the cause.",
        .meaning = "The side that was receiving tore the connection down while its peer was still "
                   "sending: an aborted download or upload.",
        .ladder = "client server\n"
                  "< data\n"
                  "< data\n"
                  "> ACK\n"
                  "< data # still on its way\n"
                  "> RST,ACK # the receiver wants no more\n"
                  "< data # lost",
        .applications = "The sender gets ECONNRESET (then EPIPE) when it next writes. The receiver's "
                        "program had given up before.",
        .confused_with = "A network fault: the RST of a receiver that aborts needs none. Window 0 in such "
                         "a RST is an operating system's habit and no closed window.",
    },
    Words{
        .slug = "abort-by-sender",
        .sentence = "{closer} reset the connection in frame {rst_frame}{own_flight}",
        .account = "{own_story} when it sent {rst_kind} in frame {rst_frame}{answers}. {own_fate} "
                   "SO_LINGER with time 0, a killed process and a program that aborts on an error send "
                   "this RST.{apps}",
        .advice = "look at {the_closer}'s program: data was handed to the system and the connection "
                  "thrown away before it was delivered. A close() without SO_LINGER 0 delivers first; "
                  "shutdown(SHUT_WR) and reading to the end makes sure. {the_peer} should treat the data "
                  "as truncated.",
        .meaning =
            "The side that was sending reset the connection although its own data had not been acknowledged.",
        .ladder = "client server\n"
                  "< data\n"
                  "< data # not acknowledged yet\n"
                  "< RST,ACK # from the same side",
        .applications = "The receiver gets ECONNRESET, perhaps after part of the data. The sender's "
                        "program saw its writes succeed.",
        .confused_with = "`timeout-retransmit-reset`, where the sender first repeated its data in vain.",
    },
    Words{
        .slug = "abort-waiting",
        .sentence = "{closer} reset the connection in frame {rst_frame} after waiting {waited} for {peer} "
                    "to answer its data of frame {closer_data_frame}{some_loss}",
        .account =
            "{the_closer} had sent {closer_sent}, last in frame {closer_data_frame}, and all of it was "
            "acknowledged; no data of {the_peer} came back for it in {waited}. Then {the_closer} sent "
            "{rst_kind} in frame {rst_frame}{answers}. A time-out of the program, a user who cancelled "
            "and a program that ended all look like this; {the_peer}'s TCP was alive, its program had not "
            "answered.{apps}",
        .advice = "two places: {the_peer}'s program took longer than {waited} (its log at the time of "
                  "frame {closer_data_frame}), and {the_closer}'s time-out of about that length. Check "
                  "whether the answer is worth waiting for longer, and whether the request was processed "
                  "nevertheless before you repeat it.",
        .meaning = "One side sent its data, it was acknowledged, no answer came, and the same side reset "
                   "the connection: it gave up waiting.",
        .ladder = "client server\n"
                  "> request\n"
                  "< ACK # the server's system has it\n"
                  "- time passes, no answer\n"
                  "> RST,ACK # the client gives up",
        .applications = "The side that reset knows why (its own time-out). The other one gets ECONNRESET "
                        "when it wants to answer.",
        .confused_with = "`abort-unanswered`, where the side that resets owes the answer, and "
                         "`timeout-retransmit`, where not even an ACK came.",
    },
    Words{
        .slug = "abort-idle",
        .sentence = "{closer} reset the idle connection in frame {rst_frame}{after_idle}{loss}",
        .account = "nothing was sent for {idle_time}, and then {rst_kind} in frame {rst_frame} came from "
                   "{the_closer}'s address{answers}; {outstanding}. A program's own idle time-out, a "
                   "process that ended and a load balancer or firewall that clears its table in the name "
                   "of {the_closer} cannot be told apart by the RST alone.{apps}",
        .advice = "look for a timer of that length at {the_closer}, at {the_peer} and at every load "
                  "balancer, NAT or firewall between. Send keep-alives more often than that, or close "
                  "idle connections earlier on the side that opens them.",
        .meaning = "After a long time without data one side reset the connection; nothing was outstanding.",
        .ladder = "client server\n"
                  "> request\n"
                  "< answer\n"
                  "> ACK\n"
                  "- silence\n"
                  "< RST,ACK",
        .applications = "The other side gets ECONNRESET when it next uses the connection, which is often "
                        "long after the RST.",
        .confused_with = "`peer-lost-state`, where the RST answers a segment after the silence, and "
                         "`timeout-keepalive`, where probes went unanswered before.",
    },
    Words{
        .slug = "abort-unanswered",
        .sentence = "{closer} reset the connection in frame {rst_frame} without answering the last data "
                    "of {peer} (frame {peer_data_frame}){loss}",
        .account = "{the_peer} had sent {peer_sent}, last in frame {peer_data_frame}, and had all of it "
                   "acknowledged; instead of an answer {the_closer} sent {rst_kind} in frame "
                   "{rst_frame}{after_pause}{answers}{unread}. A close() with unread data, SO_LINGER with "
                   "time 0 and a process that ended look alike.{apps}",
        .advice = "look at {the_closer}'s program: it received data and gave the connection up instead of "
                  "answering (error path, limit, restart). {the_peer} cannot know whether its data was "
                  "processed: repeat it only if that is safe.",
        .meaning = "The side that resets had received data, acknowledged it, and never answered it.",
        .ladder = "client server\n"
                  "> request\n"
                  "< ACK\n"
                  "< RST,ACK # instead of the answer",
        .applications = "The side that waits for an answer gets ECONNRESET.",
        .confused_with = "`abort-waiting`, the mirror image, and `abort-before-response`, where the "
                         "server had not sent anything at all.",
    },
    Words{
        .slug = "abort-as-close",
        .sentence = "{closer} ended the connection with {rst_kind} in frame {rst_frame} instead of a "
                    "FIN{after_answer}{loss}",
        .account = "in place of a FIN {the_closer} sent {rst_kind} in frame {rst_frame}{answers}. There "
                   "had been {totals}; {outstanding}. SO_LINGER with time 0 is the usual reason (load "
                   "generators, health checks and proxies use it to keep ports free); close() with unread "
                   "data and a killed process look the same.{apps}",
        .advice = "{close_advice}",
        .meaning = "One side used a RST to close a connection on which nothing was outstanding.",
        .ladder = "client server\n"
                  "> request\n"
                  "< answer\n"
                  "> ACK\n"
                  "> RST,ACK # instead of FIN",
        .applications = "The other side gets ECONNRESET instead of the end of the data when it next "
                        "reads. Data that it already holds can still be read on Linux and BSD.",
        .confused_with =
            "`abort-by-receiver` and `abort-unanswered`, where something was lost or left without an answer.",
    },
    Words{
        .slug = "abort-no-data",
        .sentence =
            "{closer} reset the connection in frame {rst_frame}{since_handshake}; no data was ever sent",
        .account = "the connection was established, neither side sent a byte, and {the_closer} sent "
                   "{rst_kind} in frame {rst_frame}{answers}. Health checks of load balancers, port "
                   "scanners with full connects and connection pools that drop an unused connection do "
                   "this.{apps}",
        .advice = "nothing to repair if {the_client} is a monitor or load balancer; use a check that "
                  "closes with FIN if the server's log complains.",
        .meaning = "A connection was opened, nothing was sent, and one side reset it.",
        .ladder = "client server\n"
                  "> SYN\n"
                  "< SYN-ACK\n"
                  "> ACK\n"
                  "> RST,ACK",
        .applications =
            "The other side gets ECONNRESET at accept(), read or write; many servers log that and no more.",
        .confused_with =
            "`abort-before-response`, where the server resets; `setup-cancelled`, where the ACK is missing.",
    },
    Words{
        .slug = "abort-after-own-fin",
        .sentence = "{closer} closed ({fin_closer}) and then reset the connection in frame "
                    "{rst_frame}{after_own_fin}{after_answer}{loss}",
        .account = "{the_closer} first closed in order ({fin_closer_story}) and then, without waiting for "
                   "{the_peer} to close, sent {rst_kind} in frame {rst_frame}{after_own_fin}{answers}; "
                   "{outstanding}. A program that calls shutdown() and then closes for good, close() with "
                   "unread data and SO_LINGER look the same.{apps}",
        .advice = "if all data had arrived, there is nothing to repair in this ending: {the_closer} had "
                  "what it wanted and was in a hurry. A log that speaks of a connect time-out "
                  "means another connection: this one had been established. If data is missing at "
                  "{the_closer}, let its program read to the end before it closes.",
        .meaning = "One side sent its FIN and, soon after, a RST of its own: it did not wait for the "
                   "other side's FIN.",
        .ladder = "client server\n"
                  "> FIN\n"
                  "< ACK # or nothing yet\n"
                  "> RST,ACK # same side",
        .applications = "The other side reads the end of the data first; a later write fails with EPIPE. "
                        "It may never see ECONNRESET.",
        .confused_with =
            "`data-after-close`: there the RST, without ACK, answers data that came after the FIN.",
    },
    Words{
        .slug = "abort-after-peer-fin",
        .sentence = "{closer} answered the close of {peer} ({fin_peer}) with {rst_kind} in frame "
                    "{rst_frame} instead of a FIN{after_answer}{loss}",
        .account = "{the_peer} closed in order ({fin_peer}); in place of its own FIN {the_closer} sent "
                   "{rst_kind} in frame {rst_frame}{after_peer_fin}{answers}; {outstanding}. "
                   "{broken_answer}{apps}",
        .advice = "{broken_answer_advice}",
        .meaning =
            "One side closed with FIN, and the other answered with a RST rather than a FIN of its own.",
        .ladder = "client server\n"
                  "> FIN\n"
                  "< ACK\n"
                  "< RST,ACK # where a FIN would do",
        .applications =
            "The side that closed usually sees nothing; only if it still reads does it get ECONNRESET.",
        .confused_with =
            "`fin-to-dead-peer`, where a RST without ACK answers the FIN because the peer was gone.",
    },
    Words{
        .slug = "abort-crossed",
        .sentence = "both sides reset the connection: {closer} in frame {rst_frame} and {peer} in frame "
                    "{crossing_frame}, {crossing_span} apart{loss}",
        .account =
            "{the_closer} sent {rst_kind} in frame {rst_frame} and {the_peer} its own in frame "
            "{crossing_frame}, {crossing_span} later and too soon to be an answer: each side gave the "
            "connection up by itself; {outstanding}. Equal time-outs at both ends, or a device between "
            "that resets both sides in the other's name, look like this.",
        .advice = "compare the hop limits (TTL) of both RSTs with those of the data of the same side: if "
                  "they differ, look for a load balancer or firewall between. If they agree, look for the "
                  "same time-out at both ends.",
        .meaning = "Both sides sent an active RST before either can have had the other's.",
        .ladder = "client server\n"
                  "> RST,ACK\n"
                  "< RST,ACK # within a round trip",
        .applications = "Both programs had given up before; neither sees an error of the other.",
        .confused_with =
            "`reset-injected`: a pair of RSTs in both directions at once is also a device's habit.",
    },
};

}  // namespace

std::span<const Words> words_of_abort() { return kWords; }

}  // namespace tcpteardown
