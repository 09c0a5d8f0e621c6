# SPDX-License-Identifier: GPL-2.0-or-later
"""The middle of the path: a user-space forwarder between two interfaces.

Two AF_PACKET sockets take every frame from one side; a list of rules looks at it; it leaves by the
other side at once, later, several times, changed, or not at all. The kernel of the middle namespace
does not forward, so nothing passes by another way.
"""
import contextlib
import heapq
import itertools
import selectors
import socket
import threading
import time

from . import packet
from .capture import Frame, is_wanted, now_ns

_ETH_P_ALL = 3
_PACKET_OUTGOING = 4
TO_SERVER, TO_CLIENT = "to_server", "to_client"


class Wire:
    """Rules are functions rule(packet, direction). Each returns None for "no opinion" or a list of
    (packet, delay in seconds) to send instead; the first rule with an opinion decides. An empty list
    drops the packet."""

    def __init__(self, namespace, client_device, server_device, delay_s=0.0, hops=(0, 0)):
        self.delay_s = delay_s  # one way
        self.hops = {TO_SERVER: hops[0], TO_CLIENT: hops[1]}  # what the path takes from TTL
        self.tap = []           # all frames that reached the middle, and all that it made itself
        self.seen = []          # (direction, packet) of the TCP segments that reached the middle
        self._rules = []
        self._lock = threading.RLock()
        self._queue, self._order = [], itertools.count()
        self._sockets = {TO_CLIENT: self._open(namespace, client_device), TO_SERVER: self._open(namespace, server_device)}
        self._stop_read, self._stop_write = socket.socketpair()
        self.failure = None     # what ended the forwarder before its time
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @staticmethod
    def _open(namespace, device):
        raw = namespace.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL))
        raw.bind((device, _ETH_P_ALL))
        raw.setblocking(False)
        return raw

    # Rules

    def add(self, rule):
        with self._lock:
            self._rules.append(rule)
        return rule

    def remove(self, rule):
        with self._lock:
            self._rules.remove(rule)

    def drop(self, condition, times=None):
        """Drops what condition(packet, direction) holds for: the first `times` of them, or all."""
        left = itertools.count() if times is None else iter(range(times))

        def rule(p, direction):
            return [] if p.is_tcp and condition(p, direction) and next(left, None) is not None else None
        return self.add(rule)

    def hold(self, condition, delay_s, times=None):
        """Lets what condition holds for wait for longer than the rest."""
        left = itertools.count() if times is None else iter(range(times))

        def rule(p, direction):
            held = p.is_tcp and condition(p, direction) and next(left, None) is not None
            return [(p, delay_s)] if held else None
        return self.add(rule)

    def blackhole(self, *directions):
        return self.drop(lambda p, direction: not directions or direction in directions)

    # What is sent from the middle

    def inject(self, p, direction, delay_s=0.0):
        """Puts a packet of our own on the wire; the tap sees it when it leaves."""
        with self._lock:
            heapq.heappush(self._queue, (time.monotonic() + delay_s, next(self._order), p, direction, True))
        self._stop_write.send(b"w")

    def last(self, direction, condition=lambda p: True):
        """The latest segment that came from that side and fulfils the condition."""
        with self._lock:
            return next(p for d, p in reversed(self.seen) if d == direction and condition(p))

    def stop(self):
        self._stop_write.send(b"q")
        self._thread.join(5)
        for raw in self._sockets.values():
            raw.close()

    def _run(self):
        try:
            self._forward()
        except Exception as failure:  # shown by whoever waits for the scenario
            self.failure = failure

    def _forward(self):
        with selectors.DefaultSelector() as selector:
            selector.register(self._stop_read, selectors.EVENT_READ, None)
            for side, raw in self._sockets.items():
                selector.register(raw, selectors.EVENT_READ, TO_SERVER if side == TO_CLIENT else TO_CLIENT)
            while True:
                for key, _ in selector.select(self._until_next()):
                    if key.data is None:
                        if b"q" in self._stop_read.recv(64):
                            return
                    else:
                        self._take(key.fileobj, key.data)
                self._send_due()

    def _until_next(self):
        with self._lock:
            return max(0.0, self._queue[0][0] - time.monotonic()) if self._queue else None

    def _take(self, raw, direction):
        while True:
            try:
                data, address = raw.recvfrom(1 << 17)
            except BlockingIOError:
                return
            if address[2] != _PACKET_OUTGOING:
                self._decide(data, direction)

    def _decide(self, data, direction):
        p = packet.parse(data)
        if p is None:
            self._send(direction, data)  # ARP
            return
        if is_wanted(data):
            self.tap.append(Frame(now_ns(), data, len(data)))
        with self._lock:
            if p.is_tcp:
                self.seen.append((direction, p))
            for rule in list(self._rules):
                verdict = rule(p, direction)
                if verdict is not None:
                    break
            else:
                verdict = [(p, 0.0)]
            for sent, delay_s in verdict:
                if sent.ttl <= self.hops[direction]:
                    continue
                aged = sent.copy(ttl=sent.ttl - self.hops[direction])
                due = time.monotonic() + self.delay_s + delay_s
                heapq.heappush(self._queue, (due, next(self._order), aged, direction, False))

    def _send_due(self):
        with self._lock:
            while self._queue and self._queue[0][0] <= time.monotonic():
                _, _, p, direction, is_own = heapq.heappop(self._queue)
                data = p.pack()
                if is_own:
                    self.tap.append(Frame(now_ns(), data, len(data)))
                self._send(direction, data)

    def _send(self, direction, data):
        # A host that was switched off takes its tap device's carrier with it: its frames are lost.
        with contextlib.suppress(OSError):
            self._sockets[direction].send(data)
