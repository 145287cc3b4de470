"""The links of a PDF: to the web, to an address, to another page of the same file.

Of all that a reader can click, the rest acts, and is not kept. Runs inside the sandbox.
"""

import re

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from documents.allowed import SCHEMES
from documents.limits import MAX_OBJECTS

_ADDRESS = re.compile(rb"(?:%s):[\x21-\x7e]{1,2000}" % b"|".join(scheme.encode() for scheme in SCHEMES), re.IGNORECASE)
_VIEWS = {"/XYZ", "/Fit", "/FitH", "/FitV", "/FitR", "/FitB", "/FitBH", "/FitBV"}


class Links:
    """The links of one file. `pages` says which page of the copy stands for which page of the source."""

    def __init__(self, source: pikepdf.Pdf, pages: dict[tuple[int, int], pikepdf.Object]):
        self._source, self._pages, self._names = source, pages, None

    def of(self, page: pikepdf.Object) -> list[Dictionary]:
        """The links to lay on the copy of this page."""
        annotations = page.get("/Annots")
        if not isinstance(annotations, Array):
            return []
        found = (self._link(item) for item in list(annotations)[:MAX_OBJECTS] if isinstance(item, Dictionary))
        return [link for link in found if link is not None]

    def _link(self, annotation: Dictionary) -> Dictionary | None:
        rectangle = _numbers(annotation.get("/Rect"))
        if annotation.get("/Subtype") != Name.Link or len(rectangle) != 4:
            return None
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array(rectangle), Border=Array([0, 0, 0]), F=4)
        corners = _numbers(annotation.get("/QuadPoints"))
        if corners and len(corners) % 8 == 0:
            link.QuadPoints = Array(corners)
        action = annotation.get("/A")
        if isinstance(action, Dictionary) and action.get("/S") == Name.URI:
            address = action.get("/URI")
            if not isinstance(address, String) or not _ADDRESS.fullmatch(bytes(address).strip()):
                return None
            link.A = Dictionary(S=Name.URI, URI=String(bytes(address).strip()))
            return link
        if isinstance(action, Dictionary):
            place = action.get("/D") if action.get("/S") == Name.GoTo else None
        else:
            place = annotation.get("/Dest")
        destination = self._destination(place)
        if destination is None:
            return None
        link.Dest = destination
        return link

    def _destination(self, place) -> Array | None:
        """A place in the copy: a page, and how to look at it."""
        if isinstance(place, (Name, String)):
            place = self._named().get(bytes(place) if isinstance(place, String) else str(place)[1:].encode())
        if isinstance(place, Dictionary):
            place = place.get("/D")
        if not isinstance(place, Array) or not len(place):
            return None
        page, view = place[0], [item for item in list(place)[1:6] if item is None or _is_number(item)]
        if not isinstance(page, Dictionary) or page.objgen not in self._pages:
            return None
        way = place[1] if len(place) > 1 and str(place[1]) in _VIEWS else Name.Fit
        return Array([self._pages[page.objgen], way, *(view if way != Name.Fit else [])])

    def _named(self) -> dict[bytes, object]:
        """The places that have a name, from both of the tables a PDF may have."""
        if self._names is None:
            self._names = {}
            for key, place in _dictionary(self._source.Root.get("/Dests")).items():
                self._names[key[1:].encode("utf-8", "surrogateescape")] = place
            tree = _dictionary(self._source.Root.get("/Names")).get("/Dests")
            if isinstance(tree, Dictionary):
                self._names |= _leaves(tree)
        return self._names


def _leaves(tree: Dictionary) -> dict[bytes, object]:
    """The names of a name tree; each node is seen once, so that a tree that bites its tail ends."""
    found, waiting, seen = {}, [tree], set()
    while waiting and len(seen) < MAX_OBJECTS:
        node = waiting.pop()
        if not isinstance(node, Dictionary) or (node.is_indirect and node.objgen in seen):
            continue
        seen.add(node.objgen if node.is_indirect else len(seen))
        kids, names = node.get("/Kids"), node.get("/Names")
        if isinstance(kids, Array):
            waiting += list(kids)
        if isinstance(names, Array):
            items = list(names)
            found |= {bytes(k): v for k, v in zip(items[::2], items[1::2], strict=False) if isinstance(k, String)}
    return found


def _dictionary(value) -> Dictionary:
    return value if isinstance(value, Dictionary) else Dictionary()


def _numbers(value) -> list:
    return list(value) if isinstance(value, Array) and all(_is_number(item) for item in value) else []


def _is_number(value) -> bool:
    return not isinstance(value, (bool, str, pikepdf.Object)) and value is not None
