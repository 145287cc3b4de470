"""What the logs must not hold."""

import logging
import re

_SIGNED = re.compile(r"[\w.%-]+:[0-9A-Za-z]{6}:[\w-]{43}")
"""What Django's signing makes: what it says, when it was signed, the signature."""


class WithoutPersonalLinks(logging.Filter):
    """A personal link stands in the address of its page, and Django logs the address of what it refuses: a field left
    empty, a page left open too long. Whoever reads the logs could answer in the place of a legal representative.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = _SIGNED.sub("(lien personnel)", message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True
