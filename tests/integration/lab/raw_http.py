"""HTTP/1.1 as it is on the wire: header lines in their order, chunks, trailers, streams."""

import json
import socket


class Answer:
    """One answer: status line, headers as (name, value) in order, body without its chunks, trailers."""

    def __init__(self, head, body, trailers):
        lines = head.split("\r\n")
        self.status_line = lines[0]
        self.headers = [tuple(line.split(": ", 1)) for line in lines[1:]]
        self.body = body
        self.trailers = trailers

    def document(self):
        try:
            return json.loads(self.body)
        except ValueError:
            return self.body


def request_text(method, target, headers, body):
    lines = [f"{method} {target} HTTP/1.1", "Host: etcd"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body is not None:
        lines.append(f"Content-Length: {len(body.encode())}")
    return ("\r\n".join(lines) + "\r\n\r\n" + (body or "")).encode()


def read_message(connection):
    """The bytes of one request or answer with Content-Length, or as much of it as came before the end."""
    text = b""
    while b"\r\n\r\n" not in text:
        chunk = connection.recv(65536)
        if not chunk:
            return text
        text += chunk
    head, _, body = text.partition(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        chunk = connection.recv(65536)
        if not chunk:
            break
        text += chunk
        body += chunk
    return text


def _unchunked(data):
    """(body, trailer lines) of complete chunks; trailers None: more chunks may follow."""
    body, at = b"", 0
    while True:
        end = data.find(b"\r\n", at)
        if end < 0:
            return body, None
        size = int(data[at:end], 16)
        if size == 0:
            return body, [line for line in data[end + 2:].decode().split("\r\n") if line]
        if len(data) < end + 2 + size + 2:
            return body, None
        body += data[end + 2:end + 2 + size]
        at = end + 2 + size + 2


def ask(address, method, target, headers=None, body=None, timeout=10):
    """One request on a connection of its own, which ends with the answer."""
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout) as connection:
        connection.sendall(request_text(method, target, {"Connection": "close", **(headers or {})}, body))
        data = b""
        while piece := connection.recv(65536):
            data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    answer = Answer(head.decode(), "", [])
    if ("Transfer-Encoding", "chunked") in answer.headers:
        rest, answer.trailers = _unchunked(rest)
    answer.body = rest.decode(errors="replace")
    return answer


class Stream:
    """A request whose answer goes on; `read` collects what came until it is quiet."""

    def __init__(self, address, method, target, headers=None, body=None):
        host, port = address.rsplit(":", 1)
        self._connection = socket.create_connection((host, int(port)), 10)
        self._connection.sendall(request_text(method, target, headers or {}, body))
        self._data = b""
        self.closed = False

    def read(self, quiet=0.4, at_least=0, limit=5.0):
        """Reads until nothing has come for `quiet` seconds, and (for `limit` seconds) `at_least` lines have."""
        waited = 0.0
        self._connection.settimeout(quiet)
        while not self.closed:
            try:
                piece = self._connection.recv(65536)
                self._data += piece
                self.closed = not piece
            except socket.timeout:
                waited += quiet
                if len(self.lines()) >= at_least or waited >= limit:
                    break
            except ConnectionResetError:
                self.closed = True
        return self

    def _parts(self):
        head, found, rest = self._data.partition(b"\r\n\r\n")
        return (head.decode() if found else None), rest

    @property
    def answer(self):
        """The head, or None while nothing has come."""
        head, _ = self._parts()
        return head and Answer(head, "", [])

    def lines(self):
        """The lines of the body."""
        head, rest = self._parts()
        if head is None:
            return []
        if ("Transfer-Encoding", "chunked") in Answer(head, "", []).headers:
            rest = _unchunked(rest)[0]
        return [line for line in rest.decode(errors="replace").split("\n") if line]

    def ended(self):
        """Whether the answer is complete."""
        head, rest = self._parts()
        if head is None:
            return False
        answer = Answer(head, "", [])
        if ("Transfer-Encoding", "chunked") in answer.headers:
            return _unchunked(rest)[1] is not None
        length = dict(answer.headers).get("Content-Length")
        return length is not None and len(rest) >= int(length)

    def close(self):
        self._connection.close()
