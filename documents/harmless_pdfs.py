"""A second look at a PDF that was made, by code that shares nothing with what made it: every object in it.

Whatever should not be there refuses the file, and tells us of a mistake of ours. Runs inside the sandbox.
"""

import io
import re

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from documents.harmless_pictures import check_jpeg
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
    if not result.startswith(b"%PDF-") or not result.endswith(b"%%EOF\n"):
        _refuse("bytes around the PDF")
    with pikepdf.open(io.BytesIO(result), attempt_recovery=False, inherit_page_attributes=False) as pdf:
        _only(pdf.trailer, _TRAILER, "trailer")
        _only(pdf.Root, _CATALOG, "catalog")
        pages = {page.obj.objgen for page in pdf.pages}
        maps = {value.objgen for thing in pdf.objects for value in _maps_of(thing) if value.is_indirect}
        for thing in pdf.objects:
            _check_object(thing, pages, is_map=thing.is_indirect and thing.objgen in maps)


def _refuse(what: str):
    raise Refused(Code.STILL_ACTIVE, what)


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
        check_jpeg(stream.read_raw_bytes(), within_pdf=True)


def _only(value, allowed: set, what: str) -> None:
    if more := set(value.keys()) - allowed:
        _refuse(f"{what}: {min(more)}")
