"""Where a file stands and what is asked, state by state: the rule alone, without a database."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from applications.models import Application
from cohorts.models import Cohort
from portal.authorisations import Standing
from portal.timeline import FIRST_WEEKS, Facts, expected, timeline

State = Application.State
CURRENT, PAST, TO_COME = "→", "✓", "…"
SIGNS = {"past": PAST, "current": CURRENT, "to-come": TO_COME}


def paris(*moment) -> datetime:
    return timezone.make_aware(datetime(*moment))


READING = Facts(
    state=State.SUBMITTED,
    now=paris(2027, 3, 1, 12),
    closes_at=paris(2027, 2, 10, 18),
    decisions_on=date(2027, 3, 15),
    starts_on=date(2027, 5, 3),
    ends_on=date(2027, 11, 5),
    sent_at=paris(2027, 2, 8, 21, 30),
)
ANSWERED = replace(READING, now=paris(2027, 3, 16, 9), announced_at=paris(2027, 3, 15, 10))
ACCEPTED = replace(ANSWERED, state=State.ACCEPTED, confirm_by=paris(2027, 3, 22, 23, 59))
CONFIRMED = replace(ACCEPTED, state=State.CONFIRMED, confirmed_at=paris(2027, 3, 18, 8), now=paris(2027, 3, 20, 9))
MET = {"paired_at": paris(2027, 4, 12, 17), "met_at": paris(2027, 4, 12, 18), "objection_until": paris(2027, 4, 13, 18)}
MATCHED = replace(CONFIRMED, state=State.MATCHED, now=paris(2027, 4, 13, 9), **MET)

SENT = "✓ Envoyée le 8 février 2027"
BEFORE = [SENT, "✓ Lue par le jury", "✓ Réponse donnée le 15 mars 2027"]
PLACE = [*BEFORE, "✓ Place confirmée le 18 mars 2027"]
FOUND = [*PLACE, "✓ Mentor·e trouvé·e le 12 avril 2027"]
MENTORING = "Mentorat du 3 mai 2027 au 5 novembre 2027"
TERM = "lundi 22 mars 2027 à 23 h 59, heure de Paris"
SOUGHT, LATER = "→ Mentor·e en cours d’attribution", "… Attribution d’un·e mentor·e"
AUTHORISATION = "→ Autorisation de votre représentant·e légal·e attendue"
TO_SETTLE = "→ Autorisation de votre représentant·e légal·e : à reprendre avec la coordination"
ASKED_ON = "✓ Autorisation demandée le 8 février 2027 à votre représentant·e légal·e"

AWAITED = Standing(asked_on=date(2027, 2, 8))
WITHDRAWN = replace(AWAITED, state="WITHDRAWN")
GIVEN = replace(AWAITED, state="GIVEN", given_on=date(2027, 2, 20))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def lines(facts: Facts) -> list[str]:
    return [f"{SIGNS[step.mark.value]} {plain(step.words)}" for step in timeline(facts)]


def asked(facts: Facts):
    ask = expected(facts)
    return ask and (plain(ask.words), ask.by, plain(ask.more))


def on(facts: Facts, *moment, **changes) -> Facts:
    return replace(facts, now=paris(*moment), **changes)


LATE = on(READING, 2027, 3, 16, 0)
IF_KEPT = f"… Si votre candidature est retenue, m{MENTORING[1:]}"
EVERY = {
    "draft": (replace(READING, state=State.DRAFT, sent_at=None), []),
    "submitted": (READING, [SENT, "→ Lecture par le jury", "… Décision le lundi 15 mars 2027", IF_KEPT]),
    "submitted, on the day": (
        on(READING, 2027, 3, 15, 23, 59),
        [SENT, "→ Lecture par le jury", "… Décision le lundi 15 mars 2027", IF_KEPT],
    ),
    "submitted, late": (
        LATE,
        [SENT, "→ Lecture par le jury", "… Décision, qui était promise pour le lundi 15 mars 2027", IF_KEPT],
    ),
    "sent again": (
        replace(READING, sent_again_at=paris(2027, 2, 10, 9)),
        [
            "✓ Envoyée le 8 février 2027, puis de nouveau le 10 février 2027",
            "→ Lecture par le jury",
            "… Décision le lundi 15 mars 2027",
            IF_KEPT,
        ],
    ),
    "sent again, the same day": (
        replace(READING, sent_again_at=READING.sent_at),
        [
            "✓ Envoyée le 8 février 2027, puis de nouveau le même jour",
            "→ Lecture par le jury",
            "… Décision le lundi 15 mars 2027",
            IF_KEPT,
        ],
    ),
    "submitted, a minor": (
        replace(READING, authorisation=AWAITED),
        [SENT, ASKED_ON, "→ Lecture par le jury", "… Décision le lundi 15 mars 2027", IF_KEPT],
    ),
    "submitted, nobody named": (
        replace(READING, authorisation=Standing()),
        [SENT, "→ Lecture par le jury", "… Décision le lundi 15 mars 2027", IF_KEPT],
    ),
    "submitted, authorised": (
        replace(READING, authorisation=GIVEN),
        [
            SENT,
            "✓ Autorisation reçue le 20 février 2027",
            "→ Lecture par le jury",
            "… Décision le lundi 15 mars 2027",
            IF_KEPT,
        ],
    ),
    "confirmed, authorised before the answer": (
        replace(CONFIRMED, authorisation=GIVEN),
        [SENT, "✓ Autorisation reçue le 20 février 2027", *PLACE[1:], SOUGHT, f"… {MENTORING}"],
    ),
    "confirmed, authorised on paper after the answer": (
        replace(CONFIRMED, authorisation=replace(GIVEN, given_on=date(2027, 3, 17), is_on_paper=True)),
        [*BEFORE, "✓ Autorisation reçue, signée le 17 mars 2027", PLACE[-1], SOUGHT, f"… {MENTORING}"],
    ),
    "accepted": (ACCEPTED, [*BEFORE, f"→ Place à confirmer avant le {TERM}", LATER, f"… {MENTORING}"]),
    "accepted, a minor": (
        replace(ACCEPTED, authorisation=AWAITED),
        [*BEFORE, AUTHORISATION, f"… Place à confirmer avant le {TERM}", LATER, f"… {MENTORING}"],
    ),
    "accepted, too late": (
        on(ACCEPTED, 2027, 3, 23, 0),
        [*BEFORE, f"→ Place à confirmer, le délai est passé depuis le {TERM}", LATER, f"… {MENTORING}"],
    ),
    "waitlisted": (
        replace(ANSWERED, state=State.WAITLISTED),
        [*BEFORE, "→ Sur liste d’attente, jusqu’au début de la promotion le lundi 3 mai 2027"],
    ),
    "waitlisted, begun": (
        on(ANSWERED, 2027, 5, 3, 0, state=State.WAITLISTED),
        [*BEFORE, "✓ Liste d’attente, close au début de la promotion le lundi 3 mai 2027"],
    ),
    "rejected": (replace(ANSWERED, state=State.REJECTED), BEFORE),
    "rejected as the waiting list closed": (
        on(ANSWERED, 2027, 5, 3, 9, state=State.REJECTED, announced_at=paris(2027, 5, 2, 9), waited_in_vain=True),
        [
            *BEFORE[:-1],
            "✓ Mise sur liste d’attente",
            "✓ Liste d’attente close le 2 mai 2027, sans place pour vous",
        ],
    ),
    "lapsed": (
        on(ACCEPTED, 2027, 3, 24, 9, state=State.LAPSED),
        [*BEFORE, f"✓ Place non confirmée avant le {TERM}"],
    ),
    "confirmed": (CONFIRMED, [*PLACE, SOUGHT, f"… {MENTORING}"]),
    "confirmed, authorisation taken back": (
        replace(CONFIRMED, authorisation=WITHDRAWN),
        [*PLACE, TO_SETTLE, "… Mentor·e en cours d’attribution", f"… {MENTORING}"],
    ),
    "matched": (MATCHED, [*FOUND, "→ Premiers échanges avec votre mentor·e", f"… {MENTORING}"]),
    "matched, begun": (on(MATCHED, 2027, 5, 3, 9), [*FOUND, f"→ {MENTORING}"]),
    "matched, paused": (
        replace(MATCHED, is_paused=True),
        [*FOUND, "→ Mentorat en pause", f"… {MENTORING}"],
    ),
    "matched, no pair": (
        replace(MATCHED, paired_at=None),
        [*PLACE, "→ La coordination fait le point sur votre accompagnement", f"… {MENTORING}"],
    ),
    "completed": (
        on(MATCHED, 2027, 11, 8, 9, state=State.COMPLETED, paired_at=None, had_mentor=True),
        [*PLACE, f"✓ {MENTORING}"],
    ),
    "completed, no mentor": (
        on(MATCHED, 2027, 11, 8, 9, state=State.COMPLETED, paired_at=None),
        [*PLACE, "✓ Promotion achevée le 5 novembre 2027, sans mentor·e à la fin"],
    ),
    "withdrawn while read": (
        replace(READING, state=State.WITHDRAWN, withdrawn_at=paris(2027, 2, 28, 9)),
        [SENT, "✓ Retirée le 28 février 2027"],
    ),
    "withdrawn with a place": (
        replace(ACCEPTED, state=State.WITHDRAWN, withdrawn_at=paris(2027, 3, 17, 9)),
        [*BEFORE, "✓ Retirée le 17 mars 2027"],
    ),
    "withdrawn, the journal gone": (replace(READING, state=State.WITHDRAWN), [SENT, "✓ Retirée"]),
}


@pytest.mark.parametrize("story", EVERY)
def test_the_timeline_of_each_state(story):
    facts, told = EVERY[story]
    assert lines(facts) == told


def test_every_state_is_told():
    assert {facts.state for facts, _told in EVERY.values()} == set(State)


def test_one_step_at_most_is_under_way():
    counts = {story: sum(line.startswith(CURRENT) for line in lines(facts)) for story, (facts, _told) in EVERY.items()}
    over = {State.DRAFT, State.REJECTED, State.LAPSED, State.COMPLETED, State.WITHDRAWN}
    idle = {story for story, (facts, _told) in EVERY.items() if facts.state in over} | {"waitlisted, begun"}
    assert counts == {story: int(story not in idle) for story in EVERY}


LOST = "Après cette heure, elle ira à une autre personne."
NOTHING = "Rien pour le moment"
SIGN = "Faire signer l’autorisation par votre représentant·e légal·e"
NAME = "Dire qui peut signer votre autorisation"
WRITE = "Nous écrire au sujet de l’autorisation qui manque"
STARTS = "Prochaine date : la promotion commence le lundi 3 mai 2027."
ANSWER = "Prochaine date : votre réponse, le lundi 15 mars 2027, par courriel et sur cette page."
DRAFT = replace(READING, state=State.DRAFT, sent_at=None)
REVISED = replace(READING, is_open=True, has_revision=True)
ASKED = {
    "a draft": (replace(DRAFT, is_open=True), ("Envoyer votre candidature", READING.closes_at, "")),
    "a draft too late": (DRAFT, None),
    "being read": (READING, (NOTHING, None, ANSWER)),
    "the answer is late": (
        LATE,
        (
            NOTHING,
            None,
            "Votre réponse, promise pour le lundi 15 mars 2027, a du retard. "
            "Vous la recevrez par courriel, et sur cette page.",
        ),
    ),
    "a revision": (
        REVISED,
        (
            "Renvoyer votre candidature modifiée",
            READING.closes_at,
            "D’ici là, et si vous ne la renvoyez pas, c’est ce que vous avez envoyé le 8 février 2027 qui compte.",
        ),
    ),
    "a revision too late": (replace(REVISED, is_open=False), (NOTHING, None, ANSWER)),
    "accepted": (
        ACCEPTED,
        ("Confirmer votre place", ACCEPTED.confirm_by, "Après cette heure, elle ira à une autre personne."),
    ),
    "accepted, a minor": (
        replace(ACCEPTED, authorisation=AWAITED),
        (
            f"{SIGN}, puis confirmer votre place",
            ACCEPTED.confirm_by,
            "Après cette heure, elle ira à une autre personne.",
        ),
    ),
    "accepted, a minor who named nobody": (
        replace(ACCEPTED, authorisation=Standing()),
        (f"{NAME}, puis confirmer votre place", ACCEPTED.confirm_by, LOST),
    ),
    "accepted, a minor followed by hand": (
        replace(ACCEPTED, authorisation=replace(AWAITED, is_followed_by_hand=True)),
        (f"{WRITE}, puis confirmer votre place", ACCEPTED.confirm_by, LOST),
    ),
    "being read, a minor": (replace(READING, authorisation=AWAITED), (NOTHING, None, ANSWER)),
    "being read, a minor who named nobody": (replace(READING, authorisation=Standing()), (NAME, None, "")),
    "confirmed, authorised": (replace(CONFIRMED, authorisation=GIVEN), (NOTHING, None, STARTS)),
    "accepted, to the second": (
        replace(ACCEPTED, now=ACCEPTED.confirm_by),
        ("Confirmer votre place", ACCEPTED.confirm_by, "Après cette heure, elle ira à une autre personne."),
    ),
    "accepted, too late": (
        replace(ACCEPTED, now=ACCEPTED.confirm_by + timedelta(seconds=1)),
        ("Nous écrire vite", None, f"Le délai pour confirmer est passé depuis le {TERM}."),
    ),
    "waitlisted": (
        replace(ANSWERED, state=State.WAITLISTED),
        (NOTHING, None, "Une place peut vous revenir jusqu’au début de la promotion, le lundi 3 mai 2027."),
    ),
    "waitlisted, begun": (on(ANSWERED, 2027, 5, 3, 0, state=State.WAITLISTED), None),
    "confirmed": (CONFIRMED, (NOTHING, None, STARTS)),
    "confirmed, begun": (
        on(CONFIRMED, 2027, 5, 3, 0),
        (
            NOTHING,
            None,
            "La promotion a commencé le lundi 3 mai 2027 : nous vous écrivons dès qu’un·e mentor·e accepte.",
        ),
    ),
    "confirmed, authorisation taken back": (replace(CONFIRMED, authorisation=WITHDRAWN), (WRITE, None, "")),
    "just matched": (MATCHED, ("Écrire à votre mentor·e, pour convenir d’un premier rendez-vous", None, "")),
    "who it would be": (
        replace(MATCHED, met_at=None),
        (
            "Dire si cette personne vous convient",
            paris(2027, 4, 13, 18),
            "Sans réponse de votre part, vos coordonnées sont échangées à cette heure-là.",
        ),
    ),
    "matched for a while": (
        replace(MATCHED, now=MATCHED.met_at + FIRST_WEEKS),
        (
            "Parler avec votre mentor·e au moins une fois par mois",
            None,
            "Prochaine date : votre mentorat s’achève le vendredi 5 novembre 2027.",
        ),
    ),
    "matched, past the end": (
        on(MATCHED, 2027, 11, 6, 0),
        (NOTHING, None, "Votre mentorat s’est achevé le vendredi 5 novembre 2027."),
    ),
    "matched, paused": (
        replace(MATCHED, is_paused=True),
        (NOTHING, None, "La coordination vous dit quand votre accompagnement reprend."),
    ),
    "matched, authorisation taken back": (
        replace(MATCHED, is_paused=True, authorisation=WITHDRAWN),
        (WRITE, None, ""),
    ),
    "matched, no pair": (replace(MATCHED, paired_at=None), (NOTHING, None, "Nous vous écrivons.")),
    "rejected": (replace(ANSWERED, state=State.REJECTED), None),
    "lapsed": (replace(ACCEPTED, state=State.LAPSED), None),
    "completed": (replace(MATCHED, state=State.COMPLETED), None),
    "withdrawn": (replace(READING, state=State.WITHDRAWN), None),
}


@pytest.mark.parametrize("story", ASKED)
def test_what_is_asked_in_each_state(story):
    facts, ask = ASKED[story]
    assert asked(facts) == ask


def test_what_is_asked_is_one_short_thing():
    words = [ask.words for facts, _ask in ASKED.values() if (ask := expected(facts)) is not None]
    assert [word for word in words if len(word) > 90 or word.endswith(".")] == []


# --- What an application gives -------------------------------------------------------------------


def make_application(**fields) -> Application:
    """A file and its cohort in memory."""
    cohort = Cohort(
        opens_at=READING.closes_at - timedelta(days=40),
        closes_at=READING.closes_at,
        decisions_on=READING.decisions_on,
        starts_on=READING.starts_on,
        ends_on=READING.ends_on,
    )
    return Application(**{"cohort": cohort, "state": State.SUBMITTED, "sent_at": READING.sent_at, **fields})


@pytest.mark.parametrize("decision", Application.DECIDED_STATES)
def test_a_decision_not_announced_changes_nothing(decision):
    before = Facts.of(make_application(), now=READING.now)
    decided = make_application(state=decision, masked_state=State.SUBMITTED, confirm_by=ACCEPTED.confirm_by)
    after = Facts.of(decided, now=READING.now)
    assert (before.state, after.state) == (State.SUBMITTED, State.SUBMITTED)
    assert (
        (lines(after), asked(after))
        == (lines(before), asked(before))
        == (EVERY["submitted"][1], ASKED["being read"][1])
    )


def test_a_waiting_list_called_by_a_decision_not_announced_still_waits():
    waiting = {"announced_at": ANSWERED.announced_at}
    before = Facts.of(make_application(state=State.WAITLISTED, **waiting), now=ANSWERED.now)
    decided = make_application(
        state=State.ACCEPTED, masked_state=State.WAITLISTED, **waiting, confirm_by=ACCEPTED.confirm_by
    )
    after = Facts.of(decided, now=ANSWERED.now)
    assert (
        (lines(after), asked(after))
        == (lines(before), asked(before))
        == (
            EVERY["waitlisted"][1],
            ASKED["waitlisted"][1],
        )
    )


@pytest.mark.parametrize(
    ("until", "closing"),
    [
        (None, READING.closes_at),
        (paris(2027, 2, 9, 18), READING.closes_at),
        (paris(2027, 2, 20, 18), paris(2027, 2, 20, 18)),
    ],
)
def test_more_time_given_moves_the_deadline(until, closing):
    application = make_application(open_until=until)
    told = [Facts.of(application, now=moment) for moment in (closing - timedelta(seconds=1), closing)]
    assert [(facts.closes_at, facts.is_open) for facts in told] == [(closing, True), (closing, False)]
