// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/tampering.h"

#include "wire/thresholds.h"

namespace tcpteardown {
namespace {

// What the first ten packets of the client hold, counted up to the first RST and behind it.
struct Inbound {
  int syns = 0;
  int acks = 0;
  int data = 0;
  int fins = 0;
  int rsts = 0;  // without ACK
  int rst_acks = 0;
  bool ack_fields_differ = false;
  bool one_ack_field_is_zero = false;
  bool resets_last = true;  // nothing but RSTs behind the first RST
};

Inbound count(const Connection& c) {
  Inbound in;
  std::uint32_t first_ack = 0;
  for (std::size_t i = 0; i < c.inbound_count; ++i) {
    const InboundPacket& p = c.inbound[i];
    if (p.rst) {
      if (in.rsts + in.rst_acks == 0) first_ack = p.ack;
      in.ack_fields_differ = in.ack_fields_differ || p.ack != first_ack;
      in.one_ack_field_is_zero = in.one_ack_field_is_zero || p.ack == 0;
      (p.rst_ack ? in.rst_acks : in.rsts) += 1;
      continue;
    }
    if (in.rsts + in.rst_acks > 0) in.resets_last = false;
    if (p.syn)
      ++in.syns;
    else if (p.fin)
      ++in.fins;
    else if (p.data)
      ++in.data;
    else
      ++in.acks;
  }
  return in;
}

std::string_view after_syn(const Inbound& in) {
  if (in.rsts > 0 && in.rst_acks > 0) return "syn.rst-and-rst-ack";
  if (in.rsts > 0) return "syn.rst";
  return in.rst_acks > 0 ? "syn.rst-ack" : "syn.none";
}

std::string_view after_ack(const Inbound& in) {
  if (in.rsts > 0 && in.rst_acks > 0) return {};
  if (in.rsts > 0) return in.rsts == 1 ? "ack.rst" : "ack.rst-rst";
  if (in.rst_acks > 0) return in.rst_acks == 1 ? "ack.rst-ack" : "ack.rst-ack-rst-ack";
  return "ack.none";
}

std::string_view after_first_data(const Inbound& in) {
  if (in.rsts > 0 && in.rst_acks > 0) return "psh-ack.rst-and-rst-ack";
  if (in.rst_acks > 0) return in.rst_acks == 1 ? "psh-ack.rst-ack" : "psh-ack.rst-ack-rst-ack";
  if (in.rsts == 1) return "psh-ack.rst";
  if (in.rsts == 0) return "psh-ack.none";
  if (!in.ack_fields_differ) return "psh-ack.rst-same-rst";
  return in.one_ack_field_is_zero ? "psh-ack.rst-rst0" : "psh-ack.rst-other-rst";
}

std::string_view after_more_data(const Inbound& in) {
  if (in.rsts > 0 && in.rst_acks == 0) return "data.rst";
  if (in.rst_acks > 0 && in.rsts == 0) return "data.rst-ack";
  return {};
}

}  // namespace

std::string_view tampering_signature(const Teardown& t) {
  const Connection& c = *t.connection;
  if (c.inbound_count == 0) return {};
  const Inbound in = count(c);
  const bool reset = in.rsts + in.rst_acks > 0;
  // Silence towards a server that has itself reset the connection is no pattern of anything.
  if (!reset && t.reset() != nullptr && t.reset()->facts.sender == t.server()) return {};
  const bool silent = t.end.time_ns - c.last_inbound.time_ns > threshold::kTamperingInactivity;
  if (in.fins > 0 || !in.resets_last || (!reset && !silent)) return {};
  if (!reset && c.inbound_count >= kInboundKept) return {};  // more may have followed
  if (in.data > 1) return after_more_data(in);
  if (in.data == 1) return after_first_data(in);
  if (in.acks > 0) return after_ack(in);
  return in.syns == 1 ? after_syn(in) : std::string_view{};
}

// 25.7 % of the study's connections were cut off early; 43.2, 16.1, 5.3 and 33.0 % of these at
// the four stages, the rest at none.
TamperingStage tampering_stage(std::string_view signature) {
  if (signature.starts_with("syn.")) return {"post-SYN", "11.1 %"};
  if (signature.starts_with("ack.")) return {"post-ACK", "4.1 %"};
  if (signature.starts_with("psh-ack.")) return {"post-PSH", "1.4 %"};
  return {"later in the flow", "8.5 %"};
}

}  // namespace tcpteardown
