# SPDX-License-Identifier: GPL-2.0-or-later
"""One small network with a client, a server and something between them, for one scenario."""
import shutil
import socket
import time

from .app import App
from .capture import Recorder
from .netns import Namespace, veth
from .wire import TO_CLIENT, TO_SERVER, Wire

_MACS = {"c0": "02:00:00:00:00:c0", "m0": "02:00:00:00:00:a0", "m1": "02:00:00:00:00:a1", "s0": "02:00:00:00:00:50",
         "lwip": "02:12:34:56:78:ab"}  # the last is built into lwIP's tap driver
# Addresses for documentation (RFC 5737, RFC 3849).
_V4 = {"client": "198.51.100.10", "server": "203.0.113.20", "middle": "198.51.100.1"}
_V6 = {"client": "2001:db8:c::10", "server": "2001:db8:5::20", "middle": "2001:db8:c::1"}


class Pair:
    """One connection: its two applications and what is known of its end."""

    def __init__(self, client, server, addresses, truth):
        self.client, self.server, self.addresses, self.truth = client, server, addresses, truth
        self.addresses_at = {}  # where a capture point sees others (NAT)

    def __iter__(self):
        return iter((self.client, self.server))


class Lab:
    """`kind` is what is between the hosts:
    wire:   the user-space forwarder of wire.py (impairments, injection)
    direct: nothing, one cable; segments larger than the MTU show as the kernel hands them over (GSO)
    router: the kernel of the middle namespace forwards (nftables, NAT, SYN proxy)
    lwip:   as wire, but the server is a host with the lwIP stack on a tap device (lwip.py)"""

    def __init__(self, kind="wire", v6=False, delay_s=0.0, hops=(0, 0)):
        self.kind, self.v6 = kind, v6
        self.addresses = _V6 if v6 else _V4
        self.family = socket.AF_INET6 if v6 else socket.AF_INET
        self.pairs, self.marks, self.children, self.listeners, self.folders = [], {}, [], [], []
        self._start = time.monotonic()
        self.client, self.middle, self.server = Namespace("client"), Namespace("middle"), Namespace("server")
        self.wire = None
        self._cable()
        at_server = (self.middle, "tap0") if kind == "lwip" else (self.server, "s0")
        self.recorders = {"client": Recorder(self.client, "c0"), "server": Recorder(*at_server)}
        if kind in ("wire", "lwip"):
            self.wire = Wire(self.middle, "m0", "tap0" if kind == "lwip" else "m1", delay_s, hops)
        elif kind == "router":
            self.recorders["middle"] = Recorder(self.middle, "m0")

    def clock(self):
        return time.monotonic() - self._start

    # The network

    def _cable(self):
        if self.kind == "direct":
            veth(self.client, "c0", _MACS["c0"], self.server, "s0", _MACS["s0"])
            client_next, server_next = "s0", "c0"
        else:
            veth(self.client, "c0", _MACS["c0"], self.middle, "m0", _MACS["m0"])
            veth(self.middle, "m1", _MACS["m1"], self.server, "s0", _MACS["s0"])
            client_next, server_next = {"router": ("m0", "m1"), "lwip": ("lwip", "c0")}.get(self.kind, ("s0", "c0"))
        self._address(self.client, "client", "c0", self.addresses["server"], client_next)
        self._address(self.server, "server", "s0", self.addresses["client"], server_next)
        if self.kind == "wire":
            self.client.offloads_off("c0")
            self.server.offloads_off("s0")
        elif self.kind == "lwip":
            self.client.offloads_off("c0")
            self.middle.run("ip", "tuntap", "add", "dev", "tap0", "mode", "tap")
            self.middle.run("ip", "link", "set", "tap0", "up")
        elif self.kind == "router":
            self._route()

    def _address(self, namespace, name, device, peer, next_device):
        """The address, a route to the peer over the cable, and the neighbour's MAC by hand: no ARP."""
        own, bits = self.addresses[name], 128 if self.v6 else 32
        namespace.run("ip", "addr", "add", "%s/%d" % (own, bits), "dev", device, *(["nodad"] if self.v6 else []))
        gateway = self.addresses["middle"] if self.kind == "router" else peer
        version = "-6" if self.v6 else "-4"
        namespace.run("ip", version, "neigh", "add", gateway, "lladdr", _MACS[next_device], "dev", device, "nud",
                      "permanent")
        namespace.run("ip", version, "route", "add", gateway, "dev", device)
        if gateway != peer:
            namespace.run("ip", version, "route", "add", "default", "via", gateway, "dev", device)

    def _route(self):
        version = "-6" if self.v6 else "-4"
        self.middle.sysctl("net.ipv6.conf.all.forwarding" if self.v6 else "net.ipv4.ip_forward", 1)
        self.middle.run("ip", "addr", "add", "%s/%d" % (self.addresses["middle"], 128 if self.v6 else 32), "dev", "m0",
                        *(["nodad"] if self.v6 else []))
        for host, device, peer in (("client", "m0", "c0"), ("server", "m1", "s0")):
            self.middle.run("ip", version, "neigh", "add", self.addresses[host], "lladdr", _MACS[peer], "dev", device,
                            "nud", "permanent")
            self.middle.run("ip", version, "route", "add", self.addresses[host], "dev", device)

    def nft(self, rules):
        self.middle.run("nft", "-f", "-", stdin=rules)

    # Connections

    def listen(self, port=8080, backlog=16, options=()):
        with self.server.entered():
            return self.listen_at(self.addresses["server"], port, backlog, options)

    def listen_at(self, address, port, backlog=16, options=()):
        """A listener in the namespace that the calling thread is in."""
        listener = socket.socket(self.family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for option in options:
            listener.setsockopt(*option)
        listener.bind((address, port))
        listener.listen(backlog)
        listener.settimeout(12)
        self.listeners.append(listener)
        return listener

    def client_app(self, port=0, options=()):
        sock = self.client.socket(self.family, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for option in options:
            sock.setsockopt(*option)
        sock.bind((self.addresses["client"], port))
        return App("client", sock, self.clock)

    def add_pair(self, client, server, server_port, client_port=None, truth=None):
        addresses = ((self.addresses["client"], client_port or client.sock.getsockname()[1]),
                     (self.addresses["server"], server_port))
        pair = Pair(client, server, addresses, truth or {})
        self.pairs.append(pair)
        return pair

    def connect(self, listener=None, port=8080, client_port=0, client_options=(), server_options=(), truth=None):
        """A connection with both ends accepted. Yields (client, server) when unpacked."""
        listener = listener or self.listen(port, options=server_options)
        port = listener.getsockname()[1]
        client = self.client_app(client_port, client_options)
        if client.connect((self.addresses["server"], port)) != "ok":
            raise RuntimeError("no connection: %s" % client.calls)
        accepted, _ = listener.accept()
        return self.add_pair(client, App("server", accepted, self.clock), port, truth=truth)

    def add_programs(self, client, server, client_port, server_port, truth=None):
        """A connection between two programs (program.py) whose calls are not ours."""
        addresses = ((self.addresses["client"], client_port), (self.addresses["server"], server_port))
        self.pairs.append(Pair(client, server, addresses, truth or {}))
        return self.pairs[-1]

    def accepted_pair(self, client, accepted, client_port, server_port):
        """A connection of a program to a server of ours."""
        server = App("server", accepted, self.clock)
        return self.add_programs(client, server, client_port, server_port)

    def try_connect(self, port=8080, client_port=0, client_options=(), timeout=12, truth=None):
        """A connection attempt that may fail; its pair has no server application."""
        client = self.client_app(client_port, client_options)
        own_port = client.sock.getsockname()[1]
        client.sock.settimeout(timeout)
        client.connect((self.addresses["server"], port))
        return self.add_pair(client, None, port, own_port, truth)

    # The course of a scenario

    def sleep(self, seconds):
        time.sleep(seconds)

    def stretch(self, seconds, wait=0.3):
        """A silence that is written into the recording as `seconds` longer than it was."""
        time.sleep(wait / 2)
        self.marks[time.clock_gettime_ns(time.CLOCK_REALTIME)] = seconds
        time.sleep(wait / 2)

    def tail(self, seconds):
        """Later traffic of somebody else, so that the capture is seen to go on after the end."""
        self.stretch(seconds)
        datagram = socket.AF_INET6 if self.v6 else socket.AF_INET
        for namespace, to in ((self.client, "server"), (self.server, "client")):
            with namespace.socket(datagram, socket.SOCK_DGRAM) as sock:
                sock.sendto(b"later", (self.addresses[to], 9))
        time.sleep(0.1)

    def finish(self):
        """Stops and returns the frames of each capture point."""
        time.sleep(0.15)
        recorded = {name: recorder.frames() for name, recorder in self.recorders.items()}
        if self.wire:
            if self.wire.failure:
                raise self.wire.failure
            recorded["middle"] = list(self.wire.tap)
        return recorded

    def close(self):
        """Gives everything back that the kernel would otherwise keep until this process ends."""
        for pair in self.pairs:
            for app in (pair.client, pair.server):
                if app:
                    app.release()
        for child in self.children:
            if child.poll() is None:
                child.kill()
                child.wait(5)
        for listener in self.listeners:
            listener.close()
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)
        if self.wire:
            self.wire.stop()
        for namespace in (self.client, self.middle, self.server):
            namespace.close()


__all__ = ["Lab", "Pair", "TO_CLIENT", "TO_SERVER"]
