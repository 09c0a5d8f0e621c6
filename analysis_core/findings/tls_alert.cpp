// SPDX-License-Identifier: GPL-2.0-or-later
#include "findings/tls_alert.h"

#include "evidence/exchange.h"
#include "evidence/suspicion.h"
#include "findings/clauses.h"

namespace tcpteardown {
namespace {

FatalAlert alert_of(const Story& s) { return find_exchange(s.t()).alert; }

std::string name_of(const FatalAlert& alert) {
  return alert.name.empty() ? "alert " + std::to_string(alert.code) : std::string(alert.name);
}

// What has to fit at both ends (RFC 8446 §6.2, RFC 5246 §7.2.2, RFC 6066 §3, RFC 7301 §3.2).
enum class Cause : std::uint8_t { versions, ciphers, certificate, own_certificate, name, protocol, other };

Cause cause_of(std::uint8_t code) {
  switch (code) {
    case 70: return Cause::versions;
    case 40:
    case 71: return Cause::ciphers;
    case 42:
    case 43:
    case 44:
    case 45:
    case 46:
    case 48: return Cause::certificate;
    case 116: return Cause::own_certificate;
    case 112: return Cause::name;
    case 120: return Cause::protocol;
    default: return Cause::other;
  }
}

}  // namespace

std::optional<Finding> tls_alert(const Story& s) {
  const FatalAlert alert = alert_of(s);
  if (alert.frame == 0) return {};
  return evidence(frames({alert.frame}),
                  the(s, alert.sender) + "'s TLS had given up: fatal alert " +
                      (alert.name.empty() ? "that no standard names" : name_of(alert)) + " (" +
                      std::to_string(alert.code) + ")");
}

bool tls_gave_up(const Story& s) {
  const bool is_of_programs = s.family == Family::graceful || s.family == Family::half_closed ||
                              s.family == Family::abort || s.family == Family::reactive;
  const FatalAlert alert = alert_of(s);
  return is_of_programs && alert.frame != 0 && s.judgement->decisive.seen() &&
         alert.frame < s.judgement->decisive.frame && !looks_foreign(s.t());
}

std::string tls_clause(const Story& s) {
  const FatalAlert alert = alert_of(s);
  return the(s, alert.sender) + "'s TLS had given up (" + name_of(alert) + ')';
}

std::string tls_advice(const Story& s) {
  const FatalAlert alert = alert_of(s);
  const std::string refused = the(s, alert.sender);
  const std::string other_end = the(s, other(alert.sender));
  const std::string start = "TCP did its part, TLS failed: ";
  switch (cause_of(alert.code)) {
    case Cause::versions:
      return start +
             "the two have no TLS version in common. Compare the ClientHello with what the server allows.";
    case Cause::ciphers:
      return start +
             "mostly the two have no cipher, curve or signature in common; some servers mean that the client "
             "sent "
             "no certificate, or a name that they do not serve. Compare the ClientHello with what the server "
             "allows.";
    case Cause::certificate:
      return start + "look at the certificate that " + other_end + " sent as " + refused +
             " sees it: its dates, its names, and whether all of the chain up to a trusted root is there.";
    case Cause::own_certificate:
      return start + refused + " asks for a certificate of " + other_end + ", which sent none that it takes.";
    case Cause::name:
      return start + "the server does not serve the name that the client asks for (SNI in the ClientHello).";
    case Cause::protocol:
      return start + "the two have no application protocol in common (ALPN in the ClientHello).";
    case Cause::other: break;
  }
  return start + "look into the TLS log of " + refused + " at that time.";
}

}  // namespace tcpteardown
