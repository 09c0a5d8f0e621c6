# SPDX-License-Identifier: GPL-2.0-or-later
"""What a text may not say when a field says otherwise, and what it must.

Each rule looks at one report and answers None where it does not apply, else the list of contradictions.
"""

import re

from reports import Report, Text, texts_of

NUMBER = r"(\d[\d,]*)"
DURATION = r"((?:less than 1 µs|[\d,.]+ (?:µs|ms|s|min|h|days?)(?: \d+ (?:s|min|h))?))"
SECONDS = {"µs": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "day": 86400, "days": 86400}

# What gives the same picture is no claim about this connection. A finding of that kind says so by its kind.
LOOK_ALIKES = re.compile(r"look(?:s)? (?:alike|the same|like this)|the same picture|cannot be told apart|do this\b"
                         r"|send this RST|^(?:often|SO_LINGER)", re.I)


def number(text: str) -> int:
    return int(text.replace(",", ""))


def seconds(text: str) -> float:
    if text.startswith("less"):
        return 0.0
    return sum(float(n.replace(",", "")) * SECONDS[unit]
               for n, unit in re.findall(r"([\d,.]+) (µs|ms|s|min|h|days|day)\b", text))


def claims(report: Report) -> list[Text]:
    return [t for t in texts_of(report)
            if t.kind != "alternative" and not (t.kind == "explanation" and LOOK_ALIKES.search(t.text))]


def found(pattern: re.Pattern, texts: list[Text]) -> list[str]:
    return [f"{t.kind}: {t.text}" for t in texts if pattern.search(t.text)]


# --- loss --------------------------------------------------------------------------------------------
# Data, never an ACK or a SYN, and no denial: "no data is lost", "a TLS alert, no data, was discarded".
DATA = r"(?:bytes?|they|those|that|data|it|request|response|transfer|answer|had still to send)"
GONE = r"(?:lost|gone with|cut off|thrown away|truncated|never read)"
CERTAIN = re.compile(
    rf"(?<!no )(?<!only )\b{DATA}(?:,? [\w ()]*)?? (?:is|are|was|were) {GONE}"
    r"|\bnot processed|\b(?:did not|never) g[eo]t (?:it|them|that|those)\b", re.I)
POSSIBLE = re.compile(r"\bmay (?:be|not have been|never have been|not have) (?:lost|unread|read|arrived|processed)"
                      r"|\bmay have been lost|\bperhaps lost|\bwhether data was lost", re.I)
# Enough where the connection has not ended: what has no ACK yet may still arrive.
PENDING = re.compile(r"\bno ACK yet|\bnot (?:yet )?acknowledged", re.I)
NOTHING = re.compile(r"\bno data (?:is|was) lost|\bnothing (?:is|was) lost|\bno loss\b|\bnothing was outstanding", re.I)
DENIED = re.compile(r"\bno data|\bnothing|\bonly a TLS alert|\bif\b|\bwhether\b|\bnor\b|\?$", re.I)


def loss_none_is_none(r: Report):
    if r["loss"] != "none":
        return None
    said = [t for t in claims(r) if t.kind in ("summary", "explanation", "evidence", "advice")]
    return [f"{t.kind}: {t.text}" for t in said
            if (CERTAIN.search(t.text) or POSSIBLE.search(t.text)) and not DENIED.search(t.text)]


def loss_is_told(r: Report):
    """In the summary, or in a finding: certain as certain, possible as possible."""
    if r["loss"] == "none":
        return None
    told = found(CERTAIN if r["loss"] == "certain" else POSSIBLE, claims(r))
    if r["verdict"] == "open":
        told += found(PENDING, claims(r))
    problems = [] if told else [f"loss is {r['loss']}, and no text says so: {r['summary']}"]
    return problems + found(NOTHING, claims(r))


def possible_is_not_certain(r: Report):
    if r["loss"] != "possible":
        return None
    return [f"{t.kind}: {t.text}" for t in claims(r) if CERTAIN.search(t.text) and not DENIED.search(t.text)]


