"""The tables and the numbers of the room agree with one another."""

import pytest

from documents import allowed, harmless_pdfs, limits, streams
from documents.verdicts import Code, Refused
from tests.documents.making import zeros


def test_each_kind_is_described():
    named = {kind.removeprefix("map:") for keys in allowed.KINDS.values() for kind in keys.values()}
    assert named <= set(allowed.KINDS)
    assert set(allowed.KINDS) - named == {"page", "layers"}
    assert set(allowed.KINDS) >= allowed.STREAMS | allowed.DRAWN | allowed.BUILT


def test_what_is_copied_is_not_refused_afterwards():
    """The two looks share no code: this is where they must not contradict each other."""
    copied = {key for keys in allowed.KINDS.values() for key in keys}
    assert copied & harmless_pdfs.FORBIDDEN_KEYS == set()
    assert len(copied) > 140


def test_a_swelling_stream_is_left_before_its_end():
    """Not read to the end, and then found too large: this one has no end."""
    endless = zeros(256 * limits.MB)[:-6]
    with pytest.raises(Refused) as raised:
        streams._measure(endless, limits.MAX_STREAM)
    assert raised.value.code == Code.BOMB
    sound = zeros(3 * limits.MB)
    assert streams._measure(sound + b"more", limits.MAX_STREAM) == (3 * limits.MB, len(sound))
    assert streams._measure(sound[:-6], limits.MAX_STREAM) == (3 * limits.MB, 0)


def test_the_worker_and_its_sandbox_fit():
    assert limits.MEMORY + 100 * limits.MB < 512 * limits.MB
    assert limits.MAX_REWRITTEN * 3 < limits.MEMORY
    assert limits.WALL_SECONDS > limits.CPU_SECONDS
