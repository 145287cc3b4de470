"""PDFs that are cut, damaged, locked, or lie about themselves."""

import pikepdf

from documents.reasons import Reason
from tests.documents.corpus import bad
from tests.documents.corpus_weighing import CATALOG, PAGE, one_page
from tests.documents.making import TEXT, pdf, raw, saved, stream


@bad("cv.pdf", Reason.ENCRYPTED, in_the_sandbox=True)
def locked_by_a_password():
    return saved(pdf(), encryption=pikepdf.Encryption(owner="secret", user="secret", R=6))


@bad("cv.pdf", Reason.ENCRYPTED)
def locked_by_an_old_password():
    return saved(pdf(), encryption=pikepdf.Encryption(owner="o", user="u", R=3, aes=False, metadata=False))


@bad("cv.pdf", Reason.BROKEN, at_the_door=True)
def a_pdf_cut_in_half():
    data = saved(pdf(pages=9))
    return data[: len(data) // 2]


@bad("cv.pdf", Reason.BROKEN)
def a_pdf_cut_in_half_that_says_it_is_whole():
    data = saved(pdf(pages=9))
    return data[: len(data) // 2] + b"\n%%EOF\n"


@bad("cv.pdf", Reason.BROKEN)
def a_header_and_an_end():
    return b"%PDF-1.7\n" + b"%" * 100 + b"\n%%EOF\n"


@bad("cv.pdf", Reason.BROKEN)
def no_page():
    return raw([CATALOG, b"<< /Type /Pages /Kids [] /Count 0 >>"])


@bad("cv.pdf", Reason.BROKEN)
def a_page_that_is_not_there():
    return raw([CATALOG, b"<< /Type /Pages /Kids [3 0 R 9 0 R] /Count 2 >>", PAGE % b""])


@bad("cv.pdf", Reason.BROKEN)
def a_compression_of_its_own():
    return one_page(b"/Contents 4 0 R", stream(b"q Q", b"/Filter /Homemade"))


@bad("cv.pdf", Reason.BROKEN)
def noise_for_compressed_words():
    return one_page(b"/Contents 4 0 R", stream(b"\xde\xad\xbe\xef" * 100, b"/Filter /FlateDecode"))


@bad("cv.pdf")
def a_table_that_leads_back_to_itself():
    data = one_page(b"/Contents 4 0 R", stream(TEXT))
    start = int(data[data.rfind(b"startxref") + 10 :].split()[0])
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)


@bad("cv.pdf")
def a_stream_that_lies_about_its_length():
    return one_page(b"/Contents 4 0 R", b"<< /Length 999999 >>\nstream\n" + TEXT + b"\nendstream")


@bad("cv.pdf")
def a_table_of_wrong_places():
    data = one_page(b"/Contents 4 0 R", stream(TEXT))
    return data.replace(b"0000000", b"0000001")


@bad("cv.pdf")
def words_that_are_the_page_itself():
    return one_page(b"/Contents 3 0 R")


@bad("cv.pdf")
def entries_of_the_wrong_kind():
    wrong = (
        b"/Resources [1 2] /Contents (text) /Annots << /A 1 >> /MediaBox /No /Rotate [9] /Group 3 0 R /UserUnit null"
    )
    return one_page(wrong)
