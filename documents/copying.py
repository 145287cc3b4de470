"""Copies into another PDF what draws a page: what `allowed` names, and nothing else. Runs inside the sandbox."""

from decimal import Decimal

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from documents.allowed import BUILT, KINDS, STREAMS
from documents.limits import MAX_DEPTH, MAX_OBJECTS
from documents.streams import Reader
from documents.verdicts import Code, Refused

_SCALARS = (bool, int, float, Decimal, str, Name, String)


class Copier:
    """One source, one target. What is shared in the source is shared in the target."""

    def __init__(self, source: pikepdf.Pdf, target: pikepdf.Pdf):
        self.source, self.target = source, target
        self.reader = Reader(source)
        self._known: dict[tuple, object] = {}
        self._count = 0

    def copy(self, value, kind: str, depth: int = 0):
        """The copy of a value as this kind of thing; None when such a thing may not stand there. Raises Refused."""
        if value is None or isinstance(value, _SCALARS):
            return value if kind not in BUILT else None
        if not isinstance(value, (Array, Dictionary, Stream)):
            return None
        known = (value.objgen, kind) if value.is_indirect else None
        if known in self._known:
            return self._known[known]
        self._spend(depth)
        if isinstance(value, Array):
            return self._array(value, kind, depth, known)
        if kind.startswith("map:"):
            return self._map(value, kind.removeprefix("map:"), depth, known)
        if isinstance(value, Dictionary):
            return self._dictionary(value, kind, depth, known)
        return self._stream(value, kind, depth, known) if kind in STREAMS else None

    def _spend(self, depth: int) -> None:
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_OBJECTS:
            raise Refused(Code.TOO_DEEP, f"{self._count} objects, {depth} deep")

    def _remember(self, known, new):
        """Before it is filled: what is within may lead back to it."""
        if known is None:
            return new
        self._known[known] = new if new.is_indirect else self.target.make_indirect(new)
        return self._known[known]

    def _array(self, value, kind: str, depth: int, known) -> Array | None:
        if kind.startswith("map:"):
            return None
        new = self._remember(known, Array([]))
        for item in value:
            new.append(self.copy(item, kind, depth + 1))
        return new

    def _map(self, value, kind: str, depth: int, known) -> Dictionary | None:
        if not isinstance(value, Dictionary):
            return None
        new = self._remember(known, Dictionary())
        for key, item in value.items():
            copied = self.copy(item, kind, depth + 1)
            if copied is not None:
                new[key] = copied
        return new

    def _dictionary(self, value, kind: str, depth: int, known) -> Dictionary | None:
        if not KINDS[kind]:
            return None
        new = self._remember(known, Dictionary())
        self.fill(new, value, kind, depth)
        return new

    def _stream(self, value: Stream, kind: str, depth: int, known) -> Stream | None:
        if "/F" in value or (kind == "drawing" and not _is_drawing(value)):
            return None  # kept in another file, or not a drawing
        new = self._remember(known, self.target.make_stream(b""))
        kept = self.reader.read(value, kind)
        settings = kept.settings
        if kept.globals is not None:
            settings = settings or Dictionary()
            settings["/JBIG2Globals"] = self.copy(kept.globals, "glyphs", depth + 1)
        new.write(kept.data, filter=kept.filter, decode_parms=settings)
        self.fill(new, value, kind, depth)
        return new

    def fill(self, new, value, kind: str, depth: int = 0) -> None:
        """Copy what this kind of thing may have."""
        for key, kind_within in KINDS[kind].items():
            if key in value:
                copied = self.copy(value[key], kind_within, depth + 1)
                if copied is not None:
                    new[key] = copied


def _is_drawing(stream: Stream) -> bool:
    """A picture, or a form that is not PostScript in disguise (ISO 32000-1, 8.8.2)."""
    return stream.get("/Subtype") in (Name.Image, Name.Form) and "/Subtype2" not in stream