LOST_BYTES = re.compile(rf"{NUMBER} bytes? from the (client|server)(?: were in flight; those bytes)?"
                        r" (?:is|are|may be) lost")
UNREAD_BYTES = re.compile(rf"{NUMBER} (?:acknowledged )?bytes? from the (client|server)"
                          r" (?:may be unread|had been acknowledged and may not have been read)")


def byte_counts_are_the_fields(r: Report):
    pairs = [(t, m, "unacked", m[2]) for t in claims(r) for m in LOST_BYTES.finditer(t.text)]
    # What one side had not read came from the other.
    pairs += [(t, m, "unread_max", "server" if m[2] == "client" else "client")
              for t in claims(r) for m in UNREAD_BYTES.finditer(t.text)]
    return [f"{side}.{field} is {r[f'{side}.{field}']}, {t.kind}: {t.text}" for t, m, field, side in pairs
            if number(m[1]) != r[f"{side}.{field}"]] if pairs else None


# --- a third party -----------------------------------------------------------------------------------
TAMPERING = re.compile(r"tamper|third party|\bforge[drs]*\b|\binjected|\bsomebody\b|\bnot sent by (?:client|server)"
                       r"|a device on the (?:way|path) (?:sent|rejected)", re.I)


def no_suspicion_no_tampering(r: Report):
    # An attempt that did not count is an indicator, too, and no reason to suspect the ending.
    if r["suspicion"] > 0 or r.get("indicator"):
        return None
    return found(TAMPERING, claims(r))


def suspicion_is_told(r: Report):
    return None if r["suspicion"] == 0 else ([] if found(TAMPERING, claims(r)) else [r["summary"]])


HOPS_OF_RST = re.compile(r"compare the (?:RST's hop limits?|hop limits?(?: \(TTL\))? of (?:frame (\d+)|the RST|both RSTs))", re.I)


def known_hop_limits_are_not_to_be_compared(r: Report):
    advised = [(t, m) for t in texts_of(r) if t.kind == "advice" for m in HOPS_OF_RST.finditer(t.text)]
    if not advised:
        return None
    known = {rst["frame"] for rst in r.get("rsts", []) if "ttl_delta" in rst}
    return [t.text for t, m in advised if int(m[1] or r.get("decisive_frame", 0)) in known]


# --- who ---------------------------------------------------------------------------------------------
ROLE = re.compile(r"\b(client|server)\b")
OTHER = {"client": "server", "server": "client"}
ANSWERED = re.compile(r"^\S*(?:client|server)(?: \(by port\))? \S+ answered ")


def summary_names_the_initiator(r: Report):
    """The first host that a summary names is the initiator, or the one who answered it."""
    roles = ROLE.findall(r["summary"])
    if r["initiator"] in ("none", "unknown"):
        return None
    if r["initiator"] == "network":
        acts = re.match(r"(?:client|server)\b(?!.* (?:was not responding|did not get through to|did not hear))", r["summary"])
        return [r["summary"]] if acts else []
    if r["initiator"] == "both":
        return [] if set(roles[:2]) == {"client", "server"} or "both" in r["summary"] else [r["summary"]]
    if not roles:
        return [r["summary"]]
    subject = OTHER[roles[0]] if ANSWERED.match(r["summary"]) else roles[0]
    return [] if subject == r["initiator"] else [f"initiator is {r['initiator']}: {r['summary']}"]


# --- what the applications see -----------------------------------------------------------------------
ERRNO = re.compile(r"ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EACCES|EOF|no error|reset by peer"
                   r"|end of the data \(EOF\)")
AS_FIELD = {"no error": "none", "reset by peer": "ECONNRESET", "end of the data (EOF)": "EOF"}
SPEAKER = re.compile(r"\b(client|server|both applications|both programs)\b", re.I)


