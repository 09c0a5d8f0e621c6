# SPDX-License-Identifier: GPL-2.0-or-later
"""How other systems than Linux end, shown by the tiny stack of labkit/tiny.py."""
from labkit import tiny
from labkit.scenario import scenario

_OTHER = {"innocent": True, "live": True, "vantages": ("client", "middle")}
_BY_SERVER = {"initiator": "server", "client_errno": "ECONNRESET"}
_NO_TRIGGER = "a bare RST is how RFC 9293 aborts, and how every stack answers what it does not know: only a trigger tells"


def _served(lab, up=200, down=700, **options):
    client, server = tiny.connect(lab, **options)
    client.send(up)
    server.wait_for_bytes(up)
    server.send(down)
    client.recv(down)
    server.wait_until_acknowledged()
    lab.sleep(0.05)
    return client, server


@scenario("other-graceful", verdict="graceful", initiator="server", client_errno="EOF", **_OTHER)
def _(lab):
    """No timestamps, no window scale, no SACK, TTL 128: an orderly end all the same."""
    client, server = _served(lab)
    server.close()
    client.read_end()
    client.close()
    server.wait_for_fin()


@scenario("other-abort-window-zero", verdict="abort-as-close", **_BY_SERVER, **_OTHER)
def _(lab):
    """Windows and the BSDs abort with window 0: no zero window, their habit."""
    client, server = _served(lab)
    lab.sleep(0.2)
    server.reset()
    client.read_end()


@scenario("other-abort-bare", verdict="abort-as-close", reason=_NO_TRIGGER, **_BY_SERVER, **_OTHER)
def _(lab):
    """The abort of RFC 9293: RST without ACK, half a second behind everything."""
    client, server = _served(lab)
    lab.sleep(0.5)
    server.reset_bare()
    client.read_end()


@scenario("other-abort-by-receiver-v6", verdict="abort-by-receiver", initiator="server", v6=True, loss_to_server="certain",
          client_errno=("ECONNRESET", "EPIPE"), **_OTHER)
def _(lab):
    """The server cuts an upload, with window 0, while 3 KB are under way to it (IPv6)."""
    client, server = _served(lab)
    client.send(2000)
    server.wait_for_bytes(2200)
    server.late = True
    client.send(3000)
    lab.sleep(0.01)
    server.reset()
    client.read_end()


@scenario("other-abort-idle-bare", verdict="abort-idle", reason=_NO_TRIGGER, **_BY_SERVER, **_OTHER)
def _(lab):
    """A small device drops the connection with a bare RST after ten minutes."""
    client, server = _served(lab)
    lab.stretch(600)
    server.reset_bare()
    client.read_end()


@scenario("other-lost-state-old-windows", verdict="peer-lost-state", initiator=("server", "unknown"), client_errno="ECONNRESET",
          loss_to_server="certain", reason="crash, failover or a forgetful middlebox: the wire does not say which", **_OTHER)
def _(lab):
    """Restarted, it answers with RST whose ACK field holds SEQ's value without the flag (old Windows)."""
    client, server = _served(lab)
    lab.sleep(0.3)
    server.refuse_from_now_on()
    server.junk_ack = True
    client.send(300)
    client.read_end()


@scenario("other-close-unread-then-refuses", verdict="data-after-close", initiator="server", client_errno=("EOF", "EOF,EPIPE"),
          half_close=None, loss_to_server="certain", **_OTHER)
def _(lab):
    """BSD closes with FIN though data is unread, and refuses what comes later."""
    client, server = _served(lab)
    client.send(400)
    server.wait_for_bytes(600)
    server.close()
    client.recv(1)
    lab.sleep(0.2)
    server.refuse_from_now_on()
    client.send(100)
    lab.sleep(0.1)
    client.send(1)


def _gives_up(lab, server, retransmissions, gap):
    """The client's own firewall swallows every ACK, so that the server's data stays unacknowledged."""
    lab.client.run("nft", "-f", "-", stdin="table inet t { chain c { type filter hook output priority 0; "
                                           "tcp dport 8080 drop; }; }")
    start = server.send(500)
    for n in range(retransmissions):
        lab.sleep(gap * 2 ** n)
        server.retransmit(start, 500)
    lab.sleep(gap * 2 ** retransmissions)
    server.reset()


_GAVE_UP = {"verdict": "timeout-retransmit-reset", "initiator": ("client", "network"), "client_errno": "ECONNRESET",
            "innocent": True, "vantages": ("client", "middle"), "loss_to_client": "possible",
            "reason": "dead host or dead path: the wire does not say"}


@scenario("timeout-retransmit-reset-bsd", **_GAVE_UP)
def _(lab):
    """BSD repeats five times and then resets (Linux would be silent); nothing comes back from the client."""
    client, server = _served(lab)
    _gives_up(lab, server, 5, 0.15)
    client.read_end()


@scenario("timeout-retransmit-reset-v6", v6=True, **_GAVE_UP)
def _(lab):
    """Four retransmissions and a reset (IPv6)."""
    client, server = _served(lab)
    _gives_up(lab, server, 4, 0.3)
    client.read_end()


@scenario("timeout-retransmit-reset-long", **_GAVE_UP)
def _(lab):
    """The same with a last wait of a minute before the reset."""
    client, server = _served(lab, up=40, down=3000)
    _gives_up_later(lab, server)
    client.read_end()


def _gives_up_later(lab, server):
    lab.client.run("nft", "-f", "-", stdin="table inet t { chain c { type filter hook output priority 0; "
                                           "tcp dport 8080 drop; }; }")
    start = server.send(300)
    for pause in (0.2, 0.4, 0.8):
        lab.sleep(pause)
        server.retransmit(start, 300)
    lab.stretch(60)
    server.reset()
