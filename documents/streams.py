"""The streams of a PDF: each is decompressed, to count it, and kept only as far as its compression goes.

Behind the end of compressed data, and between the parts of a JPEG, there is room for anything. Runs inside the sandbox.
"""

import re
import zlib
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name

from documents.allowed import DRAWN, FILTER_SETTINGS
from documents.limits import MAX_DECODED, MAX_FILTERS, MAX_IMAGE_PIXELS, MAX_REWRITTEN, MAX_SETTING, MAX_STREAM, MB
from documents.verdicts import Code, Refused

PICTURES = {"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"}
"""Compressions of pictures, which stay: qpdf does not undo them. Only the last one of a stream may be one."""
TEXTUAL = {"/FlateDecode", "/LZWDecode", "/ASCII85Decode", "/ASCIIHexDecode", "/RunLengthDecode"}
SHORT_NAMES = {
    **{"/Fl": "/FlateDecode", "/LZW": "/LZWDecode", "/A85": "/ASCII85Decode", "/AHx": "/ASCIIHexDecode"},
    **{"/RL": "/RunLengthDecode", "/DCT": "/DCTDecode", "/CCF": "/CCITTFaxDecode"},
}
_STEP = 1 * MB


@dataclass
class Kept:
    """What stays of a stream."""

    data: bytes
    filter: Name | None = None
    settings: Dictionary | None = None
    globals: pikepdf.Stream | None = None
    """What several JBIG2 pictures share: a stream of the source, to be copied as well."""


@dataclass
class Reader:
    """Reads the streams of one file, and keeps the account of what they take."""

    pdf: pikepdf.Pdf
    decoded: int = field(default=0)

    def read(self, stream: pikepdf.Stream, kind: str) -> Kept:
        """What may be kept of this stream. Raises Refused."""
        steps = _steps(stream)
        most = MAX_REWRITTEN if kind in DRAWN and stream.get("/Subtype") != Name.Image else MAX_STREAM
        _check_pixels(stream.get("/Width"), stream.get("/Height"))
        if steps and steps[-1][0] in PICTURES:
            return self._picture(stream, steps)
        raw = stream.read_raw_bytes()
        if not steps:
            self._account(len(raw), most)
            return Kept(raw)
        if len(steps) == 1 and steps[0][0] == "/FlateDecode":
            size, length = _measure(raw, most)
            if length:
                self._account(size, most)
                return Kept(raw[:length], Name.FlateDecode, _settings(steps[0][1]))
        return Kept(self._undone(stream, raw, steps))

    def _picture(self, stream: pikepdf.Stream, steps: list) -> Kept:
        data, (codec, settings) = stream.read_raw_bytes(), steps[-1]
        if steps[:-1]:
            data = self._undone(stream, data, steps[:-1])
        else:
            self._account(len(data), MAX_STREAM)
        kept = Kept(data, Name(codec), _settings(settings))
        if codec == "/DCTDecode":
            kept.data = bare_jpeg(data)
        elif codec == "/JPXDecode":
            kept.data = bare_jpx(data)
        elif codec == "/JBIG2Decode" and isinstance(settings, Dictionary):
            shared = settings.get("/JBIG2Globals")
            kept.globals = shared if isinstance(shared, pikepdf.Stream) else None
        if codec == "/JBIG2Decode":
            _check_pixels(*_jbig2_size(data))
        elif codec == "/CCITTFaxDecode" and kept.settings is not None:
            _check_pixels(kept.settings.get("/Columns", 1728), kept.settings.get("/Rows", 1))
        return kept

    def _undone(self, stream: pikepdf.Stream, raw: bytes, steps: list) -> bytes:
        """The bytes under these compressions; qpdf's own limits stop it on the way."""
        copy = self.pdf.make_stream(b"")
        settings = [step[1] if isinstance(step[1], Dictionary) else None for step in steps]
        copy.write(raw, filter=Array([Name(step[0]) for step in steps]), decode_parms=Array(settings))
        data = copy.read_bytes(pikepdf.StreamDecodeLevel.specialized)
        self._account(len(data), MAX_REWRITTEN)
        return data

    def _account(self, size: int, most: int) -> None:
        self.decoded += size
        if size > most or self.decoded > MAX_DECODED:
            raise Refused(Code.BOMB, f"{size} bytes in a stream, {self.decoded} in all")


def _steps(stream: pikepdf.Stream) -> list[tuple[str, object]]:
    """The compressions of a stream, each with what is said of it, the outermost first."""
    names, settings = stream.get("/Filter"), stream.get("/DecodeParms", stream.get("/DP"))
    if names is None:
        return []
    names = list(names) if isinstance(names, Array) else [names]
    settings = list(settings) if isinstance(settings, Array) else [settings]
    names = [SHORT_NAMES.get(str(name), str(name)) for name in names]
    if len(names) > MAX_FILTERS:
        raise Refused(Code.TOO_DEEP, f"{len(names)} filters")
    if not set(names[:-1]) <= TEXTUAL or not set(names) <= TEXTUAL | PICTURES:
        raise Refused(Code.BROKEN, f"filters {names}")
    return list(zip(names, [*settings, *[None] * len(names)][: len(names)], strict=True))


