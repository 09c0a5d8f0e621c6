# SPDX-License-Identifier: GPL-2.0-or-later
"""A host with the lwIP stack in the server's place, behind a tap device of the middle namespace."""
import json
import os
import subprocess

from .app import App

_PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lwip_host.py")


class Host:
    def __init__(self, lab):
        self._lab = lab
        self._start()

    def _start(self):
        self._process = self._lab.middle.popen(
            ["/usr/bin/python3", "-B", _PROGRAM, self._lab.addresses["server"]], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, "PRECONFIGURED_TAPIF": "tap0"})
        self._lab.children.append(self._process)
        # lwIP itself prints while it starts; the first line of ours is JSON.
        for line in self._process.stdout:
            if line.strip() == '"ready"':
                return
        raise RuntimeError("lwIP does not start")

    def do(self, call, *arguments):
        self._process.stdin.write(json.dumps([call, *arguments]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def must(self, call, *arguments):
        result = self.do(call, *arguments)
        if isinstance(result, str):
            raise RuntimeError("lwIP %s: %s" % (call, result))
        return result

    def power_off(self):
        """The host disappears from one moment to the next."""
        self._process.kill()
        self._process.wait(5)

    def restart(self):
        """Off and on again: nothing of what it knew is left."""
        self.power_off()
        self._start()


class LwipApp:
    """One end on lwIP, with the calls of App. Its errno is lwIP's own and not judged."""

    errno = None

    def __init__(self, side, host, fd, clock):
        self.side, self._host, self._fd, self._clock = side, host, fd, clock
        self.calls = []
        self.bytes_written = self.bytes_read = 0

    def note(self, call, result):
        self.calls.append("%.4f lwIP %s: %s" % (self._clock(), call, result))
        return str(result)

    def send(self, size):
        result = self._host.do("send", self._fd, size)
        self.bytes_written += result if isinstance(result, int) else 0
        return self.note("send %d" % size, result)

    def recv(self, size):
        left = size
        while left:
            result = self._host.do("recv", self._fd, min(left, 8192))
            if result == 0 or isinstance(result, str):
                return self.note("recv", result or "EOF")
            self.bytes_read += result
            left -= result
        return self.note("recv %d" % size, "%d bytes" % size)

    def read_end(self):
        return self.recv(1 << 30)

    def keep_alive(self, idle, interval, count):
        return self.note("SO_KEEPALIVE", self._host.do("keep_alive", self._fd, idle, interval, count))

    def shutdown(self):
        return self.note("shutdown WR", self._host.do("shutdown_write", self._fd))

    def close(self):
        return self.note("close", self._host.do("close", self._fd))

    def abort(self):
        self._host.do("linger0", self._fd)
        self.note("SO_LINGER 0", "ok")
        return self.close()

    def release(self):
        """The process of the stack ends with the lab."""


def connect_to(lab, host, port=8080, **truth):
    """A Linux client to an lwIP server."""
    listener = host.must("listen", port)
    client = lab.client_app()
    client.connect((lab.addresses["server"], port))
    return lab.add_pair(client, LwipApp("server", host, host.must("accept", listener), lab.clock), port, truth=truth)


def connect_from(lab, host, port=8080, **truth):
    """An lwIP client to a Linux server, in the client's namespace."""
    with lab.client.entered():
        listener = lab.listen_at(lab.addresses["client"], port)
    fd = host.must("connect", lab.addresses["client"], 50123, port)
    pair = lab.add_programs(LwipApp("client", host, fd, lab.clock), App("server", listener.accept()[0], lab.clock), 50123, port,
                            truth)
    pair.addresses = ((lab.addresses["server"], 50123), (lab.addresses["client"], port))
    return pair
