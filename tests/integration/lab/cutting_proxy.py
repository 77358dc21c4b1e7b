"""A TCP relay before a store that cuts its connections at random, or lets nobody through."""

import random
import select
import socket
import threading
import time


class CuttingProxy:
    """`life`: (shortest, longest) seconds that a connection lives; None: as long as it likes. `most_bytes`: of its answers."""

    def __init__(self, port, life=None, most_bytes=None, seed=1):
        self.port, self.life, self.most_bytes = port, life, most_bytes
        self.cuts = 0
        self.closed = False
        self._random = random.Random(seed)
        self._open = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()
        self.cut_all()

    def cut_all(self):
        """Ends every connection now, with a reset."""
        with self._lock:
            for one in self._open:
                _reset(one)

    def shut(self):
        """From now on nobody gets through, and who was through is cut."""
        self.closed = True
        self.cut_all()

    def let(self):
        self.closed = False

    def _serve(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.closed:
                _reset(client)
                client.close()
                continue
            end = time.monotonic() + self._random.uniform(*self.life) if self.life else None
            threading.Thread(target=self._carry, args=(client, end, self._random.random() < 0.5), daemon=True).start()

    def _carry(self, client, end, hard):
        try:
            server = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        except OSError:
            client.close()
            return
        with self._lock:
            self._open.add(client)
        carried = 0
        try:
            while (end is None or time.monotonic() < end) and (self.most_bytes is None or carried < self.most_bytes):
                ready, _, _ = select.select([client, server], [], [], 0.05 if end is None else max(0.001, end - time.monotonic()))
                for source in ready:
                    data = source.recv(65536)
                    if not data:
                        return
                    carried += len(data) if source is server else 0
                    (server if source is client else client).sendall(data)
            # In the middle of what is under way, or behind it.
            self.cuts += 1
            if hard:
                _reset(client)
        except OSError:
            pass
        finally:
            with self._lock:
                self._open.discard(client)
            client.close()
            server.close()


def _reset(one):
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
