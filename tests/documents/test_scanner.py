"""The seam of a virus scanner, against a real server that speaks clamd's words."""

import tempfile
from pathlib import Path

import pytest

from documents import scanner
from documents.reasons import Reason, Unavailable, Unusable
from tests.documents import clamd


@pytest.fixture
def sound(tmp_path):
    path = tmp_path / "sound"
    path.write_bytes(b"a sound file" * 20_000)  # several pieces
    return path


@pytest.fixture
def infected(tmp_path):
    path = tmp_path / "infected"
    path.write_bytes(bytes(100_000) + clamd.EICAR)
    return path


@pytest.fixture
def short_folder():
    """A socket's path may not be long."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_without_an_address_nothing_is_scanned(settings, infected):
    settings.CLAMD_URL = ""
    assert not scanner.is_configured()
    scanner.scan(infected)


@pytest.mark.parametrize("on_a_unix_socket", [False, True])
def test_sound_and_infected(settings, sound, infected, short_folder, on_a_unix_socket):
    with clamd.running(short_folder / "clamd" if on_a_unix_socket else None) as (settings.CLAMD_URL, received):
        assert scanner.is_configured()
        scanner.scan(sound)
        with pytest.raises(Unusable) as raised:
            scanner.scan(infected)
    assert received == [sound.read_bytes(), infected.read_bytes()]
    assert raised.value.reason == Reason.INFECTED
    assert raised.value.detail == "Eicar-Test-Signature"


def test_an_empty_file(settings, tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    with clamd.running() as (settings.CLAMD_URL, received):
        scanner.scan(tmp_path / "empty")
    assert received == [b""]


def down(path) -> str:
    with pytest.raises(scanner.ScannerDown) as raised:
        scanner.scan(path)
    assert isinstance(raised.value, Unavailable)
    return str(raised.value)


def test_nobody_answers(settings, sound, short_folder):
    with clamd.running() as (settings.CLAMD_URL, _):
        scanner.scan(sound)
    down(sound)
    settings.CLAMD_URL = f"unix://{short_folder}/nothing"
    down(sound)


def test_it_is_too_slow(settings, sound, monkeypatch):
    monkeypatch.setattr(scanner, "SECONDS", 0.3)
    with clamd.running(mood="slow") as (settings.CLAMD_URL, _):
        assert "timed out" in down(sound) or "too long" in down(sound)


def test_it_hangs_up(settings, sound):
    with clamd.running(mood="silent") as (settings.CLAMD_URL, _):
        assert down(sound) == "no answer"


def test_an_answer_that_nobody_knows(settings, sound):
    with clamd.running(mood="mad") as (settings.CLAMD_URL, _):
        assert down(sound) == "stream: perhaps"


def test_the_file_is_more_than_it_takes(settings, sound):
    """It says so and hangs up in the middle: that is a setting to mend (StreamMaxLength), not an infection."""
    with clamd.running(most=1000) as (settings.CLAMD_URL, received):
        down(sound)
    assert received == []


def test_an_address_that_is_none(settings, sound):
    settings.CLAMD_URL = "http://localhost"
    assert "tcp://" in down(sound)
