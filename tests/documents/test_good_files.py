"""What an honest candidate sends comes out as she knows it: the words, the links, what she typed, the right way up."""

import base64
import io
import re
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageChops, ImageStat

from documents import inside
from documents.limits import KEPT_PIXELS
from tests.documents.making import TEXT, gradient, pdf, picture, saved
from tests.documents.reopened import assert_harmless


def cleaned(data: bytes) -> bytes:
    verdict, result = inside.work(data)
    assert_harmless(verdict["content_type"], result)
    return result


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(cleaned(data)))


def link(**entries) -> Dictionary:
    return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([72, 700, 300, 740]), **entries)


# --- PDF --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", list(pikepdf.ObjectStreamMode.__members__))
def test_a_cv_keeps_its_words_and_its_font(mode):
    made = pdf(pages=3)
    result = opened(saved(made, object_stream_mode=pikepdf.ObjectStreamMode[mode]))
    assert len(result.pages) == 3
    for page in result.pages:
        assert page.Contents.read_bytes() == TEXT
        assert page.Resources.Font.F1.BaseFont == Name.Helvetica
        assert [float(number) for number in page.MediaBox] == [0, 0, 595, 842]
    assert len({page.Resources.Font.F1.objgen for page in result.pages}) == 1


def test_a_cv_that_only_its_owner_may_change():
    result = opened(saved(pdf(), encryption=pikepdf.Encryption(owner="secret", user="", R=6)))
    assert result.pages[0].Contents.read_bytes() == TEXT


def test_words_compressed_in_an_old_way():
    made = pdf()
    made.pages[0].Contents.write(
        base64.a85encode(zlib.compress(TEXT)) + b"~>", filter=Array([Name.ASCII85Decode, Name.FlateDecode])
    )
    result = opened(saved(made, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none))
    assert result.pages[0].Contents.read_bytes() == TEXT


def test_a_photo_written_as_letters():
    photo = picture()
    made = pdf()
    image = made.make_stream(b"", Subtype=Name.Image, Width=320, Height=240, BitsPerComponent=8)
    image.write(base64.a85encode(photo) + b"~>", filter=Array([Name.ASCII85Decode, Name.DCTDecode]))
    image.ColorSpace = Name.DeviceRGB
    made.pages[0].obj.Resources.XObject = Dictionary(Im0=image)
    result = opened(saved(made, stream_decode_level=pikepdf.StreamDecodeLevel.none))
    kept = result.pages[0].Resources.XObject.Im0
    assert kept.Filter == Name.DCTDecode
    with Image.open(io.BytesIO(photo)) as before, Image.open(io.BytesIO(kept.read_raw_bytes())) as after:
        assert before.tobytes() == after.tobytes()


def test_links_to_the_web_to_an_address_and_to_a_page():
    made = pdf(pages=2)
    made.Root.Dests = Dictionary(suite=Array([made.pages[1].obj, Name.FitH, 700]))
    made.Root.Names = Dictionary(
        Dests=Dictionary(Names=Array([String("fin"), Dictionary(D=Array([made.pages[1].obj, Name.XYZ, 0, 842, None]))]))
    )
    made.pages[0].obj.Annots = Array(
        [
            link(A=Dictionary(S=Name.URI, URI=String("https://exemple.fr/portfolio?a=1"))),
            link(A=Dictionary(S=Name.URI, URI=String("mailto:ines@example.org"))),
            link(Dest=Array([made.pages[1].obj, Name.Fit])),
            link(Dest=Name.suite),
            link(A=Dictionary(S=Name.GoTo, D=String("fin"))),
            link(A=Dictionary(S=Name.URI, URI=String("ftp://exemple.fr/"))),
        ]
    )
    result = opened(saved(made))
    links = list(result.pages[0].Annots)
    assert [str(one.A.URI) for one in links[:2]] == ["https://exemple.fr/portfolio?a=1", "mailto:ines@example.org"]
    assert [one.Dest[0].objgen for one in links[2:]] == [result.pages[1].obj.objgen] * 3
    assert [str(one.Dest[1]) for one in links[2:]] == ["/Fit", "/FitH", "/XYZ"]
    assert [len(one.Dest) for one in links[2:]] == [2, 3, 5]
    assert "/Annots" not in result.pages[1].obj


