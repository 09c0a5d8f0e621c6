# SPDX-License-Identifier: GPL-2.0-or-later
"""An application at one end of a connection: calls of the socket interface, each written down with
what it returned."""
import contextlib
import errno
import socket
import struct
import subprocess
import time

_TCP_REPAIR = 19   # linux/tcp.h


class App:
    """One end. The calls never raise for what the network does: errors are results here."""

    def __init__(self, side, sock, clock):
        self.side, self.sock, self._clock = side, sock, clock
        self.calls = []        # "seconds-since-the-start call: result"
        self.bytes_written = 0  # accepted by the kernel
        self.bytes_read = 0
        self._seen = []        # EOF and errors, in order
        self._holder = None
        sock.settimeout(12)

    def note(self, call, result):
        self.calls.append("%.4f %s: %s" % (self._clock(), call, result))
        if result == "EOF" or result.startswith("E"):
            self._seen.append(result)
        return result

    @property
    def errno(self):
        """In the notation of tcpteardown.client.errno: everything up to the first error, at which an
        ordinary application stops."""
        result = []
        for word in self._seen:
            if word not in result:
                result.append(word)
            if word != "EOF":
                break
        return ",".join(result) or "none"

    def _try(self, call, action):
        try:
            return self.note(call, action())
        except OSError as failure:
            return self.note_failure(call, failure)

    def note_failure(self, call, failure):
        return self.note(call, "timed out" if failure.errno is None else errno.errorcode[failure.errno])

    def connect(self, address):
        return self._try("connect", lambda: self.sock.connect(address) or "ok")

    def fast_open(self, size, address):
        """Connects with the first data in the SYN where a cookie allows it (RFC 7413)."""
        def action():
            self.sock.settimeout(None)
            self.bytes_written += self.sock.sendto(b"q" * size, socket.MSG_FASTOPEN, address)
            self.sock.settimeout(12)
            return "%d bytes" % size
        return self._try("sendto with MSG_FASTOPEN", action)

    def send(self, data):
        """Sends bytes, or that many bytes; waits until the kernel has taken all."""
        content = data if isinstance(data, bytes) else b"x" * data
        view = memoryview(content)

        def action():
            done = 0
            while done < len(content):
                count = self.sock.send(view[done:])
                done += count
                self.bytes_written += count
            return "%d bytes" % done
        return self._try("send %d" % len(content), action)

    def send_now(self, size):
        """Gives the kernel what it takes without waiting."""
        self.sock.setblocking(False)
        done = 0
        with contextlib.suppress(BlockingIOError):
            while done < size:
                done += self.sock.send(b"x" * (size - done))
        self.sock.settimeout(12)
        self.bytes_written += done
        return self.note("send %d without waiting" % size, "%d bytes" % done)

    def recv(self, size, call=""):
        """Reads exactly `size` bytes, or up to EOF or an error."""
        def action():
            left = size
            while left:
                data = self.sock.recv(min(left, 1 << 16))
                if not data:
                    return "EOF"
                left -= len(data)
                self.bytes_read += len(data)
            return "%d bytes" % size
        return self._try(call or "recv %d" % size, action)

    def read_end(self):
        """Reads until EOF or an error, as an application does that waits for the end."""
        return self.recv(1 << 40, "recv to the end")

    def set(self, level, name, value):
        self.sock.setsockopt(level, name, value)

    def set_tcp(self, name, value):
        self.set(socket.IPPROTO_TCP, name, value)

    def shutdown(self, how=socket.SHUT_WR):
        word = {socket.SHUT_RD: "RD", socket.SHUT_WR: "WR", socket.SHUT_RDWR: "RDWR"}[how]
        return self._try("shutdown " + word, lambda: self.sock.shutdown(how) or "ok")

    def close(self):
        return self._try("close", lambda: self.sock.close() or "ok")

    def linger0(self):
        self.set(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def abort(self):
        """close() with SO_LINGER 0: RST instead of FIN."""
        self.linger0()
        self.note("SO_LINGER 0", "ok")
        return self.close()

    def crash(self):
        """The host forgets the connection without a word: in repair mode close() sends nothing."""
        self.set_tcp(_TCP_REPAIR, 1)
        self.sock.close()
        return self.note("crash: closed in repair mode, nothing is sent", "ok")

    def connect_without_waiting(self, address):
        """The SYN leaves, connect() returns at once."""
        self.sock.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            self.sock.connect(address)
        return self.note("connect without waiting", "in progress")

    def move_to_process(self):
        """From now on another process holds the socket, and nobody else."""
        self._holder = subprocess.Popen(["sleep", "60"], pass_fds=[self.sock.fileno()])
        self.sock.close()
        self.note("socket held by a process of its own", "ok")

    def kill(self):
        """SIGKILL for the process that holds the socket."""
        self._holder.kill()
        self._holder.wait(5)
        self.note("SIGKILL", "ok")

    def release(self):
        """Ends what the scenario left open; after the recording."""
        if self._holder and self._holder.poll() is None:
            self._holder.kill()
            self._holder.wait(5)
        self.sock.close()

    def wait_until_received(self, size, timeout=5):
        """Waits until that many bytes lie in the kernel's receive queue, without reading them."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                if len(self.sock.recv(1 << 20, socket.MSG_PEEK | socket.MSG_DONTWAIT)) >= size:
                    return
            time.sleep(0.005)
        raise RuntimeError("%s did not receive %d bytes" % (self.side, size))

    def state(self):
        """The kernel's name for the connection's state (first byte of struct tcp_info)."""
        number = self.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
        return _STATES[number]


_STATES = ("", "ESTABLISHED", "SYN-SENT", "SYN-RECEIVED", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSED",
           "CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING")
