"""A port of this machine that nobody uses at the moment."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A free port on loopback; the caller should take it soon."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
