"""Files made in code: sound ones, and the pieces of unsound ones."""

import io
import zipfile
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from tests.documents.corpus import MARKER

TEXT = b"BT /F1 24 Tf 72 720 Td (Ines Martin, scenariste) Tj ET"


def pdf(*, pages: int = 1) -> pikepdf.Pdf:
    """A page of a CV: one font, one line of text."""
    made = pikepdf.new()
    font = made.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for _ in range(pages):
        page = made.add_blank_page(page_size=(595, 842))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        page.obj.Contents = made.make_stream(TEXT)
    return made


def saved(made: pikepdf.Pdf, **options) -> bytes:
    """The bytes of a PDF, as it stands."""
    result = io.BytesIO()
    made.save(result, **options)
    return result.getvalue()


def with_catalog(**entries) -> bytes:
    """A CV whose catalog holds more than it should."""
    made = pdf()
    for key, value in entries.items():
        made.Root[f"/{key}"] = value
    return saved(made)


def with_annotation(**entries) -> bytes:
    """A CV with something to click on its page."""
    made = pdf()
    annotation = Dictionary(Type=Name.Annot, Rect=Array([72, 700, 300, 740]), **entries)
    made.pages[0].obj.Annots = Array([made.make_indirect(annotation)])
    return saved(made)


def with_link(**action) -> bytes:
    """A CV with a link that does this."""
    return with_annotation(Subtype=Name.Link, A=Dictionary(**action))


def with_stream(data: bytes, *, where: str = "X1", **entries) -> bytes:
    """A CV whose page has this stream, written byte for byte, among its pictures."""
    made = pdf()
    stream = made.make_stream(b"")
    stream.write(data, filter=entries.pop("Filter", None), decode_parms=entries.pop("DecodeParms", None))
    for key, value in entries.items():
        stream[f"/{key}"] = value
    made.pages[0].obj.Resources.XObject = Dictionary({f"/{where}": stream})
    return saved(made, compress_streams=False)


def script(code: bytes = b"app.alert('" + MARKER + b"')") -> Dictionary:
    """An action that runs a script."""
    return Dictionary(S=Name.JavaScript, JS=pikepdf.String(code))


def attached(made: pikepdf.Pdf) -> Dictionary:
    """A file within the file."""
    content = made.make_stream(MARKER, Type=Name.EmbeddedFile)
    return made.make_indirect(Dictionary(Type=Name.Filespec, F="virus.exe", UF="virus.exe", EF=Dictionary(F=content)))


def raw(objects: list[bytes], *, trailer: bytes = b"", header: bytes = b"%PDF-1.7\n") -> bytes:
    """A PDF written by hand; the first object is its catalog."""
    out, places = bytearray(header), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Root 1 0 R /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """The body of a stream written by hand."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def zeros(size: int, times: int = 1) -> bytes:
    """Very little that becomes very much: zeros, compressed several times. One block is made, and repeated."""
    step = 1024 * 1024
    compressor = zlib.compressobj(9, wbits=-15)
    block = compressor.compress(bytes(step)) + compressor.flush(zlib.Z_FULL_FLUSH)
    checksum = 1
    for _ in range(size // step):
        checksum = zlib.adler32(bytes(step), checksum)
    data = b"\x78\x9c" + block * (size // step) + b"\x03\x00" + checksum.to_bytes(4, "big")
    for _ in range(times - 1):
        data = zlib.compress(data, 9)
    return data


# --- Pictures ---------------------------------------------------------------------------------


def gradient(size=(320, 240), mode: str = "RGB") -> Image.Image:
    """Something to recognise: dark at the top, light at the bottom, red to the left."""
    grey = Image.linear_gradient("L").resize(size)
    return Image.merge("RGB", (grey, grey, Image.new("L", size))).convert(mode)


def picture(image: Image.Image | None = None, kind: str = "JPEG", **options) -> bytes:
    """The bytes of a picture."""
    result = io.BytesIO()
    (image or gradient()).save(result, kind, **options)
    return result.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")


def png_with(*chunks: bytes) -> bytes:
    """A PNG with more chunks behind its header."""
    sound = picture(kind="PNG")
    return sound[:33] + b"".join(chunks) + sound[33:]


def jpeg_with(*segments: tuple[int, bytes]) -> bytes:
    """A JPEG with more segments behind its first bytes."""
    sound = picture()
    parts = (b"\xff" + bytes([marker]) + (len(data) + 2).to_bytes(2, "big") + data for marker, data in segments)
    return sound[:2] + b"".join(parts) + sound[2:]


def archive(name: str = "malware.js") -> bytes:
    """A ZIP, that many programs find at the end of anything."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as opened:
        opened.writestr(name, MARKER)
    return result.getvalue()
