"""Files that only pretend, and names that do."""

from documents.reasons import Reason
from tests.documents.corpus import MARKER, bad
from tests.documents.making import archive, pdf, picture, saved

EXECUTABLE = b"MZ\x90\x00" + bytes(60) + b"This program cannot be run in DOS mode." + MARKER
PAGE = b"<!DOCTYPE html><html lang=fr><body><script>alert('" + MARKER + b"')</script>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(\'' + MARKER + b"')\"/>"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)


@bad("cv.pdf", Reason.EMPTY, at_the_door=True)
def zero_bytes():
    return b""


@bad("cv.pdf", Reason.BROKEN, at_the_door=True)
def one_byte():
    return b"%"


@bad("cv.pdf", Reason.BROKEN, at_the_door=True)
def only_a_pdf_header():
    return b"%PDF-1.7\n"


@bad("photo.jpg", Reason.BROKEN, at_the_door=True)
def only_a_jpeg_header():
    return b"\xff\xd8\xff\xe0"


@bad("photo.png", Reason.BROKEN, at_the_door=True)
def only_a_png_header():
    return b"\x89PNG\r\n\x1a\n"


@bad("cv.pdf", Reason.TOO_LARGE, at_the_door=True)
def one_byte_too_many():
    return saved(pdf()).ljust(10 * 1024 * 1024 + 1)


@bad("cv.pdf", Reason.DISGUISED, at_the_door=True)
def a_program_called_pdf():
    return EXECUTABLE


@bad("cv.pdf", Reason.DISGUISED, at_the_door=True)
def a_program_with_a_pdf_header_inside():
    return EXECUTABLE + saved(pdf())


@bad("cv.exe", Reason.WRONG_KIND, at_the_door=True)
def a_program():
    return EXECUTABLE


@bad("cv.pdf.exe", Reason.DISGUISED, at_the_door=True)
def a_pdf_called_a_program():
    return saved(pdf())


@bad("photo.jpg.html", Reason.DISGUISED, at_the_door=True)
def a_picture_called_a_page():
    return picture()


@bad("cv.docx", Reason.DISGUISED, at_the_door=True)
def a_pdf_called_word():
    return saved(pdf())


@bad("cv.pdf", Reason.DISGUISED, at_the_door=True)
def a_page_called_pdf():
    return PAGE


@bad("photo.jpg", Reason.DISGUISED, at_the_door=True)
def a_drawing_called_jpeg():
    return DRAWING


@bad("dessin.svg", Reason.WRONG_KIND, at_the_door=True)
def a_drawing():
    return DRAWING


@bad("cv.docx", Reason.WORD, at_the_door=True)
def a_word_document():
    return archive("word/document.xml")


@bad("cv.doc", Reason.WORD, at_the_door=True)
def an_old_word_document():
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


@bad("cv", Reason.WORD, at_the_door=True)
def a_word_document_without_a_name():
    return archive("word/document.xml")


@bad("cv.pdf", Reason.WORD, at_the_door=True)
def a_word_document_called_pdf():
    return archive("word/document.xml")


@bad("cv.zip", Reason.WRONG_KIND, at_the_door=True)
def an_archive():
    return archive()


@bad("IMG_0001.HEIC", Reason.HEIC, at_the_door=True)
def a_photo_of_an_iphone():
    return HEIC


@bad("IMG_0001.jpg", Reason.HEIC, at_the_door=True)
def a_photo_of_an_iphone_called_jpeg():
    return HEIC


@bad("photo.png", Reason.DISGUISED, at_the_door=True)
def a_gif_called_png():
    return b"GIF89a" + bytes(64)


@bad("photo.webp", Reason.WRONG_KIND, at_the_door=True)
def a_webp():
    return b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(64)


@bad("photo.jpg")
def a_png_called_jpeg():
    return picture(kind="PNG")


@bad("photo.pdf")
def a_jpeg_called_pdf():
    return picture()


@bad("image:1000012345")
def a_name_from_a_phone():
    return picture()
