// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "report/words_families.h"

// Connections that both sides closed in order.
namespace tcpteardown {
namespace {

constexpr std::array kWords{
    Words{
        .slug = "graceful",
        .sentence = "{first} closed first ({fin_first}), {second} followed ({fin_second}); both were "
                    "acknowledged, {all_arrived}",
        .account = "{the_first} closed first ({fin_first_story}); {the_second} closed after it "
                   "({fin_second_story}{later_by}). The ACK of a FIN covers all data before it"
                   "{everything}. A FIN says that its sender sends no more; whether the "
                   "program called close() or shutdown() does not show.",
        .advice = "{closing_advice}",
        .meaning = "Both sides said that they were done, and each had the other's word acknowledged.",
        .ladder = "client server\n"
                  "> FIN # who closes first\n"
                  "< ACK # often in one segment with the next\n"
                  "< FIN\n"
                  "> ACK",
        .applications = "Both read the end of the data (recv() returns 0). No error.",
        .confused_with = "`graceful-half-close` when much lies between the two FINs; `half-closed-idle` "
                         "when the second FIN is still missing.",
    },
    Words{
        .slug = "graceful-simultaneous",
        .sentence =
            "{first} and {second} closed at the same time ({both_fins} crossed); both were acknowledged, "
            "no data is lost",
        .account = "both sides closed at once: {fin_first_story}, and {fin_second_story}. Neither FIN "
                   "acknowledges the other, so neither side had seen it when it sent its own. The ACKs "
                   "cover all data ({totals}).",
        .advice = "{crossing_advice}",
        .meaning = "Both sides closed before either had heard of the other's closing.",
        .ladder = "client server\n"
                  "> FIN\n"
                  "< FIN # does not acknowledge the other\n"
                  "> ACK\n"
                  "< ACK",
        .applications = "Both had closed already. No error.",
        .confused_with = "`graceful`: the order of the frames does not tell the two apart, the ACK "
                         "numbers of the FINs do.",
    },
    Words{
        .slug = "graceful-half-close",
        .sentence = "{first} finished sending ({fin_first}) and went on receiving: {second} sent "
                    "{half_close_bytes} more and closed ({fin_second}{later_by}); no data is lost",
        .account = "{the_first} sent its FIN when it had no more to send ({fin_first_story}) but kept its "
                   "receiving half open. {the_second} sent {half_close_bytes} {half_close_frames}, all "
                   "acknowledged, and then closed ({fin_second_story}). Everything arrived ({totals}).",
        .advice = "{half_close_advice}",
        .meaning = "One side had finished sending and told so with a FIN; the other used the still open "
                   "direction for more data before it closed too.",
        .ladder = "client server\n"
                  "> FIN # shutdown(SHUT_WR): no more from here\n"
                  "< ACK\n"
                  "< data # still welcome\n"
                  "> ACK\n"
                  "< FIN\n"
                  "> ACK",
        .applications = "Both read all data and then the end of it. No error.",
        .confused_with = "`data-after-close`: on the wire it starts the same, but there a RST answers the "
                         "data because the first side had closed for good.",
    },
    Words{
        .slug = "graceful-unconfirmed",
        .sentence =
            "{first} and {second} both closed ({both_fins}); no ACK of {unacked_fins} was seen before the "
            "capture ended",
        .account = "both sides sent their FIN: {fin_first_story}; {fin_second_story}. The missing ACK is "
                   "not in this capture, which {ends_after}; {unconfirmed_story}.{apps}",
        .advice = "{unconfirmed_advice}",
        .meaning = "Both sides closed, but the capture does not show that both FINs arrived.",
        .ladder = "client server\n"
                  "> FIN\n"
                  "< FIN,ACK\n"
                  "- the last ACK is not seen",
        .applications = "Usually no error at either end.",
        .confused_with = "`half-closed-fin-unacked`, where the other side never closed.",
    },
    Words{
        .slug = "graceful-then-reset",
        .sentence =
            "{first} and {second} closed in order ({both_fins}); {late_reset} came when that was done and "
            "is harmless",
        .account = "both sides closed with FIN: {fin_first_story}; {fin_second_story}. "
                   "{late_reset}{more_resets} came after that: {late_story}. No data was at stake any "
                   "more.",
        .advice = "{late_reset_advice}",
        .meaning = "The connection had been closed by both sides when a RST came: it ends nothing and "
                   "loses nothing.",
        .ladder = "client server\n"
                  "> FIN\n"
                  "< FIN,ACK\n"
                  "> ACK # closed\n"
                  "< RST # too late to matter",
        .applications = "Both had read the end of the data before. No error.",
        .confused_with = "Every abort: tools that count RSTs report this one as a failure. The FINs and "
                         "their ACKs decide.",
    },
};

}  // namespace

std::span<const Words> words_of_graceful() { return kWords; }

}  // namespace tcpteardown
