# SPDX-License-Identifier: GPL-2.0-or-later
"""Steps that many scenarios share."""
import contextlib
import socket
import threading
import time

from . import packet
from .wire import TO_CLIENT, TO_SERVER


def exchange(client, server, up=120, down=340):
    """A request and its answer, read by both."""
    client.send(up)
    server.recv(up)
    server.send(down)
    client.recv(down)


def close_in_turn(first, second, pause=0.1):
    """The first closes; the second reads EOF and closes too."""
    first.close()
    second.read_end()
    time.sleep(pause)
    second.close()


def crash(lab, app):
    """The application's host crashes, in a quiet moment: the last ACK has come in, or it would be answered."""
    lab.sleep(0.2)
    app.crash()
    lab.sleep(0.1)


def at_once(*actions):
    """Runs the actions at the same moment."""
    barrier = threading.Barrier(len(actions))

    def run(action):
        barrier.wait()
        action()
    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def is_data(p, _direction=None):
    return p.is_tcp and len(p.payload) > 0


def is_fin(p, _direction=None):
    return p.is_tcp and bool(p.flags & packet.FIN)


def is_rst(p, _direction=None):
    return p.is_tcp and bool(p.flags & packet.RST)


def is_syn(p, _direction=None):
    return p.is_tcp and p.flags & (packet.SYN | packet.ACK) == packet.SYN


def is_syn_ack(p, _direction=None):
    return p.is_tcp and p.flags & (packet.SYN | packet.ACK) == packet.SYN | packet.ACK


def is_pure_ack(p, _direction=None):
    return p.is_tcp and p.flags == packet.ACK and not p.payload


def going(direction, condition=lambda p: True):
    return lambda p, d: d == direction and condition(p)


def from_host(lab, side):
    return {"client": TO_SERVER, "server": TO_CLIENT}[side]


def keep_alive_options(idle=1, interval=1, count=3):
    """For connect(client_options=…): probe after `idle` seconds, every `interval`, `count` times."""
    return ((socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, idle),
            (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, interval), (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, count))


NO_DELAY = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)


def wait_for(condition, timeout=5):
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        with contextlib.suppress(StopIteration):
            if condition():
                return
        time.sleep(0.005)
    raise RuntimeError("did not happen within %g s" % timeout)
