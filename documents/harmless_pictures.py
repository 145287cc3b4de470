"""A second look at a picture that was made, by code that shares nothing with what made it: each part, in order.

Runs inside the sandbox.
"""

import struct

from documents.kinds import JPEG
from documents.verdicts import Code, Refused


def check(content_type: str, result: bytes) -> None:
    """Raise Refused(STILL_ACTIVE) when anything is in this file that should not be."""
    check_jpeg(result) if content_type == JPEG else check_png(result)


def _refuse(what: str):
    raise Refused(Code.STILL_ACTIVE, what)


# JFIF's header, tables, frames, scans, restarts, and Adobe's word on colours.
_SEGMENTS = {0xC4, 0xCC, 0xDA, 0xDB, 0xDC, 0xDD, 0xEE, *range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC)} | {
    *range(0xCD, 0xD0)
}
_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


def check_jpeg(data: bytes, *, within_pdf: bool = False) -> None:
    """Segment by segment up to the end, which must be the file's."""
    allowed = _SEGMENTS if within_pdf else _SEGMENTS | {0xE0}
    if data[:2] != b"\xff\xd8":
        _refuse("no JPEG")
    at = 2
    while data[at : at + 2] != b"\xff\xd9":
        if len(data) < at + 4 or data[at] != 0xFF or data[at + 1] not in allowed:
            _refuse(f"JPEG segment {data[at : at + 2].hex()}")
        is_scan = data[at + 1] == 0xDA
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
        while is_scan and not (data[at] == 0xFF and data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7):
            at = data.find(b"\xff", at + 1)
            if at < 0 or at + 1 >= len(data):
                _refuse("a JPEG without an end")
    if at + 2 != len(data):
        _refuse("bytes behind the JPEG")


def check_png(data: bytes) -> None:
    """Chunk by chunk up to the end, which must be the file's."""
    at, name = 8, b""
    while name != b"IEND":
        if len(data) < at + 12:
            _refuse("a PNG without an end")
        length, name = struct.unpack_from(">I4s", data, at)
        if name not in _CHUNKS:
            _refuse(f"PNG chunk {name!r}")
        at += 12 + length
    if at != len(data):
        _refuse("bytes behind the PNG")
