"""PDFs that are small, and become very large, very deep or very long."""

import pikepdf
from pikepdf import Array, Dictionary, Name

from documents.limits import MB
from documents.reasons import Reason
from tests.documents.corpus import bad
from tests.documents.making import pdf, picture, raw, saved, stream, with_stream, zeros

IMAGE = {"Subtype": Name.Image, "Width": 100, "Height": 100, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray}
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] %s >>"


def one_page(entries: bytes, *more: bytes) -> bytes:
    """A page with these entries, and the objects they lead to: the first is 4 0 R."""
    return raw([CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", PAGE % entries, *more])


# --- Bombs ------------------------------------------------------------------------------------


@bad("cv.pdf", Reason.BOMB, in_the_sandbox=True)
def a_picture_that_swells():
    return with_stream(zeros(256 * MB), Filter=Name.FlateDecode, **IMAGE)


@bad("cv.pdf", Reason.BOMB, in_the_sandbox=True)
def a_picture_that_swells_twice():
    return with_stream(zeros(256 * MB, times=2), Filter=Array([Name.FlateDecode] * 2), **IMAGE)


@bad("cv.pdf", Reason.BOMB)
def words_that_swell():
    made = pdf()
    swelling = made.make_stream(b"")
    swelling.write(zeros(64 * MB), filter=Name.FlateDecode)
    made.pages[0].obj.Contents = swelling
    return saved(made)


@bad("cv.pdf", Reason.BOMB, in_the_sandbox=True, takes_long=True)
def many_pictures_that_swell_a_little():
    made = pdf()
    pictures = Dictionary()
    data = zeros(64 * MB)
    for number in range(20):
        one = made.make_stream(b"", **IMAGE)
        one.write(data, filter=Name.FlateDecode)
        pictures[f"/X{number}"] = one
    made.pages[0].obj.Resources.XObject = pictures
    return saved(made)


@bad("cv.pdf", Reason.BOMB, in_the_sandbox=True)
def runs_that_swell():
    return with_stream(b"\x81\0" * (1 * MB), Filter=Name.RunLengthDecode, **IMAGE)


@bad("cv.pdf", Reason.TOO_DEEP)
def compressed_twenty_times():
    return with_stream(zeros(1 * MB, times=20), Filter=Array([Name.FlateDecode] * 20), **IMAGE)


@bad("cv.pdf", Reason.BROKEN, in_the_sandbox=True)
def a_stream_of_objects_that_swells():
    entries = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
    head = b"%PDF-1.7\n"
    swelling = b"4 0 obj\n" + stream(zeros(256 * MB), entries) + b"\nendobj\n"
    start = len(head) + len(swelling)
    rows = [b"\0\0\0\0\0", b"\2\0\0\4\0", b"\2\0\0\4\0", b"\2\0\0\4\0", b"\1" + len(head).to_bytes(3, "big") + b"\0"]
    fields = b"/Type /XRef /Size 5 /W [1 3 1] /Root 1 0 R"
    return (
        head + swelling + b"5 0 obj\n" + stream(b"".join(rows), fields) + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
    )


@bad("cv.pdf", Reason.BROKEN, in_the_sandbox=True)
def a_table_of_places_that_swells():
    head = b"%PDF-1.7\n"
    entries = b"/Type /XRef /Size 5 /W [1 3 1] /Root 1 0 R /Filter /FlateDecode"
    table = b"5 0 obj\n" + stream(zeros(256 * MB), entries) + b"\nendobj\n"
    return head + table + b"startxref\n%d\n%%%%EOF\n" % len(head)


# --- Pictures that say they are huge ----------------------------------------------------------


@bad("cv.pdf", Reason.TOO_MANY_PIXELS)
def a_picture_in_it_that_says_it_is_huge():
    return with_stream(b"\0", Filter=Name.JBIG2Decode, **{**IMAGE, "Width": 2_000_000_000, "Height": 2_000_000_000})


@bad("cv.pdf", Reason.TOO_MANY_PIXELS)
def a_raw_picture_in_it_that_says_it_is_huge():
    return with_stream(b"\0", **{**IMAGE, "Width": 2_000_000_000, "Height": 2_000_000_000})


@bad("cv.pdf", Reason.TOO_MANY_PIXELS)
def a_fax_that_says_it_is_huge():
    settings = Dictionary(K=-1, Columns=1_000_000_000, Rows=1_000_000_000)
    return with_stream(b"\0", Filter=Name.CCITTFaxDecode, DecodeParms=settings, **IMAGE)


@bad("cv.pdf", Reason.TOO_MANY_PIXELS)
def a_jpeg_in_it_that_says_it_is_huge():
    data = bytearray(picture())
    at = data.find(b"\xff\xc0")
    data[at + 5 : at + 9] = b"\xff\xdc" * 2
    return with_stream(bytes(data), Filter=Name.DCTDecode, **IMAGE)


@bad("cv.pdf", Reason.TOO_MANY_PIXELS)
def a_jpeg_2000_that_says_it_is_huge():
    sizes = b"".join(size.to_bytes(4, "big") for size in (2_000_000_000, 2_000_000_000, 0, 0))
    return with_stream(b"\xff\x4f\xff\x51\x00\x2f\x00\x00" + sizes + bytes(32), Filter=Name.JPXDecode, **IMAGE)


@bad("cv.pdf", Reason.TOO_MANY_PIXELS)
def a_fax_in_jbig2_whose_page_is_huge():
    page = (0).to_bytes(4, "big") + b"\x30\x00\x01" + (19).to_bytes(4, "big")
    page += (2_000_000_000).to_bytes(4, "big") * 2 + bytes(11)
    return with_stream(page, Filter=Name.JBIG2Decode, **IMAGE)


@bad("cv.pdf", Reason.TOO_MANY_PIXELS)
def rows_of_a_thousand_million_bytes():
    settings = Dictionary(Predictor=15, Columns=1_000_000_000)
    return with_stream(zeros(1 * MB), Filter=Name.FlateDecode, DecodeParms=settings, **IMAGE)


# --- Long and deep ----------------------------------------------------------------------------


@bad("cv.pdf", Reason.TOO_MANY_PAGES)
def a_hundred_and_one_pages():
    return saved(pdf(pages=101))


@bad("cv.pdf", Reason.TOO_MANY_PAGES, in_the_sandbox=True)
def ten_thousand_pages():
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 10_003))
    return raw([CATALOG, b"<< /Type /Pages /Kids [%s] /Count 10000 >>" % kids, *[PAGE % b""] * 10_000])


