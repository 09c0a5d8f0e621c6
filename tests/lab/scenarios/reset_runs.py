# SPDX-License-Identifier: GPL-2.0-or-later
"""Data under way meets a socket that is gone: a run of bare resets, one for each segment, and none of them hurried."""
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, at_once, exchange, going, is_fin, is_rst

_GONE = {"innocent": True, "loss_to_server": "certain", "client_errno": ("ECONNRESET", "EPIPE"), "server_errno": "none"}
_LOST = {"verdict": "peer-lost-state", "initiator": ("server", "unknown"),
         "reason": "crash, failover or a forgetful middlebox: the wire does not say which", **_GONE}


def _uploading(lab, before=2):
    """A client that uploads piece by piece to a server that acknowledges with a line for each of the first ones."""
    client, server = lab.connect()
    for _ in range(before):
        exchange(client, server, 1400, 60)
    lab.sleep(0.1)
    return client, server


def _pieces(lab, client, count=6, size=1400, pause=0.004):
    for _ in range(count):
        if client.send(size).startswith("E"):
            break
        lab.sleep(pause)


@scenario("reset-run-crash", live=True, delay_s=0.04, vantages=("client", "middle", "server"), **_LOST)
def _(lab):
    """The server sends a status line and its host crashes; six segments of the upload are under way and draw a reset each.
    At the client they were captured before the status line."""
    client, server = _uploading(lab)
    at_once(lambda: _pieces(lab, client), lambda: (server.send(60), server.crash()))
    client.read_end()


@scenario("reset-run-crash-v6", live=True, v6=True, delay_s=0.06, vantages=("client", "server"), **_LOST)
def _(lab):
    """The same over IPv6 with a round trip of 120 ms; the segments come in one go."""
    client, server = _uploading(lab)
    at_once(lambda: client.send(5600), lambda: (server.send(200), server.crash()))
    client.read_end()


@scenario("reset-run-crash-other-way", live=True, delay_s=0.03, vantages=("server", "client"), verdict="peer-lost-state",
          initiator=("client", "unknown"), innocent=True, loss_to_client="certain", client_errno="none",
          server_errno=("ECONNRESET", "EPIPE"), reason=_LOST["reason"])
def _(lab):
    """A download: the client asks for more and its host crashes; the segments under way to it draw a reset each."""
    client, server = lab.connect()
    exchange(client, server, 100, 2000)
    lab.sleep(0.1)
    at_once(lambda: _pieces(lab, server), lambda: (client.send(80), client.crash()))
    lab.sleep(0.1)
    server.recv(80)
    server.read_end()


@scenario("reset-run-abort-lost", live=True, delay_s=0.03, vantages=("client", "server"), verdict=("abort-by-receiver", "peer-lost-state"),
          initiator=("server", "unknown"), reason="the reset that began it is lost: those that answer the segments under way are left", **_GONE)
def _(lab):
    """The server's process is killed in an upload; the reset of that is lost, those that answer what is under way arrive."""
    client, server = _uploading(lab)
    lab.wire.drop(lambda p, d: d == TO_CLIENT and is_rst(p) and p.flags & 16, times=1)

    def die():
        server.wait_until_received(1400)
        server.abort()
    at_once(lambda: _pieces(lab, client, 8), die)
    client.read_end()


_CUT = {"verdict": "data-crossed-fin", "initiator": "server", "half_close": None, **_GONE}


@scenario("reset-run-close-in-upload", live=True, delay_s=0.04, vantages=("client", "middle", "server"), **{**_CUT,
          "client_errno": ("ECONNRESET", "EPIPE", "EOF", "EOF,EPIPE"), "reason": "EOF or reset first: a matter of when the client looks"})
def _(lab):
    """The server has read all that came, closes in good order, and six segments are under way to it."""
    client, server = _uploading(lab)
    at_once(lambda: _pieces(lab, client), lambda: (server.recv(1400), server.close()))
    client.read_end()


@scenario("reset-run-close-in-upload-v6", live=True, v6=True, delay_s=0.03, vantages=("client", "server"), **{**_CUT,
          "client_errno": ("ECONNRESET", "EPIPE", "EOF", "EOF,EPIPE"), "reason": "EOF or reset first: a matter of when the client looks"})
def _(lab):
    """The same behind a last line of the server, 300 bytes with its FIN (IPv6)."""
    client, server = _uploading(lab, before=1)
    at_once(lambda: _pieces(lab, client, 4), lambda: (server.recv(1400), server.send(300), server.close()))
    client.read_end()


@scenario("reset-run-close-in-download", live=True, delay_s=0.03, vantages=("server", "client"), verdict="data-crossed-fin", initiator="client",
          innocent=True, loss_to_client="certain", half_close=None, client_errno="none",
          server_errno=("ECONNRESET", "EPIPE", "EOF", "EOF,EPIPE"), reason="EOF or reset first: a matter of when the server looks")
def _(lab):
    """The client has read all that came of a stream and closes in good order; the next four segments are under way."""
    client, server = lab.connect()
    client.send(60)
    server.recv(60)
    for _ in range(5):
        server.send(1000)
        client.recv(1000)
    at_once(lambda: _pieces(lab, server, 5, 1000, 0.012), client.close)
    server.read_end()


@scenario("reset-run-fin-lost", live=True, delay_s=0.03, vantages=("client", "server"), **{**_CUT,
          "client_errno": ("ECONNRESET", "EPIPE", "EOF", "EOF,EPIPE"), "reason": "the server does not know that its FIN was lost", "at": {"client": {
          "verdict": ("data-crossed-fin", "keepalive-race", "peer-lost-state", "data-after-close", "abort-by-receiver", "inconclusive"),
          "initiator": ("server", "unknown"), "reason": "at the client the FIN never shows: only that the server knew nothing any more"}}})
def _(lab):
    """The same as the first, and the server's FIN is lost: all that the client sees is the run of resets."""
    client, server = _uploading(lab)
    lab.wire.drop(going(TO_CLIENT, is_fin))
    at_once(lambda: _pieces(lab, client), lambda: (server.recv(1400), server.close()))
    client.read_end()


# Near miss: a hurried abort has no run

@scenario("no-run-upload-aborted", live=True, delay_s=0.03, vantages=("client", "server"), verdict="abort-by-receiver", initiator="server", **_GONE)
def _(lab):
    """The server drops the upload with SO_LINGER 0: its own reset first, then one for each segment that was under way."""
    client, server = _uploading(lab)
    at_once(lambda: _pieces(lab, client), lambda: (server.recv(1400), server.abort()))
    client.read_end()
