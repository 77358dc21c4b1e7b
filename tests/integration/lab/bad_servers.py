"""Servers that are no Patroni: one that says nothing, one that says something else."""

import socket

from .listening import Listening


class BadServer(Listening):
    """Sends `answer` to whoever connects; None: accepts and stays silent. A context."""

    def __init__(self, answer=None):
        self.answer = answer
        self._connections = []
        super().__init__()

    def stop(self):
        super().stop()
        for connection in self._connections:
            connection.close()

    def accepted(self, client):
        self._connections.append(client)
        if self.answer is not None:
            try:
                client.recv(65536)
                client.sendall(self.answer)
                client.shutdown(socket.SHUT_WR)
            except OSError:
                pass