def test_what_a_page_inherits_stays():
    made = pdf()
    tree, page = made.Root.Pages, made.pages[0].obj
    tree.MediaBox, tree.Rotate, tree.Resources = Array([0, 0, 842, 595]), 90, page.Resources
    del page["/MediaBox"]
    del page["/Resources"]
    result = opened(saved(made))
    assert [int(number) for number in result.pages[0].obj.MediaBox] == [0, 0, 842, 595]
    assert int(result.pages[0].obj.Rotate) == 90
    assert result.pages[0].obj.Resources.Font.F1.BaseFont == Name.Helvetica


@pytest.mark.parametrize("has_look", [True, False])
def test_what_was_typed_in_a_form_stays_visible(has_look):
    made = pdf()
    field = made.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("prenom"), V=String("In\u00e8s"), F=4,
            Rect=Array([72, 600, 300, 620]), DA=String("/Helv 12 Tf 0 g"),
        )
    )  # fmt: skip
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    fonts = Dictionary(Font=Dictionary(Helv=made.make_indirect(font)))
    if has_look:
        look = made.make_stream(b"/Tx BMC BT /Helv 12 Tf 2 6 Td (In\xe8s) Tj ET EMC", Resources=fonts)
        look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 228, 20])
        field.AP = Dictionary(N=look)
    made.pages[0].obj.Annots = Array([field])
    made.Root.AcroForm = Dictionary(Fields=Array([field]), DR=fonts, DA=String("/Helv 12 Tf 0 g"))
    result = opened(saved(made))
    page = result.pages[0]
    assert "/Annots" not in page.obj
    [look] = page.Resources.XObject.values()
    assert re.search(rb"(\(In\xe8s\)|<496ee873>) Tj", look.read_bytes())
    content = b"".join(one.read_bytes() for one in page.obj.Contents)
    assert TEXT in content
    assert b" Do" in content


def test_a_scanned_page_of_a4():
    scan = picture(gradient((1240, 1754)), quality=60)
    made = pdf()
    image = made.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=1240, Height=1754, BitsPerComponent=8)
    image.write(scan, filter=Name.DCTDecode)
    image.ColorSpace = Name.DeviceRGB
    made.pages[0].obj.Resources.XObject = Dictionary(Im0=image)
    result = opened(saved(made))
    kept = result.pages[0].Resources.XObject.Im0.read_raw_bytes()
    with Image.open(io.BytesIO(scan)) as before, Image.open(io.BytesIO(kept)) as after:
        assert before.tobytes() == after.tobytes()


def test_a_hidden_layer_stays_hidden():
    made = pdf()
    shown, hidden = (made.make_indirect(Dictionary(Type=Name.OCG, Name=String(name))) for name in ("vu", "caché"))
    made.Root.OCProperties = Dictionary(
        OCGs=Array([shown, hidden]), D=Dictionary(ON=Array([shown]), OFF=Array([hidden]))
    )
    made.pages[0].obj.Resources.Properties = Dictionary(MC0=shown, MC1=hidden)
    result = opened(saved(made))
    layers = result.pages[0].Resources.Properties
    assert [one.objgen for one in result.Root.OCProperties.D.OFF] == [layers.MC1.objgen]
    assert [one.objgen for one in result.Root.OCProperties.OCGs] == [layers.MC0.objgen, layers.MC1.objgen]


def test_the_language_stays():
    made = pdf()
    made.Root.Lang = String("fr-FR")
    result = opened(saved(made))
    assert str(result.Root.Lang) == "fr-FR"


