"""Fixtures: the cast. A test reads like a story: Inès applies, Nadia reads, Claire decides, Karim accepts.

`cohort` has its call open. Nobody has a file until the test makes one (`tests.factories`).
"""

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.season import people


@pytest.fixture
def now():
    """The present of the story."""
    return timezone.now()


@pytest.fixture
def cohort(db, now):
    """A cohort whose call is open, for every audience from 15 to 35 years."""
    return factories.make_cohort("open", now=now)


@pytest.fixture
def closed_cohort(db, now):
    """A cohort whose call is closed: in reading, decision and matching."""
    return factories.make_cohort("closed", now=now)


@pytest.fixture
def candidate(db):
    """Inès, 21 years old."""
    return factories.make_person(people.INES)


@pytest.fixture
def minor(db):
    """Lina, 16 years old."""
    return factories.make_person(people.LINA)


@pytest.fixture
def mentor(cohort):
    """Karim, approved, committed to `cohort` for two young people. His profile is `mentor.mentor_profile`."""
    person = factories.make_person(people.KARIM)
    factories.make_commitment(cohort, factories.make_mentor(person, region=person.region))
    return person


@pytest.fixture
def reviewer(cohort):
    """Nadia, on the jury of `cohort`; no file is assigned to her yet."""
    return factories.make_reviewer(cohort, factories.make_person(people.NADIA))


@pytest.fixture
def coordinator(db):
    """Claire."""
    return factories.make_coordinator(factories.make_person(people.CLAIRE))


@pytest.fixture
def stranger(db):
    """Sami: he has an account, and nothing here is his."""
    return factories.make_person(people.SAMI)


@pytest.fixture
def signed_in():
    """`signed_in(person)`: a browser in which she is signed in, staff with their second factor."""
    return lambda person: factories.sign_in(Client(), person)
