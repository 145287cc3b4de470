"""What tests and the demo are made of: people, cohorts, files, mentors, pairs.

Plain functions that go through the verbs, with moments that fit the cohort's calendar: a file that is
accepted here was started, sent, decided and announced as it would be for real, journal and letters
included. Each function makes what it needs and was not given. `now` is the present of the story.
"""

from tests.factories.cohorts import CALENDARS, TRADES, make_cohort, make_question, make_texts, make_trades, paris
from tests.factories.files import (
    ANSWERS,
    complete_answers,
    decide,
    fill,
    make_accepted,
    make_complete_draft,
    make_confirmed,
    make_draft,
    make_rejected,
    make_sent,
    make_waitlisted,
    within_call,
)
from tests.factories.jury import alike, assign, give, make_list, make_reading
from tests.factories.pairs import (
    clear_for_minors,
    make_commitment,
    make_mentor,
    make_offer,
    make_pair,
    make_ready,
    make_run,
)
from tests.factories.people import (
    TOTP_SECRET,
    add_second_factor,
    make_coordinator,
    make_person,
    make_reviewer,
    make_user,
    sign_in,
    staff_client,
)
from tests.families import authorise

__all__ = [
    "ANSWERS",
    "CALENDARS",
    "TOTP_SECRET",
    "TRADES",
    "add_second_factor",
    "alike",
    "assign",
    "authorise",
    "clear_for_minors",
    "complete_answers",
    "decide",
    "fill",
    "give",
    "make_accepted",
    "make_cohort",
    "make_commitment",
    "make_complete_draft",
    "make_confirmed",
    "make_coordinator",
    "make_draft",
    "make_list",
    "make_mentor",
    "make_offer",
    "make_pair",
    "make_person",
    "make_question",
    "make_reading",
    "make_ready",
    "make_rejected",
    "make_reviewer",
    "make_run",
    "make_sent",
    "make_texts",
    "make_trades",
    "make_user",
    "make_waitlisted",
    "paris",
    "sign_in",
    "staff_client",
    "within_call",
]
