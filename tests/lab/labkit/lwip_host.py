# SPDX-License-Identifier: GPL-2.0-or-later
"""A host on the lwIP stack (Debian's liblwip0), for the process that lwip.py starts: a second TCP beside
Linux's. Reads commands from standard input, one JSON list a line: [call, arguments…]; writes the result of
each to standard output.
"""
import ctypes
import errno
import json
import socket
import struct
import sys

# Debian builds lwIP with the system's socket headers: the numbers of options and the layout of addresses
# are Linux's.
_NETIF_SIZE = 4096   # more than struct netif of any build


class Stack:
    def __init__(self, address):
        self._lib = ctypes.CDLL("liblwip.so.0", use_errno=True)
        self._lib.netif_add.restype = ctypes.c_void_p
        for name in ("lwip_send", "lwip_recv"):
            function = getattr(self._lib, name)
            function.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
            function.restype = ctypes.c_ssize_t
        self._lib.tcpip_init(None, None)
        self._netif = ctypes.create_string_buffer(_NETIF_SIZE)
        numbers = [ctypes.create_string_buffer(socket.inet_aton(a)) for a in (address, "0.0.0.0", "0.0.0.0")]
        self._lib.sys_lock_tcpip_core()
        # A netmask of 0 makes everybody a neighbour: no router is needed.
        added = self._lib.netif_add(self._netif, *numbers, None, self._lib.tapif_init, self._lib.tcpip_input)
        self._lib.netif_set_default(self._netif)
        self._lib.netif_set_up(self._netif)
        self._lib.netif_set_link_up(self._netif)
        self._lib.sys_unlock_tcpip_core()
        if not added:
            raise OSError("lwIP takes no interface")

    def _checked(self, result):
        if result < 0:
            raise OSError(ctypes.get_errno(), "")
        return result

    @staticmethod
    def _sockaddr(address, port):
        return struct.pack("=H", socket.AF_INET) + struct.pack("!H4s8x", port, socket.inet_aton(address))

    def _set(self, fd, level, name, value):
        self._checked(self._lib.lwip_setsockopt(fd, level, name, value, len(value)))

    def socket(self):
        fd = self._checked(self._lib.lwip_socket(2, 1, 0))
        self._set(fd, socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("qq", 12, 0))
        self._set(fd, socket.SOL_SOCKET, socket.SO_REUSEADDR, struct.pack("i", 1))
        return fd

    def listen(self, port):
        fd = self.socket()
        self._checked(self._lib.lwip_bind(fd, self._sockaddr("0.0.0.0", port), 16))
        self._checked(self._lib.lwip_listen(fd, 5))
        return fd

    def accept(self, fd):
        accepted = self._checked(self._lib.lwip_accept(fd, None, None))
        self._set(accepted, socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("qq", 12, 0))
        return accepted

    def connect(self, address, own_port, port):
        fd = self.socket()
        self._checked(self._lib.lwip_bind(fd, self._sockaddr("0.0.0.0", own_port), 16))
        self._checked(self._lib.lwip_connect(fd, self._sockaddr(address, port), 16))
        return fd

    def send(self, fd, size):
        return self._checked(self._lib.lwip_send(fd, b"l" * size, size, 0))

    def recv(self, fd, size):
        """Up to `size` bytes; 0 at EOF."""
        return self._checked(self._lib.lwip_recv(fd, ctypes.create_string_buffer(size), size, 0))

    def linger0(self, fd):
        self._set(fd, socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return 0

    def keep_alive(self, fd, idle, interval, count):
        self._set(fd, socket.SOL_SOCKET, socket.SO_KEEPALIVE, struct.pack("i", 1))
        for name, value in ((socket.TCP_KEEPIDLE, idle), (socket.TCP_KEEPINTVL, interval), (socket.TCP_KEEPCNT, count)):
            self._set(fd, socket.IPPROTO_TCP, name, struct.pack("i", value))
        return 0

    def shutdown_write(self, fd):
        return self._checked(self._lib.lwip_shutdown(fd, 1))

    def close(self, fd):
        return self._checked(self._lib.lwip_close(fd))


def _perform(stack, call, arguments):
    try:
        return getattr(stack, call)(*arguments)
    except OSError as failure:
        return errno.errorcode.get(failure.errno, "errno %s" % failure.errno)


def main():
    stack = Stack(sys.argv[1])
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        call, *arguments = json.loads(line)
        print(json.dumps(_perform(stack, call, arguments)), flush=True)


if __name__ == "__main__":
    main()
