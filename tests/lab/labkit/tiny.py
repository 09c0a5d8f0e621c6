# SPDX-License-Identifier: GPL-2.0-or-later
"""A server that speaks just enough TCP to show how other systems end: bare RST as RFC 9293 §3.10.5 writes
it, window 0 on every RST as the BSDs, RST behind retransmissions as the BSDs, an ACK number in an RST without
the flag as old Windows. It lives in the forwarder, in the place of the server's kernel, for one connection.
"""
import contextlib
import random
import struct

from . import packet
from .packet import ACK, FIN, PSH, RST, SYN
from .steps import wait_for
from .wire import TO_CLIENT, TO_SERVER


class TinyServer:
    """The name of an end in the record, with calls like App's. Its errno is not judged."""

    errno = None

    def __init__(self, lab, port=8080, ttl=128, delay_s=0.002):
        self.side, self.calls = "server", []
        self.bytes_written = self.bytes_read = 0
        self.snd_nxt = self.snd_una = random.getrandbits(32)
        self.rcv_nxt = 0
        self.got_fin = False
        self.silent = False    # power lost: hears and says nothing
        self.late = False       # what comes now has not reached it yet
        self.forgotten = False  # restarted: every segment is unknown
        self.junk_ack = False   # its RSTs without ACK flag have SEQ's value in the ACK field
        self._lab, self._port, self._ttl, self._delay_s = lab, port, ttl, delay_s
        self._peer, self._ip_id = None, random.getrandbits(15)
        lab.wire.add(self._take)

    def note(self, call, result="ok"):
        self.calls.append("%.4f tiny stack %s: %s" % (self._lab.clock(), call, result))
        return result

    def release(self):
        """Nothing is left of it when the forwarder stops."""

    # Segments

    def _take(self, p, direction):
        if direction != TO_SERVER or not p.is_tcp or p.dport != self._port:
            return None
        if not self.silent and not self.late:
            self._receive(p)
        return []

    def _receive(self, p):
        self._peer = p
        if self.forgotten:
            if not p.flags & RST:
                self._emit(RST, seq=p.ack, ack=p.ack if self.junk_ack else 0, win=0)
        elif p.flags & SYN:
            self.rcv_nxt = (p.seq + 1) & 0xFFFFFFFF
            self._emit(SYN | ACK, options=struct.pack("!BBH", 2, 4, 1400))
            self.snd_nxt = (self.snd_nxt + 1) & 0xFFFFFFFF
        elif not p.flags & RST:
            self._receive_data(p)

    def _receive_data(self, p):
        if 0 < (p.ack - self.snd_nxt) & 0xFFFFFFFF < 1 << 31:
            self._emit(ACK)  # of something never sent: refused (RFC 9293 §3.10.7.4, fifth check)
            return
        self.snd_una = p.ack
        if p.seq_len == 0:
            return
        if p.seq == self.rcv_nxt:
            self.rcv_nxt = (p.seq + p.seq_len) & 0xFFFFFFFF
            self.bytes_read += len(p.payload)
            self.got_fin |= bool(p.flags & FIN)
        self._emit(ACK)

    def _emit(self, flags, payload=b"", **changes):
        values = {"seq": self.snd_nxt, "ack": self.rcv_nxt if flags & ACK else 0, "win": 8192, "options": b"", **changes}
        self._ip_id = (self._ip_id + 1) & 0xFFFF
        p = self._peer
        self._lab.wire.inject(p.copy(eth_src=p.eth_dst, eth_dst=p.eth_src, src=p.dst, dst=p.src, sport=p.dport,
                                     dport=p.sport, flags=flags, payload=payload, ttl=self._ttl, ip_id=self._ip_id, **values),
                              TO_CLIENT, self._delay_s)

    # What its application does

    def wait_for_bytes(self, size):
        wait_for(lambda: self.bytes_read >= size)
        self.note("received", "%d bytes" % size)

    def wait_for_fin(self):
        wait_for(lambda: self.got_fin)
        self.note("received", "EOF")

    def wait_until_acknowledged(self):
        wait_for(lambda: self.snd_una == self.snd_nxt)

    def send(self, size):
        start = self.snd_nxt
        for done in range(0, size, 1400):
            part = b"y" * min(1400, size - done)
            self._emit(ACK | PSH, part)
            self.snd_nxt = (self.snd_nxt + len(part)) & 0xFFFFFFFF
        self.bytes_written += size
        self.note("send %d" % size)
        return start

    def retransmit(self, start, size):
        self._emit(ACK | PSH, b"y" * size, seq=start)
        self.note("retransmission of %d bytes" % size)

    def close(self):
        self._emit(FIN | ACK)
        self.snd_nxt = (self.snd_nxt + 1) & 0xFFFFFFFF
        self.note("close: FIN")

    def reset(self, **changes):
        """RST,ACK with window 0, as the BSDs and Windows abort."""
        self._emit(RST | ACK, win=0, **changes)
        self.silent = True
        self.note("abort: RST,ACK")

    def reset_bare(self, **changes):
        """<SEQ=SND.NXT><CTL=RST>, as RFC 9293 writes ABORT."""
        self._emit(RST, win=0, **changes)
        self.silent = True
        self.note("abort: RST")

    def refuse_from_now_on(self):
        """The socket is gone: what comes is answered with RST."""
        self.forgotten = True
        self.note("socket gone")


def connect(lab, **options):
    """A Linux client and a tiny server, connected; the pair is recorded."""
    server = TinyServer(lab, **options)
    client = lab.client_app()
    client.connect((lab.addresses["server"], 8080))
    with contextlib.suppress(RuntimeError):
        wait_for(lambda: lab.wire.last(TO_SERVER, lambda p: p.flags == packet.ACK), 1)
    return lab.add_pair(client, server, 8080)
