# SPDX-License-Identifier: GPL-2.0-or-later
"""A client that speaks TCP through a raw socket, as scanners and emulators do: the host's own kernel knows nothing of
its connections and resets what is answered, unless it is kept quiet. Also Windows' way to end."""
import os
import socket
import struct
import time

from .packet import ACK, FIN, PSH, RST, SYN, Packet, parse

MSS_ONLY = struct.pack("!BBH", 2, 4, 1460)


class RawClient:
    """The name of an end in the record, with calls like App's. Its errno is not judged."""

    errno = None

    def __init__(self, lab, port, *, dport=8080, ttl=255, ip_id=54321, counts=False, win=1024, options=MSS_ONLY, kernel_quiet=False):
        self.side, self.calls = "client", []
        self.bytes_written = self.bytes_read = 0
        self.snd_nxt, self.rcv_nxt = int.from_bytes(os.urandom(4), "big"), 0
        self._lab, self._counts, self._ip_id, self._options = lab, counts, ip_id, options
        self._base = Packet(v6=lab.v6, src=lab.addresses["client"], dst=lab.addresses["server"], sport=port, dport=dport, ttl=ttl,
                            win=win, df=False, eth_src=bytes.fromhex("0200000000c0"), eth_dst=bytes.fromhex("020000000050"))
        if kernel_quiet:
            lab.client.run("nft", "-f", "-", stdin="table inet q { chain c { type filter hook output priority 0; "
                                                   "tcp sport %d tcp flags rst drop; }; }" % port)
        self._socket = lab.client.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self._socket.bind(("c0", 3))
        self._own = (port, dport)

    def note(self, call, result="ok"):
        self.calls.append("%.4f raw socket %s: %s" % (self._lab.clock(), call, result))
        return result

    def release(self):
        self._socket.close()

    def emit(self, flags, payload=b"", **changes):
        """Sends a segment at SND.NXT; SYN, FIN and data move it on."""
        values = {"seq": self.snd_nxt, "ack": self.rcv_nxt if flags & ACK else 0, "options": self._options if flags & SYN else b"",
                  "ip_id": self._ip_id, **changes}
        if self._counts:
            self._ip_id = (self._ip_id + 1) & 0xFFFF
        p = self._base.copy(flags=flags, payload=payload, **values)
        self._socket.send(p.pack())
        if "seq" not in changes:
            self.snd_nxt = (self.snd_nxt + p.seq_len) & 0xFFFFFFFF

    def expect(self, condition, timeout=3):
        """The next segment of the connection that fulfils the condition; keeps RCV.NXT."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            self._socket.settimeout(max(0.001, end - time.monotonic()))
            try:
                data, address = self._socket.recvfrom(1 << 16)
            except TimeoutError:
                break
            p = parse(data)
            if address[2] == 4 or p is None or not p.is_tcp or (p.dport, p.sport) != self._own:
                continue
            self._take(p)
            if condition(p):
                return p
        raise RuntimeError("the raw socket did not get what it waited for: %s" % self.calls)

    def _take(self, p):
        if p.flags & SYN:
            self.rcv_nxt = p.seq
        if p.seq == self.rcv_nxt and not p.flags & RST:
            self.rcv_nxt = (p.seq + p.seq_len) & 0xFFFFFFFF
            self.bytes_read += len(p.payload)

    # What such a program does

    def syn(self):
        self.emit(SYN)
        self.note("SYN")

    def connect(self):
        self.syn()
        self.expect(lambda p: p.flags & SYN)
        self.emit(ACK)
        self.note("connected")

    def send(self, data):
        content = data if isinstance(data, bytes) else b"r" * data
        self.emit(ACK | PSH, content)
        self.bytes_written += len(content)
        self.note("send %d" % len(content))

    def receive(self, size, acknowledge=True):
        """Until that many bytes have come in all."""
        while self.bytes_read < size:
            self.expect(lambda p: p.payload)
            if acknowledge:
                self.emit(ACK)
        self.note("received", "%d bytes" % self.bytes_read)

    def wait_for_fin(self, acknowledge=True):
        self.expect(lambda p: p.flags & FIN)
        if acknowledge:
            self.emit(ACK)
        self.note("received", "EOF")

    def close(self):
        self.emit(FIN | ACK)
        self.note("close: FIN")

    def reset(self, **changes):
        """RST,ACK with window 0, as Windows and the BSDs."""
        self.emit(RST | ACK, win=0, **changes)
        self.note("RST")


def pair(lab, port, *, server=None, dport=8080, truth=None, **look):
    """A raw client and its place in the record."""
    client = RawClient(lab, port, dport=dport, **look)
    return lab.add_pair(client, server, dport, port, truth)


__all__ = ["ACK", "FIN", "PSH", "RST", "SYN", "RawClient", "pair"]
