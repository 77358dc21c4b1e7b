"""Waiting with a limit."""

import time


class TimedOut(Exception):
    pass


def wait_until(what, condition, limit=60.0, every=0.1):
    """Calls condition until it returns something true, and returns that; its OSErrors count as 'not yet'."""
    begin = time.monotonic()
    last = None
    while time.monotonic() - begin < limit:
        try:
            last = condition()
            if last:
                return last
        except OSError as error:
            last = error
        time.sleep(every)
    raise TimedOut(f"not within {limit:g} s: {what} (last: {last!r})")
