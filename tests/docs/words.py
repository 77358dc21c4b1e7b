"""What the checks of this folder share: enumerators of a header, tables of a document, the program under test."""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIP = 77  # CTest's SKIP_RETURN_CODE


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def enumerators(header, name):
    """The words of `enum class NAME` in a header below include/patroni/."""
    text = re.sub(r"//[^\n]*", "", read(f"include/patroni/{header}"))
    body = re.search(rf"enum class {name}\s*\{{(.*?)\}}", text, re.DOTALL)
    if not body:
        sys.exit(f"no enum class {name} in {header}")
    return [part.split("=")[0].strip() for part in body[1].split(",") if part.strip()]


def section(document, title):
    """The text below a heading, up to the next heading of the same or a higher level."""
    match = re.search(rf"^(#+) {re.escape(title)}\s*$", document, re.MULTILINE)
    if not match:
        sys.exit(f"no section '{title}'")
    rest = document[match.end():]
    end = re.search(rf"^#{{1,{len(match[1])}}} ", rest, re.MULTILINE)
    return rest[:end.start()] if end else rest


def rows(text):
    """The cells of every table row whose first cell is a word in backticks: {word: the other cells}."""
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        word = re.fullmatch(r"`([a-z0-9_-]+(?: [a-z]+)?)`", cells[0])
        if line.startswith("|") and word:
            if word[1] in found:
                sys.exit(f"`{word[1]}` has two rows")
            found[word[1]] = cells[1:]
    return found


class Report:
    """Collects what is wrong; `end` prints it and exits."""

    def __init__(self, name):
        self.name = name
        self.wrong = []

    def same(self, what, code, document):
        """Both hold the same words."""
        for word in sorted(set(code) - set(document)):
            self.wrong.append(f"{what} `{word}` is in the code, but not documented")
        for word in sorted(set(document) - set(code)):
            self.wrong.append(f"{what} `{word}` is documented, but not in the code")

    def filled(self, what, table):
        """No row of a table has an empty cell."""
        for word, cells in table.items():
            if not cells or not all(cells):
                self.wrong.append(f"{what} `{word}` has an empty cell")

    def end(self):
        for line in self.wrong:
            print(f"{self.name}: {line}")
        print(f"{self.name}: {'FAILED' if self.wrong else 'ok'}")
        sys.exit(1 if self.wrong else 0)


def patctl(*arguments):
    """Runs the program of the environment variable PATCTL, away from anybody's configuration; skips without it."""
    program = os.environ.get("PATCTL")
    if not program:
        print("skipped: the environment variable PATCTL names no program")
        sys.exit(SKIP)
    clean = {"PATH": os.environ.get("PATH", ""), "HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent"}
    clean |= {name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS") if name in os.environ}
    return subprocess.run([program, *arguments], env=clean, capture_output=True, text=True, timeout=30, check=False)