def test_fonts_of_the_file_s_own():
    """What a word processor writes: a font in pieces, with the table from its glyphs to letters."""
    made = pdf()
    program, letters = made.make_stream(b"\0\1\0\0" * 100), made.make_stream(b"/CIDInit /ProcSet findresource begin")
    program.Length1 = 400
    descriptor = Dictionary(Type=Name.FontDescriptor, FontName=Name("/AAAAAA+Caf\u00e9"), Flags=4, FontFile2=program)
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/AAAAAA+Caf\u00e9"), FontDescriptor=descriptor,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        CIDToGIDMap=Name.Identity, W=Array([1, Array([500, 600])]), DW=1000,
    )  # fmt: skip
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/AAAAAA+Caf\u00e9"), Encoding=Name("/Identity-H"),
        DescendantFonts=Array([made.make_indirect(descendant)]), ToUnicode=letters,
    )  # fmt: skip
    made.pages[0].obj.Resources.Font.F2 = made.make_indirect(font)
    result = opened(saved(made))
    kept = result.pages[0].Resources.Font.F2
    assert kept.ToUnicode.read_bytes() == b"/CIDInit /ProcSet findresource begin"
    inner = kept.DescendantFonts[0]
    assert inner.FontDescriptor.FontFile2.read_bytes() == b"\0\1\0\0" * 100
    assert int(inner.FontDescriptor.FontFile2.Length1) == 400
    assert [float(width) for width in inner.W[1]] == [500, 600]
    assert inner.CIDSystemInfo.Ordering == String("Identity")


# --- Pictures ---------------------------------------------------------------------------------


def difference(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


def seen(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(cleaned(data)))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_looks_the_same(kind):
    image = seen(picture(kind=kind))
    assert image.format == kind
    assert image.size == (320, 240)
    assert difference(image, gradient()) < 3


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_other_colours_of_a_jpeg(mode):
    image = seen(picture(gradient(mode=mode)))
    assert difference(image, gradient(mode=mode)) < 4


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "1", "P"])
def test_other_colours_of_a_png(mode):
    before = gradient(mode=mode) if mode != "P" else gradient().quantize(64)
    assert difference(seen(picture(before, "PNG")), before) < 1


def test_sixteen_bits_become_eight():
    before = Image.new("I;16", (2, 1))
    before.putpixel((0, 0), 65535)
    before.putpixel((1, 0), 32768)
    image = seen(picture(before, "PNG"))
    assert image.mode == "L"
    assert [image.getpixel((x, 0)) for x in (0, 1)] == [255, 128]


def test_what_is_seen_through_stays_so():
    before = gradient(mode="RGBA")
    before.putalpha(Image.new("L", before.size, 40))
    assert seen(picture(before, "PNG")).getchannel("A").getextrema() == (40, 40)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_the_right_way_up(orientation):
    """As a phone writes it: the pixels lie, and a number says how to turn them."""
    back = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    lying = gradient() if back is None else gradient().transpose(Image.Transpose(back))
    tags = Image.Exif()
    tags[0x0112] = orientation
    image = seen(picture(lying, exif=tags.tobytes(), quality=95))
    assert image.size == (320, 240)
    assert difference(image, gradient()) < 3


def test_a_photo_of_a_phone_is_scaled_down():
    image = seen(picture(gradient((4032, 3024))))
    assert image.width * image.height <= KEPT_PIXELS
    assert image.width / image.height == pytest.approx(4 / 3, abs=0.01)
    assert difference(image.resize((320, 240)), gradient()) < 4


def test_a_large_png_is_reduced_by_strips():
    image = seen(picture(gradient((6000, 4000), "L"), "PNG"))
    assert image.width * image.height <= KEPT_PIXELS
    assert image.width / image.height == pytest.approx(1.5, abs=0.01)
    assert difference(image.resize((320, 240)), gradient(mode="L")) < 4


def test_a_long_capture_of_a_page_stays_readable():
    assert seen(picture(gradient((400, 12_000)), "PNG")).size == (400, 12_000)


def test_the_first_of_two_pictures_is_kept():
    result = io.BytesIO()
    gradient().save(result, "MPO", save_all=True, append_images=[Image.new("RGB", (320, 240), (1, 2, 3))])
    assert difference(seen(result.getvalue()), gradient()) < 3
