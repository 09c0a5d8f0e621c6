# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs scenarios and writes what they recorded."""
import concurrent.futures
import multiprocessing
import signal
import traceback

from . import capture, packet, recordings, rewrite
from .lab import Lab
from .scenario import SCENARIOS, Truth

# A recording begins at this second of the epoch, whenever it was made.
_EPOCH_NS = 1_700_000_000 * 1_000_000_000
_LONGEST_S = 90


class CauseFailed(Exception):
    """The scenario did not cause what it says: its applications saw something else."""


def run_one(name):
    """Runs a scenario; returns {file stem: (frames, record)}, one for each capture point."""
    case = SCENARIOS[name]
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(_LONGEST_S)
    lab = Lab(**case.network)
    try:
        case.run(lab)
        recorded = lab.finish()
    finally:
        signal.alarm(0)
        lab.close()
    result = {}
    for vantage in case.vantages:
        frames, changes = _changed(case, lab, recorded[vantage])
        record = _record(case, lab, vantage, changes)
        for connection in record["connections"]:
            _allow_late_reset(case, connection, frames)
        result[recordings.stem(case, vantage)] = (capture.epoch_moved(frames, _EPOCH_NS), record)
    return result


def _too_long(*_):
    raise TimeoutError("not done after %d s" % _LONGEST_S)


def _changed(case, lab, frames):
    changes = []
    for when in sorted(lab.marks, reverse=True):
        frames = rewrite.gap_stretched(frames, when, lab.marks[when])
        changes.insert(0, "silence made %g s longer" % lab.marks[when])
    if case.change:
        frames = case.change(frames)
        changes.append(case.change_note)
    return frames, changes


def _record(case, lab, vantage, changes):
    connections = []
    for pair in lab.pairs:
        truth = Truth.of(**{**case.truth, **pair.truth, **case.at.get(vantage, {})})
        connections.append(_connection(case, pair, truth, pair.addresses_at.get(vantage, pair.addresses)))
    return {"scenario": case.name, "about": " ".join(case.about.split()), "vantage": vantage,
            "path": lab.kind, "changes": changes, "innocent": case.innocent, "also": list(case.also),
            **({"strays": list(case.strays)} if case.strays else {}), "connections": connections}


def _endpoint(address, port):
    return "[%s]:%d" % (address, port) if ":" in address else "%s:%d" % (address, port)


def _connection(case, pair, truth, addresses):
    record = {"client": _endpoint(*addresses[0]), "server": _endpoint(*addresses[1]),
              "verdict": truth.verdict, "initiator": truth.initiator, "loss": truth.loss,
              "loss_to_server": truth.loss_to_server, "loss_to_client": truth.loss_to_client,
              "half_close": truth.half_close}
    for side, app, stated in (("client", pair.client, truth.client_errno), ("server", pair.server, truth.server_errno)):
        record[side + "_calls"] = app.calls if app else []
        saw = app.errno if app else "none"
        if saw is None or stated == []:
            continue  # a program's, or not the application that this capture point has as its end
        if stated and saw not in stated:
            raise CauseFailed("%s: the %s saw %s, not %s: %s" % (case.name, side, saw, " or ".join(stated),
                                                                 app.calls if app else "no application"))
        record[side + "_errno"] = [saw] + [word for word in stated or [] if word != saw]
    record["bytes"] = {
        "client_wrote": pair.client.bytes_written, "server_read": pair.server.bytes_read if pair.server else 0,
        "server_wrote": pair.server.bytes_written if pair.server else 0, "client_read": pair.client.bytes_read}
    if None in record["bytes"].values():
        del record["bytes"]
    else:
        _check_loss(case, record, truth)
    if truth.reason:
        record["reason"] = truth.reason
    return record


def _check_loss(case, record, truth):
    """The applications' bytes decide what was lost: what the truth says of the wire may say less, with a reason, not
    the opposite. Of a connection that goes on nothing is lost yet."""
    if truth.verdict[0] in ("open", "half-closed-active"):
        return
    for to, wrote, read in (("server", "client_wrote", "server_read"), ("client", "server_wrote", "client_read")):
        lost, stated = record["bytes"][wrote] - record["bytes"][read], record["loss_to_" + to]
        if (lost and stated == ["none"] and not truth.reason) or (not lost and stated == ["certain"]):
            raise CauseFailed("%s: %d bytes to the %s were written and never read, not %s" % (
                case.name, lost, to, " or ".join(stated)))


def _allow_late_reset(case, connection, frames):
    """On a busy machine a FIN is repeated though it had arrived; TIME-WAIT acknowledges the copy, and the other
    host, already gone, answers that with RST. Nobody caused it, and the recording shows it."""
    if not case.innocent or not connection["verdict"][0].startswith("graceful"):
        return
    finished = set()
    for frame in frames:
        p = frame.packet()
        if p is None or not p.is_tcp or {_endpoint(p.src, p.sport), _endpoint(p.dst, p.dport)} != {
                connection["client"], connection["server"]}:
            continue
        if p.flags & packet.FIN:
            finished.add(p.src)
        if p.flags & packet.RST and len(finished) == 2 and "graceful-then-reset" not in connection["verdict"]:
            connection["verdict"].append("graceful-then-reset")
            connection["reason"] = "a FIN was repeated in vain, and the answer to the copy met a host already gone"


def _run_quietly(name):
    try:
        return name, run_one(name), ""
    except Exception:  # the report of one scenario must not stop the others
        return name, {}, traceback.format_exc()


def run_many(names, workers=8):
    """Yields (name, recordings, error text) as they come. Most of a scenario's time is waiting, so
    more workers than processors."""
    context = multiprocessing.get_context("fork")
    with concurrent.futures.ProcessPoolExecutor(workers, mp_context=context) as pool:
        waiting = {pool.submit(_run_quietly, name) for name in names}
        for done in concurrent.futures.as_completed(waiting):
            yield done.result()


def save(folder, stem, frames, record):
    recording = recordings.Recording(folder, SCENARIOS[record["scenario"]].family, stem)
    recording.save(frames, record)
    return recording
