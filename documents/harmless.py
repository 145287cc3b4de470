"""A second look at what was made, by code that shares nothing with what made it: every object of a PDF, every part of a
picture. Whatever should not be there refuses the file, and tells us of a mistake of ours. Runs inside the sandbox.
"""

import io
import re
import struct

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from documents.kinds import JPEG, PDF
from documents.verdicts import Code, Refused

# Where a reader looks for something to carry out, only these may stand.
_CATALOG = {"/Type", "/Pages", "/Lang", "/OCProperties"}
_TRAILER = {"/Root", "/Size", "/ID"}
_TREE = {"/Type", "/Kids", "/Count"}
_PAGE = {
    *("/Type", "/Parent", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit"),
    *("/Resources", "/Contents", "/Group", "/Annots"),
}
_LINK = {"/Type", "/Subtype", "/Rect", "/Border", "/F", "/QuadPoints", "/A", "/Dest"}
_ADDRESS = re.compile(rb"(https?|mailto):[!-~]+", re.IGNORECASE)

# And these nowhere, save as the names that a page gives to its own fonts and pictures.
FORBIDDEN_KEYS = {
    *("/AA", "/OpenAction", "/JS", "/JavaScript", "/AcroForm", "/XFA", "/Names", "/EmbeddedFiles", "/EF", "/AF", "/FS"),
    *("/UF", "/RF", "/Collection", "/RichMediaContent", "/RichMediaSettings", "/3DD", "/3DA", "/Movie", "/Sound"),
    *(
        "/Rendition",
        "/Ref",
        "/OPI",
        "/PS",
        "/Subtype2",
        "/Level1",
        "/Alternates",
        "/Metadata",
        "/PieceInfo",
        "/Outlines",
    ),
    *("/Threads", "/Perms", "/DSS", "/Requirements", "/Extensions", "/Next", "/Win", "/Mac", "/Unix", "/FFilter"),
    *(
        "/FDecodeParms",
        "/Encrypt",
        "/StructTreeRoot",
        "/Info",
        "/PresSteps",
        "/Trans",
        "/Dests",
        "/URI",
        "/Thumb",
        "/B",
    ),
}
FORBIDDEN_NAMES = {
    *(
        "/JavaScript",
        "/Launch",
        "/GoToR",
        "/GoToE",
        "/GoToDp",
        "/SubmitForm",
        "/ImportData",
        "/ResetForm",
        "/Rendition",
    ),
    *(
        "/Movie",
        "/Sound",
        "/RichMedia",
        "/RichMediaExecute",
        "/GoTo3DView",
        "/SetOCGState",
        "/Hide",
        "/Named",
        "/Thread",
    ),
    *("/FileAttachment", "/Widget", "/Screen", "/3D", "/Filespec", "/EmbeddedFile", "/PS", "/Popup", "/Sig", "/Action"),
}
_ACTING = ("/S", "/Subtype", "/Type")
_MAPS = {"/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/XObject", "/Font", "/Properties", "/CharProcs"}
_FILTERS = {"/FlateDecode", "/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"}


def check(content_type: str, result: bytes) -> None:
    """Raise Refused(STILL_ACTIVE) when anything is in this file that should not be."""
    if content_type == PDF:
        _check_pdf(result)
    elif content_type == JPEG:
        _check_jpeg(result)
    else:
        _check_png(result)


def _refuse(what: str):
    raise Refused(Code.STILL_ACTIVE, what)


# --- PDF --------------------------------------------------------------------------------------


def _check_pdf(result: bytes) -> None:
    if not result.startswith(b"%PDF-") or not result.endswith(b"%%EOF\n"):
        _refuse("bytes around the PDF")
    with pikepdf.open(io.BytesIO(result), attempt_recovery=False, inherit_page_attributes=False) as pdf:
        _only(pdf.trailer, _TRAILER, "trailer")
        _only(pdf.Root, _CATALOG, "catalog")
        pages = {page.obj.objgen for page in pdf.pages}
        maps = {value.objgen for thing in pdf.objects for value in _maps_of(thing) if value.is_indirect}
        for thing in pdf.objects:
            _check_object(thing, pages, is_map=thing.is_indirect and thing.objgen in maps)


def _maps_of(thing) -> list:
    """The dictionaries whose keys are names that the file itself has chosen, all through one object."""
    found, waiting = [], [thing]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Array):
            waiting += [item for item in value if _is_direct(item)]
        elif isinstance(value, (Dictionary, Stream)):
            for key, item in value.items():
                if key in _MAPS and isinstance(item, Dictionary):
                    found.append(item)
                if _is_direct(item):
                    waiting.append(item)
    return found


