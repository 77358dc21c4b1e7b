"""Free TCP ports of the loopback address."""

import random
import socket

_given = set()


def free_port():
    """A port that nobody listens on, below the range that the kernel takes for outgoing connections."""
    for _ in range(1000):
        port = random.randrange(15000, 32000)
        if port in _given:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise RuntimeError("no free port on 127.0.0.1 between 15000 and 32000")
