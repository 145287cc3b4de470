"""A refusal becomes a sentence on the page; anything else stays an error."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.cache import SessionStore

from lifecycle.doors import refusals_told
from lifecycle.refusals import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(rf, db):
    """A request that can carry messages."""
    request = rf.post("/")
    request.session = SessionStore()
    request._messages = FallbackStorage(request)
    return request


def told(request) -> list[tuple[str, str]]:
    return [(message.level_tag, message.message) for message in get_messages(request)]


def test_a_verb_that_works_says_nothing(request_):
    done = []
    with refusals_told(request_):
        done.append("verb")

    assert (done, told(request_)) == (["verb"], [])


def test_a_refusal_is_told_and_the_view_goes_on(request_):
    done = []
    with refusals_told(request_):
        raise Refusal("Le délai est passé.")
    done.append("redirect")

    assert (done, told(request_)) == (["redirect"], [("error", "Le délai est passé.")])


def test_an_error_stays_an_error(request_):
    with pytest.raises(ZeroDivisionError), refusals_told(request_):
        _ = 1 / 0

    assert told(request_) == []
