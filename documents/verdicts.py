"""Why a file cannot be used, as codes that the sandbox says to the worker. `reasons` has the French."""

from enum import StrEnum


class Code(StrEnum):
    """Why. The worker keeps it in the document's row."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_KIND = "wrong_kind"
    WORD = "word"
    HEIC = "heic"
    DISGUISED = "disguised"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_DEEP = "too_deep"
    BOMB = "bomb"
    TOO_SLOW = "too_slow"
    STILL_ACTIVE = "still_active"
    INFECTED = "infected"


class Refused(Exception):
    """This file cannot be used; raised inside the sandbox, carried out of it as its code."""

    def __init__(self, code: Code, detail: str = ""):
        super().__init__(code.value, detail)
        self.code, self.detail = code, detail
