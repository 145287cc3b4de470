"""Documents, in tests and in the demo: small real files, given and cleaned as people and the worker do it."""

import hashlib
import io
import itertools
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from applications import attachments, document_checks
from applications.models import Application, Document
from cohorts.models import Cohort, DocumentAsked
from documents import cleaning

_number = itertools.count(1)


def pdf(lines: list[str] | str = "Inès", *, pages: int = 1, **options) -> bytes:
    """A PDF of so many pages, with these lines of text on each. `options` go to `Pdf.save`."""
    lines = [lines] if isinstance(lines, str) else lines
    document = pikepdf.new()
    font = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
    )
    for _page in range(pages):
        page = document.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = document.make_stream(_text(lines))
    written = io.BytesIO()
    document.save(written, **options)
    return written.getvalue()


def _text(lines: list[str]) -> bytes:
    shown = [f"/F1 {24 if index == 0 else 12} Tf ({_escaped(line)}) Tj 0 -26 Td" for index, line in enumerate(lines)]
    return "\n".join(["BT 60 760 Td", *shown, "ET"]).encode("cp1252", "replace")


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def jpeg(colour: str = "#d9a441", *, size: tuple[int, int] = (640, 400)) -> bytes:
    """A photograph of sorts: two halves, one dark."""
    image = Image.new("RGB", size, colour)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1]), fill="#15130f")
    written = io.BytesIO()
    image.save(written, "JPEG", quality=80)
    return written.getvalue()


def locked_pdf() -> bytes:
    """A PDF that asks for a password: it looks sound at first, and cannot be used."""
    return pdf("Secret", encryption=pikepdf.Encryption(user="secret", owner="secret"))


def upload(name: str = "cv.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    """A file as a browser sends it; no two alike unless `content` says so."""
    return SimpleUploadedFile(name, pdf(f"CV {next(_number)}") if content is None else content)


def ask(cohort: Cohort, label: str = "CV", **fields) -> DocumentAsked:
    """A document that this cohort asks, after those it asks already."""
    fields.setdefault("order", DocumentAsked.objects.filter(cohort=cohort).count() + 1)
    return DocumentAsked.objects.create(cohort=cohort, label=label, **fields)


def give(application: Application, asked: DocumentAsked, file=None, *, now=None) -> Document:
    """The candidate adds a file to her draft."""
    return attachments.attach(application, asked, file or upload(), actor=application.candidate, now=now)


def clean_all(*, now=None) -> None:
    """The worker does all that waits."""
    while document_checks.clean_next(now=now):
        pass


_cleaned: dict[str, tuple[cleaning.Cleaned, bytes]] = {}


@contextmanager
def each_kind_cleaned_once():
    """Among many files that are alike, each one is cleaned for real the first time, and copied from then on."""
    known, really = _cleaned, cleaning.clean

    def clean(source: Path, target: Path) -> cleaning.Cleaned:
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
        if digest not in known:
            known[digest] = (really(source, target), target.read_bytes())
        found, content = known[digest]
        target.write_bytes(content)
        return found

    with mock.patch.object(cleaning, "clean", clean):
        yield
