"""The seam of a virus scanner: a clamd, when its address is set (`CLAMD_URL`). Without one nothing is scanned."""

import socket
import struct
import time
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from documents.reasons import Reason, Unavailable, Unusable

SECONDS = 30
"""For the whole conversation. clamd itself gives up long before on a file of 10 MB."""
_CHUNK = 64 * 1024


class ScannerDown(Unavailable):
    """The scanner did not answer, or not in its own words: the file waits."""


def is_configured() -> bool:
    """Whether files are scanned here at all."""
    return bool(settings.CLAMD_URL)


def scan(path: Path) -> None:
    """Have clamd read this file; nothing happens without one. Raises Unusable(INFECTED), or ScannerDown."""
    if not is_configured():
        return
    answer = _ask(path)
    if answer == "stream: OK":
        return
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        raise Unusable(Reason.INFECTED, answer.removeprefix("stream: ").removesuffix(" FOUND"))
    raise ScannerDown(answer or "no answer")


def _ask(path: Path) -> str:
    """clamd's INSTREAM: pieces, each behind its length, then a length of zero; one line in return."""
    deadline = time.monotonic() + SECONDS
    try:
        with _connected() as connection, path.open("rb") as file:
            try:
                connection.sendall(b"zINSTREAM\0")
                while piece := file.read(_CHUNK):
                    connection.settimeout(_left(deadline))
                    connection.sendall(struct.pack("!L", len(piece)) + piece)
                connection.sendall(struct.pack("!L", 0))
            except (BrokenPipeError, ConnectionResetError):
                pass  # it has heard enough, and may have said why
            return _line(connection, deadline)
    except (OSError, ValueError) as error:
        raise ScannerDown(str(error)) from error


def _connected() -> socket.socket:
    address = urlsplit(settings.CLAMD_URL)
    if address.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(SECONDS)
            connection.connect(address.path)
        except BaseException:
            connection.close()
            raise
        return connection
    if address.scheme == "tcp":
        return socket.create_connection((address.hostname, address.port or 3310), timeout=SECONDS)
    raise ValueError(f"CLAMD_URL must begin with tcp:// or unix://, not {address.scheme!r}")


def _line(connection: socket.socket, deadline: float) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < 4096:
        connection.settimeout(_left(deadline))
        piece = connection.recv(4096)
        if not piece:
            break
        received += piece
    return received.rstrip(b"\0\n").decode("utf-8", "replace")


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    return left
