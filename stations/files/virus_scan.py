"""Ask a ClamAV daemon about a file, where the office has one (`LEGALAID_CLAMAV`). Off by default."""

import logging
import socket
import struct

from django.conf import settings

log = logging.getLogger(__name__)

PATIENCE = 10  # seconds
CHUNK = 2**16


class ScanFailed(Exception):
    """The daemon cannot be asked, or its answer cannot be understood."""


def is_clean(content):
    """Whether the daemon finds nothing in a file; True where there is no daemon to ask.

    Raises ScanFailed when there should be one and it does not answer: then nothing is taken.
    """
    if not settings.CLAMAV:
        return True
    try:
        answer = _ask(content)
    except (OSError, ValueError) as error:
        # Said in words: how a socket fails may name what it was about to send.
        log.warning("ClamAV does not answer: %s", type(error).__name__)
        raise ScanFailed from error
    if answer.endswith("FOUND"):
        return False
    if not answer.endswith("OK"):
        log.warning("ClamAV did not look at the file.")
        raise ScanFailed
    return True


def _ask(content):
    """Send a file by the INSTREAM command; return the daemon's line."""
    with _connect(settings.CLAMAV) as daemon:
        daemon.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            part = content[start : start + CHUNK]
            daemon.sendall(struct.pack("!I", len(part)) + part)
        daemon.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < CHUNK:
            more = daemon.recv(1024)
            if not more:
                break
            answer += more
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _connect(where):
    host, colon, port = where.rpartition(":")
    if colon and port.isdecimal():
        return socket.create_connection((host, int(port)), timeout=PATIENCE)
    daemon = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    daemon.settimeout(PATIENCE)
    try:
        daemon.connect(where)
    except OSError:
        daemon.close()
        raise
    return daemon
