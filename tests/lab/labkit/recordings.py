# SPDX-License-Identifier: GPL-2.0-or-later
"""Where recordings lie: FOLDER/FAMILY/NAME[.VANTAGE].{pcap,json}, a family being the file of `scenarios/` that
makes them. NAME[.VANTAGE] is the stem; no two recordings share one, so a stem alone tells a recording."""
import json
import pathlib

from . import capture


class Recording:
    def __init__(self, folder, family, stem):
        self.family, self.stem = family, stem
        self.pcap = str(pathlib.Path(folder, family, stem + ".pcap"))
        self.json = str(pathlib.Path(folder, family, stem + ".json"))

    def frames(self):
        return capture.read_pcap(self.pcap)

    def truth(self):
        return json.loads(pathlib.Path(self.json).read_text(encoding="utf-8"))

    def save(self, frames, truth):
        pathlib.Path(self.pcap).parent.mkdir(parents=True, exist_ok=True)
        capture.write_pcap(self.pcap, frames)
        pathlib.Path(self.json).write_text(_json(truth), encoding="utf-8")


def stem(scenario, vantage):
    return scenario.name if len(scenario.vantages) == 1 else "%s.%s" % (scenario.name, vantage)


def found(folder):
    """All recordings of a folder, in the order of their stems."""
    paths = sorted(pathlib.Path(folder).glob("*/*.json"), key=lambda path: path.stem)
    return [Recording(folder, path.parent.name, path.stem) for path in paths]


def _json(record):
    """One key a line, so that a changed truth shows as a changed line."""
    def lines(table, indent):
        return ",\n".join("%s%s: %s" % (indent, json.dumps(k), json.dumps(v)) for k, v in table.items())
    connections = ",\n".join("  {\n%s\n  }" % lines(c, "   ") for c in record["connections"])
    head = {key: value for key, value in record.items() if key != "connections"}
    return "{\n%s,\n \"connections\": [\n%s\n ]\n}\n" % (lines(head, " "), connections)
