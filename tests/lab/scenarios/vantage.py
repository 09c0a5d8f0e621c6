# SPDX-License-Identifier: GPL-2.0-or-later
"""The same endings as other captures would show them: cut, one-sided, copied, reordered, wrapped."""
from labkit import rewrite
from labkit.scenario import scenario
from labkit.steps import close_in_turn, exchange, is_data, is_fin

_V4 = ("198.51.100.10", "203.0.113.20")

_V6 = ("2001:db8:c::10", "2001:db8:5::20")

_GRACEFUL = {"verdict": "graceful", "initiator": "client", "client_errno": "none", "server_errno": "EOF", "innocent": True,
             "live": True, "vantages": ("client",)}


def _graceful(lab):
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server, 60, 2400)
    close_in_turn(client, server)


def _abort_by_receiver(lab):
    client, server = lab.connect()
    exchange(client, server)
    server.send(3000)
    client.wait_until_received(3000)
    server.send(6000)
    client.close()
    server.read_end()


def _data_after_close(lab):
    client, server = lab.connect()
    exchange(client, server)
    server.close()
    client.recv(1)
    lab.sleep(0.3)
    client.send(250)
    lab.sleep(0.1)
    client.send(10)


def _keepalive_race(lab):
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.3)
    server.close()
    lab.sleep(0.01)
    client.send(300)
    client.recv(1)
    lab.sleep(0.15)
    client.send(1)


def _lost_state(lab):
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.2)
    server.crash()
    client.send(300)
    client.read_end()


def _from_frame(condition):
    """The capture that began at the first packet fulfilling the condition."""
    def change(frames):
        return frames[next(i for i, f in enumerate(frames) if condition(f.packet())):]
    return change


def _of_host(address):
    return lambda frames: rewrite.without(frames, lambda p: p.is_tcp and p.src != address)


def _lost_by_capture(condition, which):
    """The capture without the which-th packet that fulfils the condition."""
    def change(frames):
        victim = [f for f in frames if condition(f.packet())][which]
        return [f for f in frames if f is not victim]
    return change


def _one_each_way_swapped(frames):
    last = max(i for i, f in enumerate(frames) if is_fin(f.packet()))
    return rewrite.neighbours_swapped(frames, last)

_BODIES = {
    "graceful": (_graceful, _GRACEFUL),
    "abort-by-receiver": (_abort_by_receiver, {
        "verdict": "abort-by-receiver", "initiator": "client", "client_errno": "none", "server_errno": "ECONNRESET",
        "loss_to_client": "certain", "delay_s": 0.015, "innocent": True, "live": True, "vantages": ("client",)}),
    "data-after-close": (_data_after_close, {
        "verdict": "data-after-close", "initiator": "server", "client_errno": "EOF,EPIPE", "server_errno": "none",
        "loss_to_server": "certain", "half_close": None, "innocent": True, "live": True, "vantages": ("client",)}),
    "keepalive-race": (_keepalive_race, {
        "verdict": "data-crossed-fin", "initiator": "server", "client_errno": ("EOF,EPIPE", "EOF", "ECONNRESET"),
        "server_errno": "none", "loss_to_server": "certain", "half_close": None, "innocent": True, "live": True,
        "vantages": ("client",), "delay_s": 0.04, "reason": "EOF or ECONNRESET first: a matter of when the client reads"}),
    "peer-lost-state": (_lost_state, {
        "verdict": "peer-lost-state", "initiator": ("server", "unknown"), "client_errno": "ECONNRESET", "server_errno": "none",
        "loss_to_server": "certain", "innocent": True, "live": True, "vantages": ("client",),
        "reason": "crash, failover or a forgetful middlebox: the wire does not say which"}),
}

# body, name, what the capture did, how, and what that changes in the truth
_VARIANTS = (
    ("graceful", "snap-60", "snap length 60", lambda f: rewrite.snap_length(f, 60), {}),
    ("graceful", "snap-54-v6", "snap length 74", lambda f: rewrite.snap_length(f, 74), {"v6": True}),
    ("graceful", "wrap", "numbers shifted across 2^32", lambda f: rewrite.wrapped_at_data(f, *_V4), {}),
    ("graceful", "wrap-at-fin-v6", "numbers shifted: the FINs are the last before 2^32",
     lambda f: rewrite.wrapped_at_data(f, *_V6, before_end=181), {"v6": True}),
    ("graceful", "copies", "each frame twice", rewrite.duplicated, {}),
    ("graceful", "routed-copies", "each frame twice, the copy one hop on", lambda f: rewrite.duplicated(f, routed=True), {}),
    ("graceful", "cut-head", "cut before the first data", _from_frame(is_data), {}),
    ("graceful", "cut-to-fin", "cut before the first FIN", _from_frame(is_fin), {}),
    ("graceful", "client-frames-only", "only what the client sent", _of_host(_V4[0]), {}),
    ("graceful", "server-frames-only", "only what the server sent", _of_host(_V4[1]), {}),
    ("graceful", "capture-lost-data", "one data segment not captured", _lost_by_capture(is_data, 3), {}),
    ("graceful", "capture-lost-first-fin", "the first FIN not captured", _lost_by_capture(is_fin, 0), {}),
    ("graceful", "capture-lost-second-fin", "the second FIN not captured", _lost_by_capture(is_fin, 1), {}),
    ("graceful", "swapped", "last FIN and last ACK in the other order", _one_each_way_swapped, {}),
    ("abort-by-receiver", "snap-60", "snap length 60", lambda f: rewrite.snap_length(f, 60), {}),
    ("abort-by-receiver", "wrap", "numbers shifted across 2^32", lambda f: rewrite.wrapped_at_data(f, *_V4, before_end=400), {}),
    ("abort-by-receiver", "cut-head-v6", "cut before the first data", _from_frame(is_data), {"v6": True}),
    ("abort-by-receiver", "copies", "each frame three times", lambda f: rewrite.duplicated(f, 3), {}),
    ("data-after-close", "snap-60", "snap length 60", lambda f: rewrite.snap_length(f, 60), {}),
    ("data-after-close", "wrap-v6", "numbers shifted across 2^32", lambda f: rewrite.wrapped_at_data(f, *_V6), {"v6": True}),
    ("data-after-close", "cut-head", "cut before the FIN", _from_frame(is_fin), {}),
    ("keepalive-race", "wrap", "numbers shifted: the FIN is the last before 2^32",
     lambda f: rewrite.wrapped_at_data(f, *_V4, before_end=341), {}),
    ("keepalive-race", "cut-head", "cut before the first data", _from_frame(is_data), {}),
    ("peer-lost-state", "copies", "each frame twice, the copy one hop on", lambda f: rewrite.duplicated(f, routed=True), {}),
    ("peer-lost-state", "cut-head-v6", "cut before the first data", _from_frame(is_data), {"v6": True}),
)


for _body, _suffix, _note, _change, _more in _VARIANTS:
    def _run(lab, body=_BODIES[_body][0]):
        body(lab)
    _run.__doc__ = "An ordinary ending (%s) in another capture: %s." % (_BODIES[_body][1]["verdict"], _note)
    scenario("view-%s-%s" % (_body, _suffix), change=_change, change_note=_note, **{**_BODIES[_body][1], **_more})(_run)
