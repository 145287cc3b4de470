"""What is seen at once in the request, and the names that files are given."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.first_look import display_name, first_look
from documents.kinds import JPEG, PDF, PNG
from documents.limits import MAX_SIZE
from documents.reasons import Reason, Unavailable, Unusable
from documents.verdicts import Code
from tests.documents.making import pdf, picture, saved

SOUND = {PDF: saved(pdf()), JPEG: picture(), PNG: picture(kind="PNG")}


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        *(("cv.pdf", PDF), ("CV.PDF", PDF), ("cv", PDF), ("CV M. Durand", PDF), ("cv.v2", PDF), ("cv.png", PDF)),
        *(("photo.jpg", JPEG), ("photo.JPEG", JPEG), ("photo.jfif", JPEG), ("photo.png", JPEG), ("", JPEG)),
        *(("capture.png", PNG), ("capture.jpg", PNG), ("image:1000012345", PNG)),
    ],
)
def test_taken_for_what_it_is(name, content_type):
    upload = SimpleUploadedFile(name or "x", SOUND[content_type])
    upload._name = name
    assert first_look(upload) == content_type
    assert upload.tell() == 0


@pytest.mark.parametrize("content_type", SOUND)
def test_ten_megabytes_and_not_one_byte_more(content_type):
    begin, end = SOUND[content_type][:-10], SOUND[content_type][-10:]
    largest = begin + bytes(MAX_SIZE - len(begin) - len(end)) + end
    assert first_look(SimpleUploadedFile("x", largest)) == content_type
    with pytest.raises(Unusable) as raised:
        first_look(SimpleUploadedFile("x", largest + b"\0"))
    assert raised.value.reason == Reason.TOO_LARGE


def test_a_file_that_waits_on_the_disk(tmp_path):
    """Django keeps large uploads there; any file with a name and a size will do."""
    upload = io.BytesIO(SOUND[PDF])
    upload.name, upload.size = "cv.pdf", len(SOUND[PDF])
    assert first_look(upload) == PDF


# --- Names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("CV d’Inès Martin.pdf", "CV d’Inès Martin.pdf"),
        ("CV.PDF", "CV.pdf"),
        ("CV M. Durand", "CV M. Durand.pdf"),
        ("photo.jpg", "photo.pdf"),
        ("cv.pdf.exe", "cv.pdf"),
        ("cv.exe.pdf", "cv.pdf"),
        ("cv.pdf.js.html", "cv.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("/etc/shadow.pdf", "shadow.pdf"),
        ("C:\\Users\\ines\\CV.pdf", "CV.pdf"),
        ("..", "document.pdf"),
        (".", "document.pdf"),
        ("", "document.pdf"),
        ("   .pdf", "document.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("....pdf", "document.pdf"),
        ("-rf.pdf", "rf.pdf"),
        ("cv\0.pdf", "cv.pdf"),
        ("cv.exe\0.pdf", "cv.pdf"),
        ("cv\r\nSet-Cookie: a=b.pdf", "cv Set-Cookie a=b.pdf"),
        ("cv\tde\nmoi.pdf", "cv de moi.pdf"),
        ("cv\u202efdp.exe", "cv fdp.pdf"),
        ("c\u200bv\ufeff.pdf", "c v.pdf"),
        ('cv"; filename="x.exe', "cv filename= x.pdf"),
        ("<script>alert(1)</script>.pdf", "script.pdf"),
        ("cafe\u0301.pdf", "café.pdf"),
        ("履歴書.pdf", "履歴書.pdf"),
        ("🎬 projet.pdf", "🎬 projet.pdf"),
        ("a" * 300 + ".pdf", "a" * 96 + ".pdf"),
        ("\ud800.pdf", "document.pdf"),
        ("NUL.pdf", "NUL.pdf"),
    ],
)
def test_a_name_to_show(raw, shown):
    assert display_name(raw, PDF) == shown


def test_a_name_says_what_the_file_is():
    assert [display_name("photo.png", kind) for kind in (PDF, JPEG, PNG)] == ["photo.pdf", "photo.jpg", "photo.png"]


def test_a_long_name_keeps_its_ending_and_fits():
    name = display_name("é" * 500 + ".jpeg", JPEG)
    assert len(name) == 100
    assert name.endswith("é.jpg")


# --- Reasons ----------------------------------------------------------------------------------


def test_each_code_of_the_sandbox_has_its_sentence():
    assert {reason.value for reason in Reason} == {code.value for code in Code}


@pytest.mark.parametrize("reason", Reason)
def test_a_sentence_is_french_and_says_what_to_do(reason):
    sentence = Unusable(reason).sentence
    assert sentence == str(reason.label)
    assert sentence.endswith(".")
    assert sentence.count(". ") >= 1
    assert "'" not in sentence
    assert " :" not in sentence.replace("\u00a0:", "")
    assert "« " not in sentence


def test_what_is_not_the_file_s_fault_is_something_else():
    assert not issubclass(Unavailable, Unusable)
    assert not issubclass(Unusable, Unavailable)
