// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/pages.h"
#include "verdict/catalogue.h"

// Connections that one side gave up because the other did not respond.
namespace tcpteardown {
namespace {

constexpr std::array kPages{
    Page{
        .id = "timeout-retransmit"_verdict,
        .meaning = "Data was repeated several times, nothing was acknowledged, and then nothing more came.",
        .ladder = "client server\n> data\n> data # repeated\n> data # repeated, later\n> data # repeated, "
                  "still later\n- silence",
        .applications =
            "The sender's program gets ETIMEDOUT (EHOSTUNREACH if an ICMP error had come): on Linux after "
            "about 15 minutes by default, earlier with TCP_USER_TIMEOUT. The other side waits on.",
        .confused_with = "A capture that only shows one direction: then ACKs are missing everywhere in it.",
    },
    Page{
        .id = "timeout-retransmit-reset"_verdict,
        .meaning = "Data was repeated several times without an ACK; then its sender reset the connection.",
        .ladder = "client server\n> data\n> data # repeated\n> data # repeated, later\n> data # repeated, "
                  "still later\n> RST,ACK # gives up",
        .applications = "The sender's program gets ETIMEDOUT, or had its own time-out. The other one gets "
                        "ECONNRESET if the RST arrives.",
        .confused_with = "`abort-by-sender`, where the data had not been repeated.",
    },
    Page{
        .id = "timeout-keepalive"_verdict,
        .meaning = "Keep-alive probes were sent and not answered; the prober gave the connection up.",
        .ladder = "client server\n> keep-alive probe\n> keep-alive probe # nothing comes back\n> RST,ACK # "
                  "Linux says so; others just stop",
        .applications = "The prober's program gets ETIMEDOUT. The other one, if it lives, gets ECONNRESET "
                        "when the RST arrives or when it next writes.",
        .confused_with = "`peer-lost-state`, where a probe was answered, with a RST.",
    },
    Page{
        .id = "timeout-zero-window"_verdict,
        .meaning = "The receiver took no more data, its window stayed at zero, and the sender gave up.",
        .ladder = "client server\n> data\n< ACK, window 0\n> window probe\n> window probe # again and "
                  "again\n> RST,ACK # or silence",
        .applications =
            "The sender's program gets ETIMEDOUT or ends by its own time-out; the receiver's had not read.",
        .confused_with = "A RST with window 0: there the 0 has no meaning.",
    },
};

}  // namespace

std::span<const Page> pages_of_timeout() { return kPages; }

}  // namespace tcpteardown
