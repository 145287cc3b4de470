"""Files that are as heavy as they may be, and a few that are heavier."""

import io
import os
import zlib

from pikepdf import Dictionary, Name
from PIL import Image

from tests.documents.making import gradient, pdf, picture, saved

MPX_50, MPX_200 = (8_160, 6_120), (16_320, 12_240)


def png_20_mpx_seen_through() -> bytes:
    return picture(gradient((5_160, 3_870), "RGBA"), "PNG")


def png_50_mpx() -> bytes:
    return picture(gradient(MPX_50), "PNG")


def png_50_mpx_seen_through() -> bytes:
    return picture(gradient(MPX_50, "RGBA"), "PNG")


def png_50_mpx_with_a_palette() -> bytes:
    return picture(Image.linear_gradient("L").resize(MPX_50).convert("P"), "PNG", transparency=3)


def png_50_mpx_in_sixteen_bits() -> bytes:
    return picture(Image.new("I;16", MPX_50, 30_000), "PNG")


def jpeg_200_mpx() -> bytes:
    return picture(gradient(MPX_200))


def jpeg_35_mpx_for_a_printing_press() -> bytes:
    """Just too small to be decoded at half its size."""
    return picture(gradient((6_850, 5_100), "CMYK"))


def jpeg_50_mpx_progressive() -> bytes:
    return picture(gradient(MPX_50), progressive=True)


def jpeg_200_mpx_progressive() -> bytes:
    return picture(gradient(MPX_200), progressive=True)


def jpeg_of_thousands_of_scans() -> bytes:
    """A progressive picture whose last scan, which refines it, comes again and again."""
    data = picture(gradient((4_000, 4_000)), progressive=True)
    last = data.rfind(b"\xff\xda")
    scan = data[last:-2]
    return data[:-2] + scan * min(20_000, (9_500_000 - len(data)) // len(scan)) + data[-2:]


def pdf_of_a_hundred_pages_of_pictures() -> bytes:
    """Pictures that compress well, on each page one of A4 at 150 points an inch: 650 MB would be too much."""
    made = pdf(pages=100)
    rows = zlib.compress(bytes(1_240 * 1_240 * 3), 9)
    for page in made.pages:
        image = made.make_stream(b"", Subtype=Name.Image, Width=1_240, Height=1_240, BitsPerComponent=8)
        image.write(rows, filter=Name.FlateDecode)
        image.ColorSpace = Name.DeviceRGB
        page.obj.Resources.XObject = Dictionary(Im=image)
    return saved(made)


def pdf_of_forty_thousand_drawings() -> bytes:
    made = pdf()
    states = {f"/G{number}": Dictionary(CA=number) for number in range(40_000)}
    made.pages[0].obj.Resources.ExtGState = Dictionary(states)
    made.pages[0].obj.Contents = made.make_stream(b"q Q\n" * 2_000_000 + os.urandom(16).hex().encode())
    result = io.BytesIO()
    made.save(result)
    return result.getvalue()
