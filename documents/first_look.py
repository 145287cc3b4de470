"""The first look, in the request: what costs nothing to see, so that the person knows at once. Cleaning decides."""

import re
import unicodedata

from documents.kinds import HEAD, JPEG, PDF, PNG, kind_of
from documents.limits import MAX_SIZE
from documents.reasons import Reason, Unusable

EXTENSIONS = {
    "pdf": PDF,
    "jpg": JPEG,
    "jpeg": JPEG,
    "jpe": JPEG,
    "jfif": JPEG,
    "mpo": JPEG,
    "png": PNG,
    "apng": PNG,
}
"""What a name may end with. A JPEG called .png is taken for what it is: phones and messengers do that by themselves."""
ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}

WORD_EXTENSIONS = {"doc", "docx", "docm", "dot", "dotx", "odt", "ott", "rtf", "pages", "txt", "md", "wps"}
HEIC_EXTENSIONS = {"heic", "heif", "hif", "avif"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_TAIL = 64 * 1024
_SHORTEST = 64
"""No file that can be shown is shorter."""
LONGEST_NAME = 100

# fmt: off
_KNOWN_OTHERS = {
    "exe", "com", "bat", "cmd", "msi", "scr", "pif", "lnk", "js", "jse", "vbs", "ps1", "sh",
    "py", "jar", "apk", "app", "dmg", "iso", "html", "htm", "xhtml", "svg", "xml", "php",
    "zip", "rar", "7z", "gz", "gif", "webp", "tif", "tiff", "bmp", "ico", "psd", "ai", "eps",
    "ps", "ppt", "pptx", "odp", "key", "xls", "xlsx", "ods", "csv", "mp3", "mp4", "mov", "avi",
    "mkv", "epub",
}
# fmt: on


def first_look(upload) -> str:
    """The content type of an upload (any seekable file with `name` and `size`), by its own bytes and its name.

    Leaves the file at its beginning. Raises Unusable: empty, too large, another kind, a name that says otherwise,
    visibly cut short. Whether the file is sound, and harmless, only cleaning can say.
    """
    if not upload.size:
        raise Unusable(Reason.EMPTY)
    if upload.size > MAX_SIZE:
        raise Unusable(Reason.TOO_LARGE)
    upload.seek(0)
    head = upload.read(HEAD)
    content_type = kind_of(head)
    extension = _extension(upload.name or "")
    if extension in HEIC_EXTENSIONS or (content_type is None and head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS):
        raise Unusable(Reason.HEIC)
    if upload.size < _SHORTEST:
        raise Unusable(Reason.BROKEN)
    if content_type is None:
        raise Unusable(_another_kind(head, extension))
    if extension in WORD_EXTENSIONS or (extension and extension not in EXTENSIONS and extension in _KNOWN_OTHERS):
        raise Unusable(Reason.DISGUISED)
    if not _has_its_end(upload, content_type):
        raise Unusable(Reason.BROKEN)
    upload.seek(0)
    return content_type


def _another_kind(head: bytes, extension: str) -> Reason:
    """The reason of a file that is neither PDF, nor JPEG, nor PNG."""
    if extension in WORD_EXTENSIONS or head.startswith(_OLE) or b"word/" in head or b"opendocument.text" in head:
        return Reason.WORD
    if extension in EXTENSIONS:
        return Reason.DISGUISED
    return Reason.WRONG_KIND


def _has_its_end(upload, content_type: str) -> bool:
    upload.seek(max(0, upload.size - _TAIL))
    tail = upload.read(_TAIL)
    if content_type == PDF:
        return b"%%EOF" in tail
    if content_type == PNG:
        return b"IEND" in tail
    # Phones put whole films behind a picture: its end may stand anywhere.
    upload.seek(0)
    return any(b"\xff\xd9" in block for block in iter(lambda: upload.read(MAX_SIZE), b""))


def _extension(name: str) -> str:
    match = re.search(r"\.([A-Za-z0-9]{1,5})\s*$", name)
    return match[1].lower() if match else ""


# --- The name ---------------------------------------------------------------------------------


def display_name(raw_name: str, content_type: str) -> str:
    """A name to show and to download under: one line, no path, nothing invisible, at most 100 characters, with the
    ending of what the file is. « document.pdf » when nothing is left of it.
    """
    name = unicodedata.normalize("NFC", str(raw_name)).replace("\\", "/").rpartition("/")[2]
    name = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in name)
    name = re.sub(r"[\"'<>:|?*%;&$`#~^{}\[\]]", " ", name)
    stem, ending = name.rstrip(" ."), ENDINGS[content_type]
    while (extension := _extension(stem)) and (extension in EXTENSIONS or extension in _KNOWN_OTHERS):
        stem = stem.rpartition(".")[0].rstrip(" .")
    stem = " ".join(stem.split()).lstrip(".- ")[: LONGEST_NAME - len(ending) - 1].rstrip(" .")
    return f"{stem or 'document'}.{ending}"
