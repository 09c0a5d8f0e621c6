// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "report/words_families.h"

// Connections that were never established.
namespace tcpteardown {
namespace {

constexpr std::array kWords{
    Words{
        .slug = "setup-no-reply",
        .sentence = "no answer was seen from {server} to {syns} of {client} ({syn_frames})",
        .account = "{the_client} asked for a connection in frame {syn_frame}{syn_repeats}. No segment of "
                   "{the_server} and no ICMP error about the SYN is in this capture{syn_tail}. A firewall "
                   "that drops silently, a host that is down, a wrong address and a full accept queue "
                   "(Linux then drops the SYN) look the same from here, and so does an answer that went "
                   "past the capture point.",
        .advice = "capture on the server's side at the same time. If the SYN arrives there, look at the "
                  "firewall and the accept queue (ss -ltn; nstat -az TcpExtListenOverflows "
                  "TcpExtListenDrops); if it does not, follow the path with a TCP traceroute to port "
                  "{server_port}.{single_syn}",
        .meaning = "The client asked for a connection, once or several times, and nothing came back: no "
                   "SYN-ACK, no RST, no ICMP error. The capture goes on long enough to expect an answer.",
        .ladder = "client server\n"
                  "> SYN # frame N\n"
                  "> SYN # the same again after about 1 s, 2 s ...\n"
                  "> SYN # nothing comes back",
        .applications = "The client's connect() blocks and ends with ETIMEDOUT when all repetitions are "
                        "used up (about two minutes with Linux's defaults), or with the program's own, "
                        "shorter time-out. The server's application sees nothing.",
        .confused_with = "`setup-refused`, where somebody did answer. A capture of only one direction "
                         "looks the same: check that other connections of this capture show both "
                         "directions.",
    },
    Words{
        .slug = "setup-refused",
        .sentence = "{server} refused {client}: {rst_kind} in frame {rst_frame} answers the SYN of frame "
                    "{answered_syn}{refused_again}",
        .account =
            "the SYN in frame {answered_syn} was answered with {rst_kind} in frame "
            "{rst_frame}{rst_delay}. The connection never existed and {syn_data}. A port where nobody "
            "listens and a firewall that rejects with a TCP reset send the same bytes, so this capture "
            "does not show which it was{rst_hops}.{apps}",
        .advice = "check on the server that a program listens on port {server_port}, and on the address "
                  "that was asked for rather than only on the loopback address (ss -ltnp). If one does, "
                  "look for a firewall that rejects: compare the hop limit (TTL) of the RST with that of "
                  "answers from an open port of the same address.",
        .meaning = "The SYN was answered with a RST that acknowledges it: nobody takes connections there.",
        .ladder = "client server\n"
                  "> SYN # frame N\n"
                  "< RST,ACK # sequence number 0, acknowledges the SYN",
        .applications =
            "The client's connect() fails at once with ECONNREFUSED. The server's application sees nothing.",
        .confused_with = "`abort-before-response`: there the handshake was complete, connect() succeeded, "
                         "and the reset came after it. A reset after the handshake is never \"connection "
                         "refused\".",
    },
    Words{
        .slug = "setup-unreachable",
        .sentence = "{icmp_sender} reported {icmp_meaning} in frame {icmp_frame}, in answer to the SYN of "
                    "{client} to {server}",
        .account = "the SYN in frame {syn_frame} drew an ICMP error in frame {icmp_frame}{icmp_more}: "
                   "{icmp_sender} reported {icmp_meaning}. {icmp_who}{apps}",
        .advice = "{icmp_advice}",
        .meaning = "An ICMP or ICMPv6 error that quotes the SYN came back instead of an answer. Linux "
                   "ends connect() on any of them while it waits for the SYN-ACK.",
        .ladder = "client router\n"
                  "> SYN # frame N\n"
                  "< ICMP unreachable # quotes the SYN; says who and why",
        .applications = "The client's connect() fails with ECONNREFUSED (port unreachable), EHOSTUNREACH "
                        "(host unreachable, prohibited) or ENETUNREACH (no route).",
        .confused_with = "`setup-no-reply`, if the capture misses the ICMP error, for example because of "
                         "a capture filter \"tcp\".",
    },
    Words{
        .slug = "setup-synack-unanswered",
        .sentence = "{server} answered the SYN of {client} with SYN-ACK in frame "
                    "{synack_frame}{synack_repeats}; no ACK of it was seen{synack_reset}",
        .account = "the SYN of frame {syn_frame} was answered with SYN-ACK in frame "
                   "{synack_frame}{synack_repeats}, and no ACK of that is in this "
                   "capture{synack_tail}{synack_reset}. As far as this capture shows, the connection was "
                   "not established at the server. A forged source address, a client that went away, a "
                   "SYN-ACK that was lost and a client whose packets take a way past the capture point "
                   "give the same picture.{apps}",
        .advice = "capture at the client too: if the SYN-ACK does not arrive there, follow the way back "
                  "(asymmetric routing, a stateful firewall that saw one direction only). Many of these "
                  "from addresses that make no sense are a SYN flood or a scan.",
        .meaning = "The server answered the SYN, but the third step of the handshake was never seen.",
        .ladder = "client server\n"
                  "> SYN # frame N\n"
                  "< SYN-ACK\n"
                  "< SYN-ACK # repeated\n"
                  "- no ACK is seen",
        .applications = "The server's application is not told of the attempt. What the client's "
                        "application sees depends on whether the SYN-ACK reached it.",
        .confused_with = "`open`: if the client's ACK merely escaped the capture, later segments of the "
                         "client show it. A server with TCP_DEFER_ACCEPT also repeats its SYN-ACK while "
                         "it waits for data.",
    },
    Words{
        .slug = "setup-cancelled",
        .sentence =
            "{client} reset its own attempt to connect to {server} in frame {rst_frame}{cancel_moment}",
        .account = "{the_client} sent {rst_kind} in frame {rst_frame}{cancel_moment}: {cancel_story}. The "
                   "handshake was never completed, so no data was at stake and the server's application "
                   "was not told. A port scan, a connect() that was cancelled or timed out and the losing "
                   "one of two raced addresses (Happy Eyeballs) look alike.",
        .advice = "there is nothing to repair if the client opened another connection at about the same "
                  "time. One address that does this to many ports or hosts is a scanner.{syn_to_synack}",
        .meaning = "The client itself reset the connection before the handshake was complete.",
        .ladder = "client server\n"
                  "> SYN # frame N\n"
                  "< SYN-ACK\n"
                  "> RST # instead of the ACK",
        .applications = "The server's application sees nothing. The client's had given up before.",
        .confused_with = "`setup-refused`, where the RST comes from the other side, and "
                         "`setup-bad-synack`, where the SYN-ACK gave a reason.",
    },
    Words{
        .slug = "setup-bad-synack",
        .sentence = "a SYN-ACK of {server} in frame {bad_synack_frame} acknowledges what {client} never "
                    "sent; the client answered it with RST in {bad_synack_reset}",
        .account = "the client sent its SYN in frame {syn_frame}. The SYN-ACK in frame {bad_synack_frame} "
                   "acknowledges another sequence number, so the client's stack rejected it with RST in "
                   "{bad_synack_reset} and kept waiting; {next_attempt}. A SYN-ACK left over from an "
                   "earlier connection, a box that answers SYNs in the server's name and a SYN-ACK forged "
                   "by a third party look like this.",
        .advice = "compare the hop limit (TTL) of the SYN-ACK in frame {bad_synack_frame} with that of a "
                  "good one from the same server, and capture at the server to see whether it sent that "
                  "SYN-ACK. If it did, look for the same client port in use shortly before (port reuse, "
                  "NAT).",
        .meaning = "The SYN-ACK acknowledges a sequence number that the client did not send. A client "
                   "answers that with a RST and stays in SYN-SENT.",
        .ladder = "client server\n"
                  "> SYN seq 1000\n"
                  "< SYN-ACK ack 7777 # should be 1001\n"
                  "> RST seq 7777 # and the SYN is repeated",
        .applications = "Usually nothing: the client's stack repeats the SYN by itself and connect() "
                        "merely takes longer.",
        .confused_with = "`setup-stale-peer`, where the answer is an ACK without SYN.",
    },
    Words{
        .slug = "setup-stale-peer",
        .sentence = "{server} answered the SYN of {client} in frame {syn_frame} with an ACK of an old "
                    "connection (frame {stale_frame}); the client reset that one in {stale_reset}; "
                    "{next_attempt}",
        .account = "the server still held an earlier connection of the same addresses and ports: it "
                   "answered the SYN in frame {syn_frame} with a plain ACK in frame {stale_frame} instead "
                   "of SYN-ACK. The client reset that old connection in {stale_reset}, as RFC 9293 §3.5.1 "
                   "has it; {next_attempt}. What the server had still to send on the old connection is "
                   "gone with it.",
        .advice = "find out why the server never learned of the old connection's end: the client host "
                  "restarted or lost its power, a NAT or load balancer gave the port out again, or the "
                  "server's application holds connections in CLOSE-WAIT. Keep-alive on the server ends "
                  "such connections by itself.",
        .meaning = "The server answered a new SYN with an ACK that belongs to an older connection of the "
                   "same ports, which only the server still knew (a half-open connection).",
        .ladder = "client server\n"
                  "> SYN # a new connection\n"
                  "< ACK # numbers of the old one\n"
                  "> RST # ends the old one\n"
                  "> SYN # the retry usually works",
        .applications = "The client's connect() succeeds a little later. The application that held the "
                        "old connection at the server gets ECONNRESET.",
        .confused_with =
            "`restart-same-ports`, the same story where the capture also shows the old connection alive.",
    },
};

}  // namespace

std::span<const Words> words_of_setup() { return kWords; }

}  // namespace tcpteardown
