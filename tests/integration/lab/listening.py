"""A port on loopback that hands over whoever connects."""

import socket
import threading


class Listening:
    """A context, or until stop(); `accepted` of the class takes each connection, from one thread, which runs when this is made."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        try:
            self._listener.shutdown(socket.SHUT_RDWR)  # Closing alone does not wake the thread.
        except OSError:
            pass
        self._listener.close()
        self._thread.join(timeout=5)

    def _serve(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.accepted(client)
