"""A small season with somebody at every point of it, and the seven kinds of visitors."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from applications import attachments
from applications import transitions as applications
from cohorts.models import CallAlert, Partner
from matching import transitions as matching
from mentors.importing import inviting
from notifications import addresses
from notifications.models import Letter
from portal.exports import asking, making
from reviews import notes
from tests import factories, papers
from tests.season import people

VISITORS = ("anonymous", "candidate", "minor", "mentor", "reviewer", "coordinator", "stranger")


@pytest.fixture(scope="module")
def world(shared):
    """See `build`. Made once for all the visitors of a module."""
    return shared(build)


def build() -> SimpleNamespace:
    """Inès has a draft, and a pair with Karim to say yes or no to; Lina waits for her authorisation; Karim has an offer
    to answer.
    """
    now = timezone.now()
    Partner.objects.create(name="Un partenaire")
    opened, closed = factories.make_cohort("open", now=now), factories.make_cohort("closed", now=now)
    ines, lina, karim, nadia, claire, sami = (
        factories.make_person(person)
        for person in (people.INES, people.LINA, people.KARIM, people.NADIA, people.CLAIRE, people.SAMI)
    )
    factories.make_coordinator(claire)
    factories.make_reviewer(closed, nadia)
    commitment = factories.make_commitment(closed, factories.make_mentor(karim))
    pair = factories.make_pair(factories.make_confirmed(closed, ines), commitment, is_met=False)
    offer = factories.make_offer(factories.make_confirmed(closed), commitment)
    matching.forbid_pair(offer.application, factories.make_mentor(), actor=claire)
    to_read = factories.make_complete_draft(closed, referent_name="Mme Haddad", referent_email="haddad@example.org")
    document = papers.give(to_read, papers.ask(closed, "CV"))
    applications.submit(to_read, actor=to_read.candidate, now=factories.within_call(closed))
    redacted = attachments.redact(document, papers.upload(), actor=claire)
    papers.clean_all()
    factories.assign(to_read, nadia)
    notes.write(to_read, nadia, kind="QUESTION", text="Quelle part dans le montage ?")
    draft = factories.make_complete_draft(opened, ines)
    draft_document = papers.give(draft, papers.ask(opened, "Portfolio"))
    listed = factories.make_sent(closed)
    factories.make_reading(listed, nadia)
    lists = [factories.make_list(closed, claire), factories.make_list(closed, claire)]
    export = asking.ask(claire, "")
    making.work(making.claim(timezone.now()))
    to_invite = [
        (1, {"first_name": "Léa", "last_name": "Roche", "email": "lea.roche@example.org"}),
        (2, {"email": "?"}),
    ]
    mentor_import = inviting.check(to_invite, source="liste collée", unknown_columns=[], actor=claire)
    letter = Letter.objects.filter(to=ines.email).earliest("id")
    Letter.objects.filter(pk=letter.pk).update(status=Letter.Status.SENT, claimed_at=now, sent_at=now)
    addresses.note_refusal("refuse@example.org", "550 5.1.1 unknown", now=now)
    return SimpleNamespace(
        now=now,
        open=opened,
        closed=closed,
        draft=draft,
        draft_document=draft_document,
        document=document,
        redacted=redacted,
        export=export,
        mentor_import=mentor_import,
        minor_file=factories.make_accepted(closed, lina),
        others=[factories.make_waitlisted(closed), factories.make_rejected(closed), factories.make_sent(closed)],
        to_read=to_read,
        listed=listed,
        lists=lists,
        pair=pair,
        offer=offer,
        letter=letter,
        alert=CallAlert.objects.create(email="alice@example.org"),
        candidate=ines,
        minor=lina,
        mentor=karim,
        reviewer=nadia,
        coordinator=claire,
        stranger=sami,
    )


@pytest.fixture
def browser_of(world):
    """A browser for each kind of visitor, signed in, staff with their second factor."""

    def browser(visitor: str) -> Client:
        client = Client()
        return client if visitor == "anonymous" else factories.sign_in(client, getattr(world, visitor))

    return browser
