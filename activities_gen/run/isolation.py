"""Runs a command without a network: it reaches nothing but itself, and nobody else reaches it.

    python isolation.py COMMAND [ARGUMENT …]

The command gets a network namespace of its own, in which there is nothing but a loopback interface. Linux lets everybody make
one inside of a user namespace, unless the system's administrator has forbidden it; the command then still is its user, for files as
for signals. It imports the standard library alone.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path

NEW_USER, NEW_NET = 0x10000000, 0x40000000
"""Flags of `unshare`: a user namespace, a network namespace."""

SET_FLAGS, UP_AND_RUNNING = 0x8914, 0x1 | 0x40
"""The request that sets an interface's flags, and the flags of one that works."""


def main(argv: list[str]) -> None:
    """Become the command; say in one line why it cannot be without a network."""
    try:
        isolate()
    except (OSError, AttributeError) as error:
        # AttributeError: another system than Linux has no `unshare`.
        sys.exit(f"this system does not allow it ({getattr(error, 'strerror', None) or 'it is no Linux'})")
    try:
        os.execvp(argv[0], argv)  # noqa: S606 - becoming the user's command is what this is for
    except OSError as error:
        sys.exit(f"{argv[0]} cannot be started: {error.strerror}")


def isolate() -> None:
    """Leave the network of this machine.

    Raises:
        OSError: The system does not allow it.
        AttributeError: The system has no namespaces.
    """
    user, group = os.geteuid(), os.getegid()
    # Whoever may do so without becoming another keeps his rights over other users' files.
    if not _unshare(NEW_NET):
        if not _unshare(NEW_USER | NEW_NET):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        with suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny", "ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", UP_AND_RUNNING))


def _unshare(flags: int) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    done: int = libc.unshare(flags)
    return done == 0


if __name__ == "__main__":
    main(sys.argv[1:])
