# SPDX-License-Identifier: GPL-2.0-or-later
"""Network namespaces without names: each is held by a file descriptor of this process, so the kernel
removes it, with its interfaces, when the process ends in whatever way. Nothing has to be cleaned up.
"""
import contextlib
import ctypes
import fcntl
import os
import socket
import struct
import subprocess

_LIBC = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000
_SIOCETHTOOL = 0x8946
# linux/ethtool.h: checksum on transmit, scatter-gather is left alone, TSO, GSO, GRO.
_ETHTOOL_OFF = {"tx": 0x17, "tso": 0x1F, "gso": 0x24, "gro": 0x2C}


def _call(function, *arguments):
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


class Namespace:
    """One network namespace. `with ns.entered():` moves the calling thread into it."""

    def __init__(self, label):
        self.label = label
        with _own_namespace_kept():
            _call(_LIBC.unshare, _CLONE_NEWNET)
            self.fd = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        self.path = "/proc/%d/fd/%d" % (os.getpid(), self.fd)
        self.run("ip", "link", "set", "lo", "up")
        # No background talk of IPv6 in the recordings, and addresses usable at once.
        self.sysctl("net.ipv6.conf.default.accept_dad", 0)
        self.sysctl("net.ipv6.conf.default.router_solicitations", 0)

    def close(self):
        os.close(self.fd)

    @contextlib.contextmanager
    def entered(self):
        with _own_namespace_kept():
            _call(_LIBC.setns, self.fd, _CLONE_NEWNET)
            yield self

    def enter_for_good(self):
        """For a thread or child process that lives in this namespace only."""
        _call(_LIBC.setns, self.fd, _CLONE_NEWNET)

    def run(self, *command, stdin=None):
        with self.entered():
            done = subprocess.run(command, input=stdin, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  timeout=20, check=False)
        if done.returncode != 0:
            raise RuntimeError("%s in %s: %s" % (" ".join(command), self.label, done.stdout.strip()))
        return done.stdout

    def popen(self, command, **options):
        with self.entered():
            return subprocess.Popen(command, **options)

    def sysctl(self, name, value):
        # /proc/sys/net shows the namespace of the thread that opens the file.
        with self.entered(), open("/proc/sys/" + name.replace(".", "/"), "w", encoding="ascii") as file:
            file.write(str(value))

    def socket(self, *arguments):
        with self.entered():
            return socket.socket(*arguments)

    def offloads_off(self, device):
        """Frames as they go over a cable: complete checksums, not longer than the MTU."""
        with self.entered(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
            for command in _ETHTOOL_OFF.values():
                value = ctypes.create_string_buffer(struct.pack("II", command, 0))
                request = struct.pack("16sP", device.encode(), ctypes.addressof(value)) + b"\0" * 16
                fcntl.ioctl(control, _SIOCETHTOOL, request)


@contextlib.contextmanager
def _own_namespace_kept():
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield
    finally:
        _call(_LIBC.setns, home, _CLONE_NEWNET)
        os.close(home)


def veth(one, one_device, one_mac, other, other_device, other_mac):
    one.run("ip", "link", "add", one_device, "address", one_mac, "type", "veth", "peer", "name", other_device,
            "address", other_mac, "netns", other.path)
    for namespace, device in ((one, one_device), (other, other_device)):
        namespace.run("ip", "link", "set", device, "up")