def errnos_told(text: str) -> dict[str, set]:
    """Which errors a text gives to whom; "" is whoever was not named before the error."""
    told, speakers = {}, [""]
    for part in re.split(SPEAKER, text):
        if SPEAKER.fullmatch(part):
            speakers = ["client", "server"] if part.lower().startswith("both") else [part.lower()]
            continue
        for name in ERRNO.findall(part):
            for speaker in speakers:
                told.setdefault(speaker, set()).add(AS_FIELD.get(name, name))
    return told


def errnos_are_the_fields(r: Report):
    fields = {side: set(r[f"{side}.errno"].split(",")) for side in OTHER}
    fields[""] = fields["client"] | fields["server"]
    told = [(t, who, names) for t in claims(r) for who, names in errnos_told(t.text).items()]
    return [f"{who}.errno is {','.join(sorted(fields[who]))}; {t.kind}: {t.text}"
            for t, who, names in told if not names <= fields[who]] if told else None


def nobody_absent_sees_no_error(r: Report):
    """Before the handshake is complete the server has no application that could see anything."""
    if r["family"] != "setup":
        return None
    return [f"{t.kind}: {t.text}" for t in claims(r) if "none" in errnos_told(t.text).get("server", ())]


# --- half-close and idleness -------------------------------------------------------------------------
AFTER_FIN = re.compile(rf"sent (?:it )?{NUMBER} bytes? (?:more\b|after (?:that|its|the)\b)|{NUMBER} bytes? since then")


def half_close_bytes_are_the_field(r: Report):
    told = [(t, m) for t in claims(r) for m in AFTER_FIN.finditer(t.text)]
    return [f"half_close.bytes is {r.get('half_close.bytes')}; {t.kind}: {t.text}" for t, m in told
            if number(m[1] or m[2]) != r.get("half_close.bytes")] if told else None


IDLE = re.compile(rf"{DURATION} without data|nothing was sent for {DURATION}|idle (?:for|time of) {DURATION}"
                  rf"|(?:after|of) {DURATION} (?:idle|of silence)|only {DURATION} after the data before")


def idle_times_are_the_field(r: Report):
    told = [(t, next(g for g in m.groups() if g)) for t in claims(r) for m in IDLE.finditer(t.text)]
    idle = r.get("idle_before_end")
    return [f"idle_before_end is {idle}; {t.kind}: {t.text}" for t, time in told
            if idle is None or abs(seconds(time) - idle) > max(0.001, 0.05 * idle)] if told else None


# --- confidence and quality --------------------------------------------------------------------------
REASON = re.compile(r"the confidence is", re.I)


def confidence_has_its_reason(r: Report):
    # Until the reason is a field it ends the explanation.
    has_reason = bool(r.get("confidence_reason") or found(REASON, texts_of(r)))
    if (r["confidence"] == "high") == has_reason:
        return [f"confidence is {r['confidence']}, the reason {'given' if has_reason else 'missing'}: {r['summary']}"]
    doubts = [t for t in texts_of(r) if t.kind == "quality"]
    return [f"quality: {t.text}" for t in doubts] if r["confidence"] == "high" else []


QUALITY = {
    "midstream": re.compile(r"starts in the middle|began in the middle", re.I),
    "one-sided": re.compile(r"only one (?:side|direction)'?s?\b.* captured", re.I),
    "lossy": re.compile(r"the capture (?:lacks|misses|lost) packets", re.I),
    "short-tail": re.compile(r"capture ends too soon", re.I),
    "reordered": re.compile(r"captured out of order", re.I),
    "truncated": re.compile(r"packets were cut", re.I),
}


def quality_is_the_field(r: Report):
    told = [(tag, line) for tag, pattern in QUALITY.items() for line in found(pattern, claims(r))]
    qualities = r.get("quality", [])
    return [f"{tag} is no quality of it; {line}" for tag, line in told if tag not in qualities] if told else None


# --- hints, verdict and retry ------------------------------------------------------------------------
def hints_fit_the_verdict(r: Report):
    hints = [h.split(":")[0] for h in r.get("cause_hint", [])]
    if not hints:
        return None
    wrong = [f"{h} on {r['verdict']}" for h in ("linger0", "unread-data", "process-exit")
             if h in hints and r["family"] in ("timeout", "setup", "interference", "half-closed", "graceful")]
    if "keepalive-race" in hints and r["family"] != "reactive":
        wrong.append(f"keepalive-race on {r['verdict']}")
    return wrong


