"""What happens inside the sandbox, from bytes to bytes."""

from importlib import import_module

from documents.kinds import PDF, kind_of
from documents.limits import MAX_RESULT
from documents.verdicts import Code, Refused


def work(data: bytes) -> tuple[dict, bytes]:
    """What is known of a file, and its harmless copy, looked at once more by other eyes. Raises only Refused."""
    try:
        maker, checker = _tools(data)
        content_type, pages, result = maker.rebuild(data)
        if len(result) > MAX_RESULT:
            raise Refused(Code.TOO_LARGE, f"{len(result)} bytes once rewritten")
        checker.check(content_type, result)
    except Refused:
        raise
    except MemoryError:
        raise Refused(Code.BOMB, "MemoryError")
    except RecursionError:
        raise Refused(Code.TOO_DEEP, "RecursionError")
    except Exception as error:  # whatever a stranger's bytes made a library stumble over
        raise Refused(Code.BROKEN, f"{type(error).__name__}: {error}")
    return {"content_type": content_type, "pages": pages}, result


def samples_for(data: bytes) -> list[bytes]:
    """Small sound files of the kind at hand, to rehearse with."""
    return _tools(data)[0].samples()


def _tools(data: bytes):
    """What opens such a file, and what looks at the result. A picture's process never loads what reads a PDF."""
    if kind_of(data) == PDF:
        return import_module("documents.pdfs"), import_module("documents.harmless_pdfs")
    return import_module("documents.pictures"), import_module("documents.harmless_pictures")
