"""The words of the demo, as text that anybody can edit: one fragment a line, in sections.

Slots: {town}; {craft}, {of_craft}, {to_craft} (« le montage », « du montage », « au montage »); {subject}, what a
film is about; and what agrees with the person who speaks: {e} (venu / venue), {er} (boursi{er}), {rice}
(animat{rice}), {se} (serveu{se}), {ui} (cel{ui}). `montage, PUPIL | …` is only for these trades, or audiences.
"""

from pathlib import Path


def sections(name: str) -> dict[str, tuple[str, ...]]:
    """The fragments of a file, by section (`## title`). Lines that start with a single # are remarks."""
    found: dict[str, list[str]] = {}
    title = ""
    for line in (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            title = line.removeprefix("## ").strip()
            found[title] = []
        elif line.strip() and not line.startswith("#"):
            found[title].append(line.strip())
    return {title: tuple(lines) for title, lines in found.items()}
