"""Ports of this machine: one that nobody uses at the moment, and those on which a program takes connections."""

from __future__ import annotations

import ipaddress
import socket
import sys
from contextlib import suppress
from pathlib import Path

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LISTENS = "0A"
"""As Linux writes the state of a socket that takes connections."""


def free_port() -> int:
    """A free port on loopback; the caller should take it soon."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listening(process: int) -> set[tuple[Address, int]]:
    """Address and port of every TCP socket on which a process, or one that it has started, takes connections, as the kernel
    has them (Linux)."""
    own = set()
    for pid in _family(process):
        with suppress(FileNotFoundError):  # it ended meanwhile
            own |= _links(Path(f"/proc/{pid}/fd"))
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text("ascii").splitlines()[1:]:
            words = line.split()
            if words[3] == LISTENS and f"socket:[{words[9]}]" in own:
                host, _, port = words[1].partition(":")
                found.add((_address(host), int(port, 16)))
    return found


def _family(process: int) -> set[int]:
    """A process and all that descend from it."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(place.parent.name)] = int(place.read_text("utf-8").rpartition(")")[2].split()[1])
        except OSError:  # it has just ended
            continue
    family = {process}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def _links(folder: Path) -> set[str]:
    found = set()
    for place in folder.iterdir():
        with suppress(OSError):  # it was closed meanwhile
            found.add(str(place.readlink()))
    return found


def _address(words: str) -> Address:
    """Of an address in hexadecimal words of 32 bits, each as this machine keeps it."""
    step = -1 if sys.byteorder == "little" else 1
    data = bytes.fromhex(words)
    return ipaddress.ip_address(b"".join(data[n : n + 4][::step] for n in range(0, len(data), 4)))
