"""Somebody who writes all the time, while servers are killed."""

import threading
import time


class Writer:
    """Calls `put` with "1", "2", ... without an end, and knows what was acknowledged; `failures` are its exceptions. A context."""

    def __init__(self, put, failures=OSError):
        self.put, self.failures = put, failures
        self.written = []
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join(60)

    def _run(self):
        count = 0
        while not self._end.is_set():
            count += 1
            try:
                self.put(str(count))
                self.written.append(count)
            except self.failures:
                time.sleep(0.1)  # Nobody knows whether it was written: the number may be told.
            time.sleep(0.01)
