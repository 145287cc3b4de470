"""How a text is read: its lines as headings, lists and paragraphs. Its whole grammar is three marks.

A line that begins with « ## » is a heading, lines that begin with « - » are a list, a blank line ends a paragraph.
"""

from dataclasses import dataclass, field

HEADING, LIST, PARAGRAPH = "heading", "list", "paragraph"
MARKS = {"## ": HEADING, "- ": LIST}


@dataclass
class Block:
    """One heading, one list or one paragraph, with its lines."""

    kind: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def blocks(body: str) -> list[Block]:
    """The blocks of a text, in order."""
    found, is_open = [], False
    for line in map(str.strip, body.splitlines()):
        if not line:
            is_open = False
            continue
        mark = next((mark for mark in MARKS if line.startswith(mark)), "")
        kind = MARKS.get(mark, PARAGRAPH)
        if not is_open or kind == HEADING or found[-1].kind != kind:
            found.append(Block(kind))
        found[-1].lines.append(line.removeprefix(mark).lstrip())
        is_open = True
    return found