# Ways in which a program makes its system reset, of which the wire tells none from another. Only where the
# resetter was never sent anything has it nothing unread.
def causes_of_an_abort_stay_together(r: Report):
    hints = r.get("cause_hint", [])
    if "linger0" not in hints and "unread-data" not in hints:
        return None
    of_unread = ("unread-data" in hints, "process-exit" in hints)
    wrong = [] if of_unread in ((True, True), (False, False)) else ["one of unread-data and process-exit alone"]
    if "linger0" not in hints:
        wrong.append("unread-data without linger0")
    senders = [rst["from"] for rst in r.get("rsts", []) if rst["frame"] == r.get("decisive_frame")]
    sent = [r["server.bytes" if sender == "client" else "client.bytes"] for sender in senders]
    if any(of_unread) and sent == [0]:
        wrong.append("unread-data, and the resetter was sent nothing")
    if r["client.unread_max"] + r["server.unread_max"] > 0 and not any(of_unread):
        wrong.append("bytes that may be unread, and no hint at them")
    return wrong


# What one text denies, no other tells to look for: the denial, and what contradicts it.
DENIALS = (
    (re.compile(r"hardly (?:restarted|a restart)", re.I), re.compile(r"look for a restart|had restarted", re.I)),
    (re.compile(r"not repeated|not safe to (?:send|repeat)", re.I), re.compile(r"safe to (?:send|repeat)", re.I)),
)
RACE_DENIED = re.compile(r"hardly because the connection was idle|was no (?:keep-alive )?race|transfer was cut"
                         r"|had sent all of its answer", re.I)
RACE_CLAIMED = re.compile(r"\bis a keep-alive race", re.I)


def texts_do_not_deny_each_other(r: Report):
    texts, problems = claims(r), []
    for denial, claim in DENIALS:
        if found(denial, texts):
            problems += [line for line in found(claim, texts) if not denial.search(line)]
    return problems


def race_is_the_verdict(r: Report):
    if r["verdict"] == "keepalive-race":
        return found(RACE_DENIED, claims(r))
    return found(RACE_CLAIMED, claims(r)) or None


SAFE = re.compile(r"\bsafe to (?:send|repeat)|repeats nothing", re.I)
UNSAFE = re.compile(r"\bnot safe to (?:send|repeat)|only if that is safe|may have been processed"
                    r"|cannot know whether its data was processed", re.I)


def retry_is_the_field(r: Report):
    if "retry" not in r.fields:  # where nothing was asked, and before there was such a field
        return None
    safe = [line for line in found(SAFE, claims(r)) if not UNSAFE.search(line)]
    return (safe if r["retry"] != "safe" else []) + (found(UNSAFE, claims(r)) if r["retry"] == "safe" else [])


def decisive_frame_is_named(r: Report):
    frame = r.get("decisive_frame")
    if not frame:
        return None
    alone = re.compile(rf"(?<![\d.:]){frame}(?![.:]?\d)")  # no part of an address
    told = [t for t in texts_of(r) if frame in t.frames or alone.search(t.text)]
    return [] if told else [f"frame {frame} stands in no text: {r['summary']}"]


RULES = (
    loss_none_is_none, loss_is_told, possible_is_not_certain, byte_counts_are_the_fields, no_suspicion_no_tampering,
    suspicion_is_told, known_hop_limits_are_not_to_be_compared, summary_names_the_initiator, errnos_are_the_fields,
    nobody_absent_sees_no_error, half_close_bytes_are_the_field, idle_times_are_the_field, confidence_has_its_reason,
    quality_is_the_field, hints_fit_the_verdict, causes_of_an_abort_stay_together, texts_do_not_deny_each_other,
    race_is_the_verdict, retry_is_the_field, decisive_frame_is_named,
)
