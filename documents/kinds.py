"""What may be sent: PDF, JPEG, PNG. Told by the first bytes, and only to know which library is to open it."""

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"

HEAD = 1024
"""A PDF's header may stand that far in: readers accept it, and scanners send such files by mail."""


def kind_of(head: bytes) -> str | None:
    """The content type that these first bytes announce; None for any other."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if b"%PDF-" in head[:HEAD] and not head.startswith((b"PK\x03\x04", b"MZ")):
        return PDF
    return None
