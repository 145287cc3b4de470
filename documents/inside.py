"""What happens inside the sandbox, from bytes to bytes."""

from documents.kinds import PDF, kind_of
from documents.limits import MAX_RESULT
from documents.verdicts import Code, Refused


def work(data: bytes) -> tuple[dict, bytes]:
    """What is known of a file, and its harmless copy, looked at once more by other eyes. Raises only Refused.

    The libraries are imported for the kind at hand: a picture's process never loads what reads a PDF.
    """
    try:
        if kind_of(data) == PDF:
            from documents import harmless, pdfs

            pages, result = pdfs.rebuild(data)
            content_type = PDF
        else:
            from documents import harmless, pictures

            content_type, result = pictures.redraw(data)
            pages = 1
        if len(result) > MAX_RESULT:
            raise Refused(Code.TOO_LARGE, f"{len(result)} bytes once rewritten")
        harmless.check(content_type, result)
    except Refused:
        raise
    except MemoryError:
        raise Refused(Code.BOMB, "MemoryError")
    except RecursionError:
        raise Refused(Code.TOO_DEEP, "RecursionError")
    except Exception as error:  # whatever a stranger's bytes made a library stumble over
        raise Refused(Code.BROKEN, f"{type(error).__name__}: {error}")
    return {"content_type": content_type, "pages": pages}, result
