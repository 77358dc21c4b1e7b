"""Relays before a store that lose what belongs to its first write: the answer, or the request itself."""

import socket
import struct
import threading
import time

from . import raw_http
from .listening import Listening

SET_DATA = 5  # ZooKeeper's number of it


class Relay(Listening):
    """For stores that speak HTTP. `lose`: "answer" or "request"; `hold`: the first write waits so many seconds, and nothing is lost."""

    def __init__(self, port, lose=None, hold=0.0):
        self.port, self.lose, self.hold, self.lost = port, lose, hold, 0
        super().__init__()

    def accepted(self, client):
        threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client):
        with client, socket.create_connection(("127.0.0.1", self.port)) as server:
            while request := raw_http.read_message(client):
                mine = not self.lost and _is_write(request)
                self.lost += mine
                if mine and self.lose == "request":
                    return
                time.sleep(self.hold if mine else 0)
                server.sendall(request)
                answer = raw_http.read_message(server)
                if mine and self.lose == "answer":
                    return
                client.sendall(answer)


class ZookeeperRelay(Relay):
    """The same for a session with ZooKeeper; writes are its setData."""

    def _carry(self, client):
        mute = threading.Event()
        with client, socket.create_connection(("127.0.0.1", self.port)) as server:
            threading.Thread(target=_pass_back, args=(client, server, mute), daemon=True).start()
            while frame := _frame(client):
                is_write = len(frame) > 12 and struct.unpack(">i", frame[8:12])[0] == SET_DATA
                if is_write and not self.lost:
                    self.lost += 1
                    if self.lose == "answer":
                        mute.set()
                        server.sendall(frame)
                        time.sleep(0.2)  # It is carried out.
                    client.shutdown(socket.SHUT_RDWR)
                    return
                server.sendall(frame)


def _is_write(request):
    return request.startswith((b"PUT", b"DELETE")) or any(
        request.startswith(b"POST /v3/kv/" + name) for name in (b"txn", b"put", b"deleterange"))


def _pass_back(client, server, mute):
    try:
        while data := server.recv(65536):
            if not mute.is_set():
                client.sendall(data)
    except OSError:
        pass


def _frame(link):
    head = b""
    while len(head) < 4:
        more = link.recv(4 - len(head))
        if not more:
            return None
        head += more
    body = b""
    while len(body) < struct.unpack(">i", head)[0]:
        more = link.recv(65536)
        if not more:
            return None
        body += more
    return head + body
