"""The second look alone, without the cleaning before it: whatever acts or carries is refused by it too."""

import pytest

from documents import harmless_pdfs, harmless_pictures, inside
from documents.kinds import JPEG, PDF, kind_of
from documents.verdicts import Code, Refused
from tests.documents import corpus
from tests.documents.making import pdf, picture, saved

ITEMS = [
    item for item in corpus.load() if item.refused is None and item.build.__module__.endswith(("acting", "pictures"))
]
# Sound pictures: only their colours are others than are kept.
JUST_PICTURES = {
    "a_jpeg_for_a_printing_press",
    "a_progressive_jpeg",
    "a_png_of_sixteen_bits",
    "a_png_with_a_palette_and_a_hole",
    "a_png_of_black_and_white",
    "a_png_seen_through",
}
# What cannot be told from the outside of a sound file: bytes behind compressed ones are cut by whoever decompresses.
UNSEEN = {"bytes_behind_a_compressed_picture"}


def look(data: bytes) -> None:
    content_type = kind_of(data)
    (harmless_pdfs if content_type == PDF else harmless_pictures).check(content_type, data)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_what_was_sent_would_not_pass(item):
    data = item.build()
    if item.name in JUST_PICTURES | UNSEEN:
        look(data)
        return
    with pytest.raises(Refused) as raised:
        look(data)
    assert raised.value.code == Code.STILL_ACTIVE
    look(inside.work(data)[1])


def test_it_looks_at_most_of_the_corpus():
    assert len(ITEMS) - len(JUST_PICTURES | UNSEEN) >= 55


def test_sound_files_pass():
    look(picture())
    look(picture(kind="PNG"))
    look(saved(pdf()))
    with pytest.raises(Refused):
        harmless_pictures.check(JPEG, picture(kind="PNG"))