def _settings(settings: object) -> Dictionary | None:
    """The numbers that go with a compression."""
    if not isinstance(settings, Dictionary):
        return None
    kept = {key: settings[key] for key in FILTER_SETTINGS if isinstance(settings.get(key), bool | int)}
    if any(abs(value) > MAX_SETTING for value in kept.values()):
        raise Refused(Code.TOO_MANY_PIXELS, f"settings {kept}")
    return Dictionary(kept) if kept else None


def _measure(raw: bytes, most: int) -> tuple[int, int]:
    """(size decompressed, length of the compressed data) of a whole zlib stream; a length of 0 when it is damaged.

    Nothing is kept of it, so its size costs no memory. Raises Refused as soon as it is too large.
    """
    inflater, size, pending = zlib.decompressobj(), 0, raw
    try:
        while pending and not inflater.eof:
            size += len(inflater.decompress(pending, _STEP))
            pending = inflater.unconsumed_tail
            if size > most:
                raise Refused(Code.BOMB, f"more than {most} bytes in a stream")
        return (size, len(raw) - len(inflater.unused_data)) if inflater.eof else (size, 0)
    except zlib.error:
        return size, 0


# --- Pictures ---------------------------------------------------------------------------------


def _check_pixels(width: object, height: object) -> None:
    if not isinstance(width, int) or not isinstance(height, int):
        return
    if width < 0 or height < 0 or width * height > MAX_IMAGE_PIXELS:
        raise Refused(Code.TOO_MANY_PIXELS, f"{width} × {height}")


_MARKER = re.compile(rb"\xff+([^\x00\xff])")
_AFTER_SCAN = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_ADOBE, _SCAN, _END = 0xEE, 0xDA, 0xD9
# What decodes the picture: tables, frames, scans, restarts. And Adobe's word on how colours are coded.
_NEEDED = {*_FRAMES, 0xC4, 0xCC, 0xDB, 0xDD, 0xDC, _SCAN, _ADOBE}


def bare_jpeg(data: bytes) -> bytes:
    """A JPEG without a loss, and without all that draws nothing: EXIF, profiles, thumbnails, comments, what follows its
    end. Raises Refused.
    """
    parts, position = [b"\xff\xd8"], data.find(b"\xff\xd8\xff") + 2
    if position < 2:
        raise Refused(Code.BROKEN, "no JPEG")
    while match := _MARKER.match(data, position):
        marker, begin = match[1][0], match.end()
        if marker == _END:
            break
        end = begin + int.from_bytes(data[begin : begin + 2], "big")
        if end < begin + 2 or end > len(data):
            raise Refused(Code.BROKEN, "a JPEG's segment is cut")
        if marker in _FRAMES:
            _check_pixels(
                int.from_bytes(data[begin + 5 : begin + 7], "big"), int.from_bytes(data[begin + 3 : begin + 5], "big")
            )
        if marker == _SCAN:
            after = _AFTER_SCAN.search(data, end)
            end = after.start() if after else len(data)
        if marker in _NEEDED:
            parts.append(b"\xff" + data[match.end() - 1 : end])
        position = end
    return b"".join(parts) + b"\xff\xd9"


def _jbig2_size(data: bytes) -> tuple[int, int]:
    """The size of the page, when the first segment gives it, as encoders have it (ISO 14492, 7.2 and 7.4.8)."""
    if len(data) < 19 or data[4] & 0x3F != 48 or data[5] >> 5:
        return 0, 0
    at = 14 if data[4] & 0x40 else 11
    height = int.from_bytes(data[at + 4 : at + 8], "big")
    return int.from_bytes(data[at : at + 4], "big"), 1 if height == 0xFFFFFFFF else height


_JPX_BOXES = {b"jP  ", b"ftyp", b"jp2h", b"jp2c"}


def bare_jpx(data: bytes) -> bytes:
    """A JPEG 2000 without a loss, and without metadata (ISO 15444-1, annex I). Raises Refused."""
    begin = data.find(b"\xff\x4f\xff\x51")
    if begin < 0 or len(data) < begin + 24:
        raise Refused(Code.BROKEN, "no JPEG 2000")
    right, bottom, left, top = (int.from_bytes(data[begin + at : begin + at + 4], "big") for at in (8, 12, 16, 20))
    _check_pixels(right - left, bottom - top)
    end = data.rfind(b"\xff\xd9") + 2
    if not begin or end <= begin:
        return data[: max(end, 0)] or data
    parts, at = [], 0
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4], "big") or len(data) - at, data[at + 4 : at + 8]
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        if length < 8:
            raise Refused(Code.BROKEN, "a JPEG 2000's box is cut")
        if name in _JPX_BOXES:
            parts.append(data[at : at + length])
        at += length
    return b"".join(parts)
