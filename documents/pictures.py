"""A picture is decoded, and drawn again: what is kept has its pixels, the right way up, and nothing else of it.

Gone: EXIF with the place and the phone's serial number, comments, colour profiles, thumbnails, texts, later frames,
films and archives behind the last byte. Runs inside the sandbox.
"""

import io
import math

from PIL import Image, ImageFile, PngImagePlugin

from documents.kinds import JPEG, PNG
from documents.limits import (
    JPEG_QUALITY,
    KEPT_PIXELS,
    MAX_PHOTO_PIXELS,
    MAX_PIXELS,
    MAX_SIDE,
    MAX_SIZE,
    WHOLE_PIXELS,
)
from documents.verdicts import Code, Refused

# Our own limits are stricter, and asked before a pixel is decoded.
Image.MAX_IMAGE_PIXELS = None
# A truncated picture is refused, not filled with grey.
ImageFile.LOAD_TRUNCATED_IMAGES = False
PngImagePlugin.MAX_TEXT_CHUNK = 1024 * 1024
PngImagePlugin.MAX_TEXT_MEMORY = 4 * 1024 * 1024

ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
PLAIN_MODES = {"1": "L", "I;16": "L", "I;16B": "L", "I": "L", "La": "LA", "RGBa": "RGBA"}
"""What cannot be scaled well, and what it becomes; a palette depends on its transparency."""


def rebuild(data: bytes) -> tuple[str, int, bytes]:
    """The content type, the number of pages (one) and the bytes of a picture drawn again. Raises Refused."""
    if data.startswith(b"\x89PNG"):
        _check_every_chunk(data)
    with _opened(data) as image:
        content_type = PNG if image.format == "PNG" else JPEG
        _measure(image, content_type)
        kept = _kept_size(image.size)
        if content_type == JPEG:
            image.draft(None, kept)
        orientation = _orientation(image)
        image.load()
        picture = _scaled(image, kept)
    if orientation in UPRIGHT:
        picture = picture.transpose(UPRIGHT[orientation])
    return content_type, 1, _written(picture, content_type)


def samples() -> list[bytes]:
    """Small pictures; opening them loads all that opening a picture takes."""
    made = []
    tags = Image.Exif()
    tags[ORIENTATION] = 6
    for kind, mode in (("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("MPO", "RGB")):
        sample, image = io.BytesIO(), Image.new(mode, (8, 8))
        more = {"save_all": True, "append_images": [image]} if kind == "MPO" else {}
        image.save(sample, kind, exif=tags.tobytes(), **more)
        made.append(sample.getvalue())
    return made


def _opened(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
    except ValueError as error:  # a text or a profile that swells
        raise Refused(Code.BOMB, str(error))


def _check_every_chunk(data: bytes) -> None:
    """The checksums of a PNG, which decoding does not look at."""
    with _opened(data) as image:
        _measure(image, PNG)
        image.verify()


def _measure(image: Image.Image, content_type: str) -> None:
    width, height = image.size
    # A progressive JPEG is decoded whole, whatever is asked of it.
    most = MAX_PHOTO_PIXELS if content_type == JPEG and not image.info.get("progressive") else MAX_PIXELS
    if width * height > most or max(width, height) > MAX_SIDE:
        raise Refused(Code.TOO_MANY_PIXELS, f"{width} × {height}")


def _kept_size(size: tuple[int, int]) -> tuple[int, int]:
    """The size to keep: all of it, or the same shape with KEPT_PIXELS. A long capture of a page stays readable."""
    scale = min(1.0, math.sqrt(KEPT_PIXELS / (size[0] * size[1])))
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def _orientation(image: Image.Image) -> int:
    try:
        return image.getexif().get(ORIENTATION, 1)
    except MemoryError:
        raise
    except Exception:
        return 1  # what cannot be read is not followed: the picture itself may be sound


def _scaled(image: Image.Image, kept: tuple[int, int]) -> Image.Image:
    """The decoded picture in a mode that can be written, at the size to keep."""
    if image.width * image.height > WHOLE_PIXELS:
        picture = _reduced(image, math.ceil(max(image.width / kept[0], image.height / kept[1])))
    else:
        picture = _plain(image)
    if picture.width > kept[0] or picture.height > kept[1]:
        picture = picture.resize(kept, Image.Resampling.LANCZOS)
    return picture


def _reduced(image: Image.Image, factor: int) -> Image.Image:
    """The picture reduced by a whole factor, strip by strip: never two of them whole in memory."""
    result, strip = None, factor * 64
    for top in range(0, image.height, strip):
        piece = _plain(image.crop((0, top, image.width, min(top + strip, image.height)))).reduce(factor)
        if result is None:
            result = Image.new(piece.mode, (piece.width, math.ceil(image.height / factor)))
        result.paste(piece, (0, top // factor))
    return result


def _plain(image: Image.Image) -> Image.Image:
    """The same picture as grey, colour, or either with transparency; eight bits each."""
    if image.mode in ("I;16", "I;16B", "I"):
        image = image.point(lambda level: level * (1 / 256)).convert("L") if image.mode == "I" else _eight_bits(image)
    if image.mode in ("P", "PA") or "transparency" in image.info:
        return image.convert("RGBA" if image.mode == "PA" or "transparency" in image.info else "RGB")
    mode = PLAIN_MODES.get(image.mode, image.mode)
    return image.convert(mode if mode in ("L", "LA", "RGB", "RGBA") else "RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    return image.convert("I").point(lambda level: level * (1 / 256)).convert("L")


def _written(picture: Image.Image, content_type: str) -> bytes:
    """The file, made smaller until it weighs what an upload may."""
    picture.info = {}  # Pillow would write a profile or a comment that it finds there
    while True:
        result = io.BytesIO()
        if content_type == PNG:
            picture.save(result, "PNG")
        else:
            flat = picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
            flat.save(result, "JPEG", quality=JPEG_QUALITY, optimize=True)
        size = result.tell()
        if size <= MAX_SIZE:
            return result.getvalue()
        scale = 0.9 * math.sqrt(MAX_SIZE / size)
        smaller = max(1, int(picture.width * scale)), max(1, int(picture.height * scale))
        picture = picture.resize(smaller, Image.Resampling.LANCZOS)
        picture.info = {}
