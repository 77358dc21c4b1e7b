"""A TCP relay before a store that cuts its connections at random, lets nobody through, or is slow."""

import random
import select
import socket
import threading
import time

from .listening import Listening


class CuttingProxy(Listening):
    """`life`: (shortest, longest) seconds that a connection lives; None: as long as it likes. `most_bytes`: of its answers. `delay`: seconds that each
    piece of an answer waits."""

    def __init__(self, port, life=None, most_bytes=None, seed=1, delay=0.0):
        self.port, self.life, self.most_bytes, self.delay = port, life, most_bytes, delay
        self.cuts = 0
        self.asked = 0  # connections that were tried
        self.closed = False
        self._random = random.Random(seed)
        self._open = set()
        self._lock = threading.Lock()
        super().__init__()

    def __exit__(self, *_):
        super().__exit__()
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

    def accepted(self, client):
        self.asked += 1
        if self.closed:
            _reset(client)
            client.close()
            return
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
                    time.sleep(self.delay if source is server else 0)
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
