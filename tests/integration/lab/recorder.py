"""Writes down what passes between a client and the REST API of a member, one JSON document per exchange."""

import datetime
import json
import socket
import time

from . import raw_http
from .listening import Listening


class Recorder(Listening):
    """Listens in front of `member` (plain http); each exchange is a line of `file`, with the notes of that moment."""

    def __init__(self, member, file, **notes):
        self.member = member
        self.file = file
        self.notes = notes
        super().__init__()
        self.url = f"http://{self.address}"

    def accepted(self, client):
        with client:
            self._exchange(client)

    def _exchange(self, client):
        begin = time.monotonic()
        client.settimeout(10)
        request = raw_http.read_message(client)
        answer, error = b"", None
        try:
            with socket.create_connection(("127.0.0.1", self.member.rest_port), timeout=5) as server:
                server.settimeout(180)
                server.sendall(request)
                while chunk := server.recv(65536):
                    answer += chunk
                    client.sendall(chunk)
        except OSError as failure:
            error = str(failure)
        if request:
            self._note(request, answer, error, begin)

    def _note(self, request, answer, error, begin):
        head, body = _split(request)
        method, path = head[0].split(" ")[:2]
        line = {
            "request": {"method": method, "path": path, "headers": _headers(head), "body": body or None},
            "response": _response(answer, error),
            "elapsed_ms": round((time.monotonic() - begin) * 1000, 1),
            "node": self.member.name,
            **self.notes,
            "recorded_at": datetime.datetime.now(datetime.timezone.utc).isoformat(),
        }
        line["name"] = f"{self.notes['stage']}--{self.notes['role']}--{method}-{path.strip('/').replace('/', '_') or 'root'}"
        if self.notes.get("label"):
            line["name"] += f"--{self.notes['label']}"
        with open(self.file, "a", encoding="utf-8") as out:
            out.write(json.dumps(line) + "\n")


def _split(text):
    head, _, body = text.partition(b"\r\n\r\n")
    return head.decode("latin-1").split("\r\n"), body.decode("utf-8", "replace")


def _headers(head):
    return [[part.strip() for part in line.split(":", 1)] for line in head[1:] if ":" in line]


def _response(answer, error):
    if not answer:
        return {"status": None, "reason": None, "http_version": None, "headers": [], "body": "", "error": error or "empty reply"}
    head, body = _split(answer)
    version, status, *reason = head[0].split(" ", 2)
    return {"status": int(status), "reason": reason[0] if reason else "", "http_version": version.removeprefix("HTTP/"),
            "headers": _headers(head), "body": body}
