// SPDX-License-Identifier: GPL-2.0-or-later
#include "exchange.h"

namespace tcpteardown::test {
namespace {

constexpr std::int64_t kStep = 10'000'000;         // ns between two frames
constexpr std::int64_t kWait = 120'000'000'000;    // ns, longer than any threshold of ours
constexpr std::uint32_t kData = 10;                // bytes
constexpr std::uint32_t kElsewhere = 0x4000'0000;  // far from every window

}  // namespace

Hosts usual_hosts() {
  Hosts hosts;
  hosts.ends[0].address.bytes = {10, 0, 0, 1};
  hosts.ends[0].port = 40000;
  hosts.ends[1].address.bytes = {10, 0, 0, 2};
  hosts.ends[1].port = 80;
  hosts.iss = {Seq{1000}, Seq{5000}};
  return hosts;
}

Segment Exchange::blank(int side, Flags flags) {
  const Host& own = host(side);
  Segment segment;
  segment.source = hosts_.ends[static_cast<std::size_t>(side)];
  segment.destination = hosts_.ends[static_cast<std::size_t>(1 - side)];
  segment.flags = flags;
  segment.seq = own.snd_nxt;
  segment.ack = flags.ack && own.has_rcv_nxt ? own.rcv_nxt : Seq{0};
  segment.window = flags.rst ? std::uint16_t{0} : std::uint16_t{1000};
  segment.hop_limit = 64;
  segment.has_ip_id = true;
  segment.ip_id = next_id_++;
  segment.dont_fragment = true;
  return segment;
}

// All that is under way to this side arrives.
void Exchange::take(int side) {
  Host& own = host(side);
  const Host& peer = host(1 - side);
  if (!peer.has_latest) return;
  own.rcv_nxt = peer.snd_nxt;
  own.has_rcv_nxt = true;
}

void Exchange::send(int side, const Segment& segment) {
  now_ns_ += kStep;
  Segment sent = segment;
  sent.frame = ++frames_;
  sent.time_ns = now_ns_;
  items_.emplace_back(sent);
  Host& own = host(side);
  own.latest = sent;
  own.has_latest = true;
  const std::uint32_t length = sent.payload_length + (sent.flags.syn ? 1U : 0U) + (sent.flags.fin ? 1U : 0U);
  if (length == 0 || sent.flags.rst) return;
  own.last = sent;
  own.has_last = true;
  if (before(own.snd_nxt, sent.seq + length)) own.snd_nxt = sent.seq + length;
}

bool Exchange::send_data(int side, std::uint32_t length, bool has_fin) {
  Segment segment = blank(side, {.fin = has_fin, .psh = length != 0, .ack = true});
  segment.payload_length = length;
  send(side, segment);
  return true;
}

Segment Exchange::reset_of(int side) { return blank(side, {.rst = true, .ack = true}); }

bool Exchange::play(Step step) {
  if (step.move == Move::wait) {
    now_ns_ += kWait;
    return true;
  }
  const bool is_opening = step.move >= Move::syn;
  return is_opening ? play_opening(step) : play_connected(step);
}

bool Exchange::play_connected(Step step) {
  const int side = step.side;
  Host& own = host(side);
  const Host& peer = host(1 - side);
  // A capture that starts here starts in the middle of a connection.
  if (!own.has_latest && !own.has_syn) {
    own.snd_nxt = hosts_.iss[static_cast<std::size_t>(side)] + 1;
    own.rcv_nxt = hosts_.iss[static_cast<std::size_t>(1 - side)] + 1;
    own.has_rcv_nxt = true;
  }
  switch (step.move) {
    case Move::data: take(side); return send_data(side, kData, false);
    case Move::data_crossing: return send_data(side, kData, false);
    case Move::fin: take(side); return send_data(side, 0, true);
    case Move::fin_crossing: return send_data(side, 0, true);
    case Move::reset:
      take(side);
      send(side, reset_of(side));
      return true;
    case Move::reset_crossing: send(side, reset_of(side)); return true;
    case Move::ack:
    case Move::ack_zero_window: {
      take(side);
      Segment segment = blank(side, {.ack = true});
      if (step.move == Move::ack_zero_window) segment.window = 0;
      send(side, segment);
      return true;
    }
    case Move::reset_reactive: {
      if (!peer.has_latest || !peer.latest.flags.ack) return false;
      Segment segment = blank(side, {.rst = true});
      segment.seq = peer.latest.ack;
      segment.ip_id = 0;
      send(side, segment);
      return true;
    }
    case Move::repeat: {
      if (!own.has_last) return false;
      Segment again = own.last;
      again.ip_id = next_id_++;
      send(side, again);
      return true;
    }
    case Move::probe: {
      Segment segment = blank(side, {.ack = true});
      segment.seq = own.snd_nxt - 1;
      send(side, segment);
      return true;
    }
    default: return false;
  }
}

bool Exchange::play_syn(int side, Seq seq) {
  Host& own = host(side);
  own.has_syn = true;
  own.snd_nxt = seq;
  send(side, blank(side, {.syn = true}));
  return true;
}

bool Exchange::play_icmp(int side) {
  const Host& own = host(side);
  if (!own.has_latest) return false;
  now_ns_ += kStep;
  IcmpError error;
  error.frame = ++frames_;
  error.time_ns = now_ns_;
  error.sender = hosts_.ends[0].address;
  error.sender.bytes[3] = 254;
  error.type = 3;
  error.code = 1;
  error.quoted_source = own.latest.source;
  error.quoted_destination = own.latest.destination;
  error.quoted_seq = own.latest.seq;
  items_.emplace_back(error);
  return true;
}

bool Exchange::play_opening(Step step) {
  const int side = step.side;
  Host& own = host(side);
  const Host& peer = host(1 - side);
  const Seq iss = hosts_.iss[static_cast<std::size_t>(side)];
  switch (step.move) {
    case Move::syn: return play_syn(side, iss);
    case Move::syn_new: return play_syn(side, iss + kElsewhere);
    case Move::icmp: return play_icmp(side);
    case Move::syn_ack:
    case Move::syn_ack_bad: {
      if (!peer.has_syn) return false;
      take(side);
      own.has_syn = true;
      own.snd_nxt = iss;
      Segment segment = blank(side, {.syn = true, .ack = true});
      if (step.move == Move::syn_ack_bad) segment.ack = segment.ack + kElsewhere;
      send(side, segment);
      return true;
    }
    case Move::refuse: {
      if (!peer.has_syn) return false;
      take(side);
      Segment segment = reset_of(side);
      segment.seq = Seq{0};
      segment.ip_id = 0;
      send(side, segment);
      return true;
    }
    case Move::stale_ack: {
      Segment segment = blank(side, {.ack = true});
      segment.seq = iss + kElsewhere;
      segment.ack = hosts_.iss[static_cast<std::size_t>(1 - side)] - kElsewhere;
      send(side, segment);
      return true;
    }
    default: return false;
  }
}

void Exchange::play_all(std::span<const Step> steps) {
  for (const Step& step : steps) play(step);
}

void feed(ConnectionTable& table, std::span<const Item> items, std::int64_t tail_ns) {
  std::int64_t latest = 0;
  for (const Item& item : items) {
    if (const auto* segment = std::get_if<Segment>(&item)) {
      table.note_time(segment->time_ns);
      static_cast<void>(table.add(*segment));
      latest = segment->time_ns;
    } else {
      const auto& error = std::get<IcmpError>(item);
      table.note_time(error.time_ns);
      static_cast<void>(table.add(error));
      latest = error.time_ns;
    }
  }
  table.note_time(latest + tail_ns);
}

}  // namespace tcpteardown::test
