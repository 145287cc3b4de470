"""A PDF is opened, and a new one is made of what draws its pages.

Gone: scripts, actions, forms, attached files, films, what printing presses add, bookmarks, signatures, metadata, the
versions before the last one. What was typed in a form, stamped or written on a page is drawn into the page first. Runs
inside the sandbox.
"""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, String, settings

from documents.copying import Copier
from documents.kinds import PDF
from documents.limits import MAX_DEPTH, MAX_FILTERS, MAX_NESTING, MAX_PAGES, MAX_REWRITTEN
from documents.links import Links
from documents.verdicts import Code, Refused

_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_MEMORIES = ("flate_max_memory", "png_max_memory", "tiff_max_memory", "run_length_max_memory")
_A4 = (0, 0, 595, 842)


def rebuild(data: bytes) -> tuple[str, int, bytes]:
    """The content type, the number of pages and the bytes of a new PDF. Raises Refused."""
    settings.set_qpdf_limits(
        parser_max_nesting=MAX_NESTING,
        max_stream_filters=MAX_FILTERS,
        **dict.fromkeys(_MEMORIES, MAX_REWRITTEN),
    )
    passed = settings.qpdf_limit_errors()
    try:
        with pikepdf.open(io.BytesIO(data), inherit_page_attributes=False, suppress_warnings=True) as source:
            return PDF, *_rebuilt(source)
    except pikepdf.PasswordError:
        raise Refused(Code.ENCRYPTED)
    except (pikepdf.PikepdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        raise Refused(_code(error, passed), f"{type(error).__name__}: {error}")
    except Refused as refused:
        if refused.code == Code.BROKEN and settings.qpdf_limit_errors() > passed:
            raise Refused(Code.TOO_DEEP, refused.detail)
        raise


def samples() -> list[bytes]:
    """A small PDF; opening it loads all that opening a PDF takes."""
    sample = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page().obj.Contents = made.make_stream(b"q Q")
        made.save(sample, encryption=pikepdf.Encryption(owner="x", user=""))
    return [sample.getvalue()]


def _code(error: Exception, passed: int) -> Code:
    """Which limit was passed, if one was since then; a file that makes qpdf, or us, stumble is broken."""
    if "memory limit" in str(error):
        return Code.BOMB
    if isinstance(error, RecursionError) or settings.qpdf_limit_errors() > passed or "Loop detected" in str(error):
        return Code.TOO_DEEP
    return Code.BROKEN


def _rebuilt(source: pikepdf.Pdf) -> tuple[int, bytes]:
    """A new PDF. Where qpdf had to look for the objects one by one, as in a file that was cut, no page may be empty."""
    is_mended = any("reconstruct" in str(warning) for warning in source.get_warnings())
    _count_pages(source)
    _draw_what_was_filled_in(source)
    with pikepdf.new() as target:
        copier, pages = Copier(source, target), {}
        for page in source.pages:
            pages[page.obj.objgen] = copied = _copy_page(page.obj, copier)
            if is_mended and "/Contents" not in copied:
                raise Refused(Code.BROKEN, "the words of a page are missing")
        links = Links(source, pages)
        for page in source.pages:
            if found := links.of(page.obj):
                pages[page.obj.objgen].Annots = Array(found)
        _copy_layers(source, copier)
        _copy_language(source, target)
        result = io.BytesIO()
        target.save(
            result,
            min_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            deterministic_id=True,
            fix_metadata_version=False,
        )
        return len(pages), result.getvalue()


# --- Pages ------------------------------------------------------------------------------------


def _count_pages(source: pikepdf.Pdf) -> None:
    """Before qpdf walks them: a hundred pages at most, and no branch of their tree that leads nowhere new."""
    waiting, seen, leaves = [(source.Root.get("/Pages"), 0)], set(), 0
    while waiting:
        node, depth = waiting.pop()
        if not isinstance(node, Dictionary):
            raise Refused(Code.BROKEN, "a page is missing")
        if depth > MAX_DEPTH:
            raise Refused(Code.TOO_DEEP, "the tree of pages")
        kids = node.get("/Kids")
        if not isinstance(kids, Array):
            leaves += 1
        elif node.objgen in seen:
            raise Refused(Code.TOO_DEEP, "the tree of pages bites its tail")
        else:
            seen.add(node.objgen)
            waiting += [(kid, depth + 1) for kid in kids]
        if leaves > MAX_PAGES or len(waiting) > MAX_PAGES * MAX_DEPTH:
            raise Refused(Code.TOO_MANY_PAGES)
    if not len(source.pages):
        raise Refused(Code.BROKEN, "no page")


def _copy_page(page: Dictionary, copier: Copier) -> Dictionary:
    inherited = {key: _looked_up(page.get("/Parent"), key) for key in _INHERITED if key not in page}
    new = copier.target.make_indirect(Dictionary(Type=Name.Page, MediaBox=Array(_A4), Resources=Dictionary()))
    copier.fill(new, Dictionary({key: value for key, value in inherited.items() if value is not None}), "page")
    copier.fill(new, page, "page")
    copier.target.pages.append(pikepdf.Page(new))
    return copier.target.pages[-1].obj


def _looked_up(node, key: str):
    """What a page is told by the branches above it, from the nearest one on."""
    for _ in range(MAX_DEPTH):
        if not isinstance(node, Dictionary):
            return None
        if key in node:
            return node[key]
        node = node.get("/Parent")
    raise Refused(Code.TOO_DEEP, "above a page")


def _draw_what_was_filled_in(source: pikepdf.Pdf) -> None:
    """Forms, stamps and notes go, what they show stays: their looks become part of the page.

    A field that was filled in without its look (some programs leave it to the reader) gets one.
    """
    form = source.Root.get("/AcroForm")
    if isinstance(form, Dictionary):
        if any(_has_no_look(field) for page in source.pages for field in _annotations(page.obj)):
            form.NeedAppearances = True
        source.generate_appearance_streams()
    source.flatten_annotations("screen")


def _annotations(page: Dictionary) -> list[Dictionary]:
    found = page.get("/Annots")
    return [item for item in found if isinstance(item, Dictionary)] if isinstance(found, Array) else []


def _has_no_look(annotation: Dictionary) -> bool:
    return annotation.get("/Subtype") == Name.Widget and "/V" in annotation and "/AP" not in annotation


# --- The document -----------------------------------------------------------------------------


def _copy_layers(source: pikepdf.Pdf, copier: Copier) -> None:
    """What was hidden stays hidden, and what was shown stays shown."""
    layers = source.Root.get("/OCProperties")
    if isinstance(layers, Dictionary):
        copied = copier.copy(layers, "layers")
        if "/OCGs" in copied and "/D" in copied:
            copier.target.Root.OCProperties = copied


def _copy_language(source: pikepdf.Pdf, target: pikepdf.Pdf) -> None:
    """The language, for whoever has the pages read aloud."""
    language = source.Root.get("/Lang")
    if isinstance(language, String) and 0 < len(bytes(language)) <= 35:
        target.Root.Lang = String(bytes(language))
