"""What people read is set as French is: no-break spaces before what has two parts, and inside guillemets."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
NOT_READ = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<(script|style)\b.*?</\1>", re.DOTALL)
MARKUP = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", re.DOTALL)
PARTED = re.compile(r".{0,30}(?: [;:!?](?=\s|$)|« | »)", re.MULTILINE)
"""A plain space where a line may not break."""


def parted(source: str) -> list[str]:
    """Where the words of a template may part from their sign; what a tag writes counts as a word."""
    text = MARKUP.sub(lambda tag: "" if tag[0].startswith(("<", "{%")) else "X", NOT_READ.sub("", source))
    return [found.strip() for found in PARTED.findall("\n".join(line.strip() for line in text.splitlines()))]


def test_no_sign_is_parted_from_its_word():
    sources = {path: path.read_text() for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt")}
    found = {str(path.relative_to(TEMPLATES)): words for path, text in sources.items() if (words := parted(text))}
    assert found == {}
    assert len(sources) > 200


def test_a_parted_sign_would_be_seen():
    assert parted("<p>Qui ?</p>") == ["Qui ?"]
    assert parted("{{ name }} : « Oui\u00a0»") == ["X : «"]
    assert parted("{# « a » #}<p>Qui\u00a0?</p>") == []
