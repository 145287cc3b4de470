"""Reading the letters: as their reader would get them, against golden files kept beside the tests."""

import os
from pathlib import Path

from notifications import rendering
from notifications.kinds import Kind


def check_letter(kind: Kind, folder: Path, variant: str = "", **changes) -> None:
    """Compare the letter that `kind` gives for its sample with `folder/<letter>.txt`.

    With `changes` to the sample, the file is `<letter>_<variant>.txt`. UPDATE_LETTERS=1 rewrites the file
    instead: read the difference aloud before you commit it.
    """
    subject, body = rendering.render(kind, {**kind.sample, **changes})
    text = f"{subject}\n\n{body}"
    letter = kind.name.partition(".")[2]
    golden = folder / (f"{letter}_{variant}.txt" if variant else f"{letter}.txt")
    if os.environ.get("UPDATE_LETTERS"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
