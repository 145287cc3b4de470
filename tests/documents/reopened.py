"""What was stored, opened again with other eyes than those of the code that made it."""

import io
import re

import pikepdf
from PIL import Image

from tests.documents.corpus import MARKER

ACTIVE = re.compile(
    rb"/(JavaScript|JS|AA|OpenAction|Launch|GoToR|GoToE|SubmitForm|ImportData|Hide|Named|Rendition|Movie|Sound|RichMedia"
    rb"|RichMediaContent|3D|3DD|EmbeddedFiles?|EF|AF|Filespec|FS|UF|FileAttachment|Collection|AcroForm|XFA|Widget|Sig|Perms"
    rb"|Outlines|Names|Dests|Metadata|PieceInfo|Thumb|Info|Ref|PS|Subtype2|Level1|OPI|Alternates|FFilter|Next|Hidden|Base"
    rb"|Encrypt|Threads|Action|Private|Win)(?![A-Za-z0-9])"
)
LINKS = re.compile(rb"/URI \(([^)]*)\)")


def assert_harmless(content_type: str, data: bytes) -> None:
    """Nothing in the file acts, carries, or has the marker in it, however deep it is compressed."""
    assert MARKER not in data
    if content_type == "application/pdf":
        _assert_pdf_is_harmless(data)
    else:
        _assert_picture_is_harmless(content_type, data)


def _assert_pdf_is_harmless(data: bytes) -> None:
    assert data.startswith(b"%PDF-")
    assert data.endswith(b"%%EOF\n")
    assert data.count(b"%%EOF") == 1
    with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
        assert list(map(str, pdf.check_pdf_syntax())) == []
        assert not pdf.is_encrypted
        assert len(pdf.pages) > 0
        for thing in [*pdf.objects, pdf.trailer]:
            written = thing.unparse(resolved=True)
            assert ACTIVE.findall(written) == []
            assert MARKER not in written
            assert MARKER.hex().encode() not in written.lower()
            assert all(re.match(rb"https?://|mailto:", link) for link in LINKS.findall(written))
            if isinstance(thing, pikepdf.Stream):
                assert "/F" not in thing
                assert MARKER not in thing.read_raw_bytes()
                if thing.get("/Filter") in (None, pikepdf.Name.FlateDecode):
                    assert MARKER not in thing.read_bytes()


def _assert_picture_is_harmless(content_type: str, data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as image:
        assert {"image/jpeg": "JPEG", "image/png": "PNG"}[content_type] == image.format
        image.load()
        assert getattr(image, "n_frames", 1) == 1
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "transparency"}
        assert getattr(image, "text", {}) == {}
    assert data.endswith(b"\xff\xd9" if content_type == "image/jpeg" else b"IEND\xae\x42\x60\x82")
