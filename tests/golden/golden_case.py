"""One recorded run of the real patronictl: a file of parts. README.md says what they mean."""

import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = HERE / "patronictl"
MARK = "%% "
NO_END = " (without a line end)"
DEFAULT_CONFIG = "etcd3:\n  host: 127.0.0.1:22379\n"


def parts_of(text):
    """{"cmd": ..., "files/r.yml": ...}"""
    parts, name, lines, complete = {}, None, [], True
    for line in text.split("\n")[:-1] + [MARK]:
        if line.startswith(MARK):
            if name is not None:
                parts[name] = "\n".join(lines) + ("\n" if complete and lines else "")
            name, lines = line[len(MARK):], []
            complete = not name.endswith(NO_END)
            name = name.removesuffix(NO_END)
        else:
            lines.append(line)
    return parts


def text_of(parts):
    out = []
    for name, text in parts.items():
        ends = text == "" or text.endswith("\n")
        out.append(MARK + name + ("" if ends else NO_END) + "\n" + text + ("" if ends else "\n"))
    return "".join(out)


class Case:
    def __init__(self, path):
        self.name = path.stem
        self.parts = parts_of(path.read_bytes().decode("utf-8"))
        self.meta = self.json("meta.json", {})
        self.command = self.parts["cmd"].strip("\n")
        self.keys = self.json("dcs.json", {})
        self.files = {name.partition("/")[2]: text for name, text in self.parts.items() if name.startswith("files/")}
        self.config = self.parts.get("config.yml") or DEFAULT_CONFIG
        self.keys_after = self.json("dcs_after.json", self.keys)
        self.requests = self.json("requests.json", [])

    def json(self, name, default):
        return json.loads(self.parts[name]) if self.parts.get(name) else default

    @property
    def needs_postgres(self):
        return "postgres" in self.meta.get("requires", ())


def all_cases():
    return [Case(path) for path in sorted(FOLDER.glob("*.case"))]
