"""Who signs for the minors of the season, and what they answered."""

from datetime import date, timedelta

from applications.models import Application
from cohorts.models import Cohort
from consents import answers, guardians
from consents.models import Guardian, GuardianAuthorisation, TextVersion
from consents.queries import current_texts
from matching import falls
from tests.season import people

FIRST_NAMES = ("Marie", "Nadège", "Hassan", "Awa", "Luís", "Sylvie", "Mei", "Youssef")
RELATIONS = {"Hassan": "père", "Luís": "père", "Youssef": "grand-père, tuteur"}
SAMIRA = ("Samira Moreau", "samira@example.org")
"""Lina's mother: her letter is among those that the demo shows, her answer is still awaited."""


def named_by(person: dict, cohort: Cohort) -> dict[str, str]:
    """Whom somebody names as her representative; nothing for somebody of age. `person` is what she typed of herself."""
    if "birth_date" not in person or cohort.age_at_start(date.fromisoformat(person["birth_date"])) >= 18:
        return {}
    if person["first_name"] == people.LINA.first_name and person["last_name"] == people.LINA.last_name:
        name, email = SAMIRA
    else:
        first_name = FIRST_NAMES[sum(map(ord, person["first_name"] + person["last_name"])) % len(FIRST_NAMES)]
        name = f"{first_name} {person['last_name']}"
        email = f"{first_name}.{person['first_name']}.{person['last_name']}".lower().replace(" ", "-")
        email = "".join(sign for sign in email if sign.isascii() and (sign.isalnum() or sign in ".-")) + "@example.org"
    return {"guardian_name": name, "guardian_email": email}


def answered(season) -> None:
    """Most representatives signed within days; some have not answered yet, one refused, one asks to be called."""
    text = current_texts()[TextVersion.Key.GUARDIAN]
    waiting = Guardian.objects.filter(state=Guardian.State.REQUESTED).select_related("authorisation__person")
    for place, guardian in enumerate(waiting.order_by("asked_at", "id")):
        when = guardian.asked_at + timedelta(hours=3 + 5 * (place % 9))
        if when > season.now or guardian.email == SAMIRA[1] or place % 6 == 5:
            continue
        if place == 3:
            _refuse(guardian, when)
        elif place == 9:
            answers.ask_for_call(guardian, link_number=guardian.link_number, phone="06 39 98 01 34", now=when)
        else:
            sign(guardian, text, when)
    samira = Guardian.objects.filter(email=SAMIRA[1]).first()
    if samira is not None:
        guardians.send_link(samira, actor=samira.authorisation.person, now=season.days_ago(1, 0.2))


def _refuse(guardian: Guardian, when) -> None:
    falls.refuse_authorisation(
        guardian.authorisation, guardian=guardian, link_number=guardian.link_number, actor="guardian", now=when
    )


def sign(guardian: Guardian, text: TextVersion, when) -> None:
    relation = RELATIONS.get(guardian.name.partition(" ")[0], "mère")
    signature = {"name": guardian.name, "relation": relation, "version": text}
    answers.sign(guardian, link_number=guardian.link_number, **signature, now=when)


def authorised(season, application: Application) -> bool:
    """Whether a minor may take her place: she may by now, as the last who had not answered signs; a refusal stands."""
    authorisation = GuardianAuthorisation.objects.get(person=application.candidate)
    if authorisation.state == GuardianAuthorisation.State.REQUESTED:
        text = current_texts()[TextVersion.Key.GUARDIAN]
        sign(authorisation.guardians.select_related("authorisation__person").get(), text, season.days_ago(7, 0.5))
        return True
    return authorisation.state == GuardianAuthorisation.State.GIVEN
