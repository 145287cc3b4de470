"""What happens inside the sandbox, from bytes to bytes."""

import io

import pikepdf
from PIL import Image, ImageOps

from documents.verdicts import Code, Refused


def work(data: bytes) -> tuple[dict, bytes]:
    """The verdict on a file, and its harmless copy. Raises Refused."""
    try:
        if b"%PDF-" in data[:1024]:
            return _pdf(data)
        return _picture(data)
    except Refused:
        raise
    except pikepdf.PasswordError:
        raise Refused(Code.ENCRYPTED)
    except Exception as error:
        raise Refused(Code.BROKEN, type(error).__name__)


def _pdf(data):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf, pikepdf.new() as new:
        new.pages.extend(pdf.pages)
        pages = len(new.pages)
        new.save(out)
    return {"content_type": "application/pdf", "pages": pages}, out.getvalue()


def _picture(data):
    out = io.BytesIO()
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
        kind = "PNG" if image.format == "PNG" else "JPEG"
        image.load()
        picture = ImageOps.exif_transpose(image).convert("RGB")
        picture.save(out, kind)
    return {"content_type": f"image/{kind.lower()}", "pages": 1}, out.getvalue()