def _is_direct(value) -> bool:
    return isinstance(value, (Array, Dictionary)) and not value.is_indirect


def _check_object(thing, pages: set, *, is_map: bool) -> None:
    """One object and what stands directly within it; what it leads to is an object of its own."""
    waiting = [(thing, is_map)]
    while waiting:
        value, is_map = waiting.pop()
        if isinstance(value, Array):
            waiting += [(item, False) for item in value if _is_direct(item)]
        elif isinstance(value, (Dictionary, Stream)):
            if not is_map:
                _check_dictionary(value, pages)
            waiting += [(item, key in _MAPS) for key, item in value.items() if _is_direct(item) and key != "/A"]


def _check_dictionary(value, pages: set) -> None:
    keys = set(value.keys())
    if found := keys & FORBIDDEN_KEYS:
        _refuse(f"key {min(found)}")
    for key in _ACTING:
        if str(value.get(key)) in FORBIDDEN_NAMES:
            _refuse(f"{key} {value.get(key)}")
    if isinstance(value, Stream):
        _check_stream(value)
    elif value.get("/Type") == Name.Pages:
        _only(value, _TREE | {"/Parent"}, "tree of pages")
    elif value.get("/Type") == Name.Page or (value.is_indirect and value.objgen in pages):
        _only(value, _PAGE, "page")
        for annotation in value.get("/Annots", []):
            _check_link(annotation, pages)
    elif "/A" in keys and value.get("/Subtype") != Name.Link:
        _refuse("an action")


def _check_link(link, pages: set) -> None:
    if not isinstance(link, Dictionary) or link.get("/Subtype") != Name.Link:
        _refuse("an annotation")
    _only(link, _LINK, "link")
    action, place = link.get("/A"), link.get("/Dest")
    if action is not None:
        _only(action, {"/S", "/URI"}, "action")
        address = action.get("/URI")
        if action.get("/S") != Name.URI or not isinstance(address, String) or not _ADDRESS.fullmatch(bytes(address)):
            _refuse("an address")
    if place is not None and not (isinstance(place, Array) and place[0].objgen in pages):
        _refuse("a place")


def _check_stream(stream: Stream) -> None:
    if "/F" in stream:
        _refuse("an external stream")
    filters = stream.get("/Filter")
    names = [str(name) for name in filters] if isinstance(filters, Array) else [str(filters)] if filters else []
    if len(names) > 1 or not set(names) <= _FILTERS:
        _refuse(f"filters {names}")
    if names == ["/DCTDecode"]:
        _check_jpeg(stream.read_raw_bytes(), within_pdf=True)


def _only(value, allowed: set, what: str) -> None:
    if more := set(value.keys()) - allowed:
        _refuse(f"{what}: {min(more)}")


# --- Pictures ---------------------------------------------------------------------------------

# JFIF's header, tables, frames, scans, restarts, and Adobe's word on colours.
_SEGMENTS = {0xC4, 0xCC, 0xDA, 0xDB, 0xDC, 0xDD, 0xEE, *range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC)} | {
    *range(0xCD, 0xD0)
}
_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


def _check_jpeg(data: bytes, *, within_pdf: bool = False) -> None:
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


def _check_png(data: bytes) -> None:
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