@bad("cv.pdf", Reason.TOO_MANY_PAGES)
def one_page_ten_thousand_times():
    return raw([CATALOG, b"<< /Type /Pages /Kids [%s] /Count 10000 >>" % (b"3 0 R " * 10_000), PAGE % b""])


@bad("cv.pdf", Reason.TOO_DEEP)
def a_tree_of_pages_that_bites_its_tail():
    return raw([CATALOG, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"])


@bad("cv.pdf", Reason.TOO_DEEP)
def a_million_million_pages():
    """Twelve branches of which each has the next one ten times."""
    branches = [b"<< /Type /Pages /Count 10 /Kids [%s] >>" % (b"%d 0 R " % (at + 1) * 10) for at in range(2, 14)]
    return raw([CATALOG, *branches, PAGE % b""])


@bad("cv.pdf", Reason.TOO_DEEP)
def a_tree_of_pages_five_thousand_deep():
    branches = [b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (at + 1) for at in range(2, 5_002)]
    return raw([CATALOG, *branches, PAGE % b""])


@bad("cv.pdf", Reason.TOO_DEEP, in_the_sandbox=True)
def arrays_a_hundred_thousand_deep():
    return one_page(b"/Group " + b"[" * 100_000 + b"]" * 100_000)


@bad("cv.pdf", Reason.TOO_DEEP)
def drawings_that_show_drawings():
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>"
    drawings = [stream(b"/X Do", head % (at + 1)) for at in range(4, 1_004)]
    return one_page(b"/Resources << /XObject << /X 4 0 R >> >>", *drawings, stream(b""))


@bad("cv.pdf", Reason.TOO_DEEP, in_the_sandbox=True, takes_long=True)
def sixty_thousand_objects():
    states = b" ".join(b"/G%d << /CA %d >>" % (number, number) for number in range(60_000))
    return one_page(b"/Resources << /ExtGState << %s >> >>" % states)


@bad("cv.pdf")
def a_drawing_that_shows_itself():
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >>"
    return one_page(b"/Resources << /XObject << /X 4 0 R >> >>", stream(b"/X Do", entries))


@bad("cv.pdf")
def names_that_bite_their_tail():
    made = pdf()
    tree = made.make_indirect(Dictionary(Names=Array([])))
    tree.Kids = Array([tree, tree])
    made.Root.Names = Dictionary(Dests=tree)
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), Dest=pikepdf.String("nowhere"))
    made.pages[0].obj.Annots = Array([link])
    return saved(made)
