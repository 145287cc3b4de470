"""Pictures that carry more than a picture, or much more of it."""

import io
import zlib

from PIL import Image, PngImagePlugin

from documents.reasons import Reason
from tests.documents.corpus import MARKER, bad
from tests.documents.making import archive, chunk, gradient, jpeg_with, picture, png_with, zeros

SCRIPT = b"<script>alert('" + MARKER + b"')</script>"


def png_of(width: int, height: int, depth: int = 8, colour: int = 0) -> bytes:
    """A PNG that says it is that large, over next to nothing."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([depth, colour, 0, 0, 0])
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zeros(16 * 1024 * 1024)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def exif(**tags) -> bytes:
    made = Image.Exif()
    for tag, value in {0x010F: MARKER.decode(), 0x010E: MARKER.decode(), **tags.get("more", {})}.items():
        made[tag] = value
    made.get_ifd(0x8825)[1], made.get_ifd(0x8825)[2] = "N", (48.0, 51.0, 24.0)
    return made.tobytes()


# --- Cut, damaged -----------------------------------------------------------------------------


@bad("photo.jpg", Reason.BROKEN, at_the_door=True)
def a_jpeg_cut_in_half():
    data = picture(gradient((800, 600)))
    return data[: len(data) // 2]


@bad("photo.jpg", Reason.BROKEN)
def a_jpeg_cut_in_half_with_a_thumbnail():
    data = jpeg_with((0xE1, b"Exif\0\0" + picture(gradient((32, 32)))))
    return data[: len(data) * 3 // 4]


@bad("photo.png", Reason.BROKEN, at_the_door=True)
def a_png_cut_in_half():
    data = picture(kind="PNG")
    return data[: len(data) // 2]


@bad("photo.png", Reason.BROKEN)
def a_png_with_a_hole():
    data = picture(gradient((800, 600)), kind="PNG")
    return data[:500] + data[900:]


@bad("photo.png", Reason.BROKEN)
def a_png_with_a_wrong_checksum():
    data = bytearray(picture(kind="PNG"))
    data[-14] ^= 0xFF
    return bytes(data)


@bad("photo.jpg", Reason.BROKEN)
def a_jpeg_of_noise():
    return b"\xff\xd8\xff\xe0" + bytes(range(256)) * 64 + b"\xff\xd9"


# --- Much too large ---------------------------------------------------------------------------


@bad("photo.png", Reason.TOO_MANY_PIXELS, in_the_sandbox=True)
def a_png_of_four_thousand_million_zeros():
    return png_of(65_000, 65_000)


@bad("photo.png", Reason.TOO_MANY_PIXELS)
def a_png_as_wide_as_it_can_say():
    return png_of(0x7FFFFFFF, 0x7FFFFFFF)


@bad("photo.png", Reason.TOO_MANY_PIXELS)
def a_png_of_one_column():
    return png_of(1, 49_000_000)


@bad("photo.png", Reason.BROKEN, in_the_sandbox=True)
def a_png_just_under_the_limit_in_sixteen_bits():
    return png_of(7_000, 7_000, depth=16, colour=6)


@bad("photo.jpg", Reason.TOO_MANY_PIXELS, in_the_sandbox=True)
def a_jpeg_as_large_as_it_can_say():
    data = bytearray(picture())
    at = data.find(b"\xff\xc0")
    data[at + 5 : at + 9] = b"\xff\xdc" * 2
    return bytes(data)


@bad("photo.png", Reason.BOMB, in_the_sandbox=True)
def a_png_with_a_text_that_swells():
    return png_with(chunk(b"zTXt", b"Comment\0\0" + zeros(256 * 1024 * 1024)))


@bad("photo.png", Reason.BOMB)
def a_png_with_an_international_text_that_swells():
    return png_with(chunk(b"iTXt", b"Comment\0\1\0\0\0" + zeros(64 * 1024 * 1024)))


@bad("photo.png", Reason.BOMB)
def a_png_with_a_profile_that_swells():
    return png_with(chunk(b"iCCP", b"icc\0\0" + zeros(64 * 1024 * 1024)))


# --- More than a picture ----------------------------------------------------------------------


@bad("photo.jpg")
def a_jpeg_and_an_archive():
    return picture() + archive()


@bad("photo.jpg")
def a_jpeg_and_a_java_program():
    return picture() + archive("META-INF/MANIFEST.MF")


@bad("photo.jpg")
def a_jpeg_and_a_film():
    return picture() + b"\x00\x00\x00\x18ftypmp42" + MARKER * 100


@bad("photo.jpg")
def a_jpeg_and_a_pdf_in_its_comment():
    return jpeg_with((0xFE, b"%PDF-1.7 " + MARKER))


@bad("photo.png")
def a_png_and_a_page():
    return picture(kind="PNG") + SCRIPT


@bad("photo.png")
def a_png_with_scripts_for_texts():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", SCRIPT.decode())
    texts.add_itxt("XML:com.adobe.xmp", SCRIPT.decode(), zip=False)
    texts.add_text("Author", SCRIPT.decode(), zip=True)
    return picture(kind="PNG", pnginfo=texts)


@bad("photo.png")
def a_png_with_chunks_of_its_own():
    return png_with(chunk(b"prVt", MARKER), chunk(b"eXIf", exif()[6:]))


@bad("photo.jpg")
def a_photo_that_says_where():
    return picture(exif=exif())


@bad("photo.png")
def a_png_that_says_where():
    return picture(kind="PNG", exif=exif())


@bad("photo.jpg")
def a_photo_taken_sideways():
    return picture(exif=exif(more={0x0112: 6}))


@bad("photo.jpg")
def a_photo_with_a_profile_of_garbage():
    return picture(icc_profile=MARKER * 1000)


@bad("photo.png")
def a_png_with_a_profile_of_garbage():
    return png_with(chunk(b"iCCP", b"icc\0\0" + zlib.compress(MARKER * 1000)))


@bad("photo.jpg")
def a_jpeg_with_a_thousand_comments():
    return jpeg_with(*[(0xFE, SCRIPT)] * 1000)


@bad("photo.jpg")
def a_jpeg_with_an_editor_s_notes():
    return jpeg_with((0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SCRIPT), (0xED, b"Photoshop 3.0\0" + SCRIPT))


@bad("photo.png")
def an_animated_png():
    other = Image.new("RGB", (320, 240), (1, 2, 3))
    return picture(kind="PNG", save_all=True, append_images=[other, other])


@bad("photo.jpg")
def two_pictures_in_a_jpeg():
    result = io.BytesIO()
    second = Image.new("RGB", (320, 240), (1, 2, 3))
    gradient().save(result, "MPO", save_all=True, append_images=[second])
    return result.getvalue()


@bad("photo.jpg")
def a_jpeg_for_a_printing_press():
    return picture(gradient(mode="CMYK"))


@bad("photo.jpg")
def a_progressive_jpeg():
    return picture(progressive=True)


@bad("photo.png")
def a_png_of_sixteen_bits():
    image = Image.new("I;16", (64, 64), 0x8000)
    return picture(image, "PNG")


@bad("photo.png")
def a_png_with_a_palette_and_a_hole():
    return picture(gradient().quantize(16), "PNG", transparency=3)


@bad("photo.png")
def a_png_of_black_and_white():
    return picture(gradient(mode="1"), "PNG")


@bad("photo.png")
def a_png_seen_through():
    return picture(gradient(mode="RGBA"), "PNG")
