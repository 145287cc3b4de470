"""Every upload of the corpus is refused for the right reason, or comes out harmless: what came out is opened again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents import cleaning, inside
from documents.first_look import first_look
from documents.reasons import Reason, Unusable
from documents.verdicts import Refused
from tests.documents import corpus
from tests.documents.reopened import assert_harmless

ITEMS = corpus.load()


def outcome(item: corpus.Item, tmp_path) -> tuple:
    """(the reason it was refused for, None), or (None, (content type, bytes))."""
    data = item.build()
    try:
        first_look(SimpleUploadedFile(item.filename, data))
    except Unusable as unusable:
        assert item.at_the_door
        return unusable.reason, None
    assert not item.at_the_door
    if not item.in_the_sandbox:
        try:
            verdict, result = inside.work(data)
        except Refused as refused:
            return Reason(refused.code.value), None
        return None, (verdict["content_type"], result)
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(data)
    try:
        cleaned = cleaning.clean(source, target)
    except Unusable as unusable:
        assert not target.exists()
        return unusable.reason, None
    return None, (cleaned.content_type, target.read_bytes())


def entry(item: corpus.Item):
    return pytest.param(item, id=item.name, marks=[pytest.mark.long] if item.takes_long else [])


@pytest.mark.parametrize("item", [entry(item) for item in ITEMS])
def test_refused_or_made_harmless(item, tmp_path):
    reason, result = outcome(item, tmp_path)
    assert reason == item.refused
    if result:
        assert_harmless(*result)


def test_the_corpus_is_whole():
    """So that an empty list never passes for a safe one."""
    assert len({item.name for item in ITEMS}) == len(ITEMS)
    assert len(ITEMS) >= 120
    assert sum(item.refused is None for item in ITEMS) >= 60
    assert {item.refused for item in ITEMS} >= {
        *(Reason.EMPTY, Reason.TOO_LARGE, Reason.WRONG_KIND, Reason.WORD, Reason.HEIC, Reason.DISGUISED),
        *(Reason.ENCRYPTED, Reason.BROKEN, Reason.TOO_MANY_PIXELS, Reason.TOO_MANY_PAGES, Reason.TOO_DEEP, Reason.BOMB),
    }
