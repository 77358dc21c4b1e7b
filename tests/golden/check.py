"""Runs one case and compares it with what the real program did."""

import difflib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

from servers import ETCD, Members

ALWAYS = ("logts", "addr", "traceback")
VARIABLE = {
    "logts": (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - ", "<LOGTS> - "),
    "ts6": (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{5}(?!\d)", "<TS>"),  # five digits of the second
    "ts0": (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?![.,\d+])", "<TS>"),
    "next_hour": (r"\(e\.g\. \d{4}-\d\d-\d\dT\d\d:\d\d", "(e.g. <NEXT_HOUR>"),
    "addr": (r"(object|memory) at 0x[0-9a-f]+", r"\1 at 0x<ADDR>"),
    "traceback": (r"Traceback \(most recent call last\):\n(?:(?:[ \t][^\n]*)?\n)*", "<TRACEBACK>\n"),
    "names": (r"(reinitialize \[)([^\]]*)\]", lambda found: found.group(1) + ", ".join(sorted(found.group(2).split(", "))) + "]"),
}


def normalised(data, kinds, folder):
    text = data.decode("utf-8", "replace").replace(folder, "<WD>")
    for kind in (*ALWAYS, *kinds):
        text = re.sub(*VARIABLE[kind], text)
    return text


def as_json(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


class Run:
    """What the program printed, sent and left behind."""

    def __init__(self, case, programs, etcd):
        etcd.reset(case.keys)
        self.folder = tempfile.mkdtemp(prefix="golden-")
        members = Members(case.json("rest.json", {}), etcd)
        try:
            self._write_files(case)
            out, err = self._execute(case, programs)
            time.sleep(0.01)
            kinds = case.meta.get("norm") or ()
            self.stdout, self.stderr = (normalised(data, kinds, self.folder) for data in (out, err))
            self.requests, self.keys = members.requests, etcd.read()
        finally:
            members.stop()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _write_files(self, case):
        for name, text in {**case.files, "cfg.yml": case.config}.items():
            path = pathlib.Path(self.folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            if text.startswith("#!"):
                path.chmod(0o755)

    def _execute(self, case, programs):
        environment = {
            "PATH": f"{programs}:/usr/bin:/bin", "HOME": self.folder, "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "TZ": "UTC", "COLUMNS": "80",
            "PYTHONHASHSEED": "0", "CFG": f"{self.folder}/cfg.yml", "WD": self.folder, "ETCD": ETCD.partition("//")[2], "GOLDEN_ETCD": ETCD,
            **(case.meta.get("env") or {})}
        command = ("exec " if case.meta.get("exec", True) else "") + case.command
        child = subprocess.Popen(["/bin/sh", "-c", command], cwd=self.folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, start_new_session=True)
        try:
            output = child.communicate((case.parts.get("stdin") or "").encode(), timeout=case.meta.get("timeout") or 90)
            self.exit = str(child.returncode)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            output = child.communicate()
            self.exit = "timeout"
        return output


def request_facts(requests, any_count):
    facts = [[one["port"], one["method"], one["path"], as_json(one["body"]), one["headers"].get("authorization")] for one in requests]
    return sorted({json.dumps(fact) for fact in facts}) if any_count else facts


def same_stdout(case, text):
    wanted, how = case.parts["stdout"], case.meta.get("stdout", "exact")
    if how == "prefix":
        return text.startswith(wanted)
    if how == "lines":
        return sorted(text.split("\n")) == sorted(wanted.split("\n"))
    return text == wanted


def differences(case, run):
    """Lines of text; empty when everything is as it was with the real program."""
    pairs = []
    if not same_stdout(case, run.stdout):
        pairs.append(("stdout", case.parts["stdout"], run.stdout))
    if case.meta.get("stderr", "exact") == "exact" and run.stderr != case.parts["stderr"]:
        pairs.append(("stderr", case.parts["stderr"], run.stderr))
    if run.exit != case.parts["exit"].strip():
        pairs.append(("exit", case.parts["exit"], run.exit + "\n"))
    any_count = case.meta.get("requests") == "any-count"
    requests = [request_facts(one, any_count) for one in (case.requests, run.requests)]
    if requests[0] != requests[1]:
        pairs.append(("requests", *(json.dumps(one, indent=1) for one in requests)))
    keys = [{key: as_json(value) for key, value in one.items()} for one in (case.keys_after, run.keys)]
    if keys[0] != keys[1]:
        pairs.append(("keys", *(json.dumps(one, indent=1, sort_keys=True, ensure_ascii=False) for one in keys)))
    lines = []
    for what, wanted, got in pairs:
        lines.append(f"  -- {what}")
        lines += ["     " + line for line in difflib.unified_diff(wanted.splitlines(), got.splitlines(), "real", "this", lineterm="")]
    if pairs and run.stderr and case.meta.get("stderr", "exact") != "exact":
        lines += ["  -- stderr (not compared)"] + ["     " + line for line in run.stderr.splitlines()]
    return lines
