"""Servers that are no Patroni: one that says nothing, one that says something else."""

import socket
import threading


class BadServer:
    """Sends `answer` to whoever connects; None: accepts and stays silent. A context."""

    def __init__(self, answer=None):
        self.answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:{}".format(self._socket.getsockname()[1])
        self._connections = []

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._connections:
            connection.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._connections.append(connection)
            if self.answer is not None:
                try:
                    connection.recv(65536)
                    connection.sendall(self.answer)
                    connection.shutdown(socket.SHUT_WR)
                except OSError:
                    pass
