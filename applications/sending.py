"""What sending a file writes: its answers become the facts that staff, the jury and the matching rely on."""

from accounts.places import department_of
from applications import minors
from applications.files import File
from applications.models import SentCopy, Wish
from consents import guardians
from consents import transitions as consents
from consents.models import TextVersion
from consents.queries import standing

Key = TextVersion.Key
TEXT_OF_ANSWER = {"rules": Key.RULES, "privacy": Key.PRIVACY, "image": Key.IMAGE}
"""Which text each agreement of the form is about."""

TEXTS = (
    "audience",
    "background",
    "project",
    "hopes",
    "mobility",
    "structure",
    "referent_name",
    "referent_email",
    "gender",
)
LISTS = ("languages", "slots", "social_criteria")


def write_answers(file: File, *, now) -> None:
    """Write the answers of the draft into the application and its candidate. A step of `transitions.submit`."""
    application, answers = file.application, file.answers
    for name in TEXTS:
        setattr(application, name, answers.get(name) or "")
    for name in LISTS:
        setattr(application, name, answers.get(name) or [])
    application.accepts_remote = answers["accepts_remote"]
    application.updated_at = now
    application.save(update_fields=[*TEXTS, *LISTS, "accepts_remote", "updated_at"])
    _write_person(file)
    application.wishes.all().delete()
    Wish.objects.bulk_create(
        Wish(application=application, trade=trade, rank=rank) for rank, trade in enumerate(file.trades, start=1)
    )


def _write_person(file: File) -> None:
    person, answers = file.application.candidate, file.answers
    person.first_name, person.last_name = answers["first_name"], answers["last_name"]
    person.birth_date = file.birth_date
    person.region = department_of(answers["postcode"]).region
    person.phone = answers.get("phone") or ""
    person.save(update_fields=["first_name", "last_name", "birth_date", "region", "phone"])


def give_consents(file: File, *, actor, now) -> None:
    """What she ticked becomes consents to the versions she read; a box she unticked takes an optional one back.

    A step of `transitions.submit`.
    """
    person = file.application.candidate
    for answer, key in TEXT_OF_ANSWER.items():
        version = file.texts.get(key)
        if version is not None and file.answers.get(answer) == version.number:
            consents.agree(person, version, actor=actor, now=now)
    if not file.answers.get("image") and Key.IMAGE in standing(person):
        consents.take_back(person, Key.IMAGE, actor=actor, now=now)


def ask_guardians(file: File, *, before: SentCopy | None, actor, now) -> None:
    """Ask the legal representatives of a minor whom the file names, unless it names the same as the copy `before`: an
    address corrected elsewhere since then stands. A step of `transitions.submit`.
    """
    if not minors.is_minor(file.application):
        return
    authorisation = minors.expect(file.application)
    named = guardians_named(file.answers)
    if before is None or named != guardians_named(before.content):
        guardians.ask(authorisation, named, actor=actor, now=now)


def guardians_named(answers: dict) -> list[tuple[str, str]]:
    """The representatives that some answers name, one or two, as (name, address)."""
    pairs = ((answers.get(f"{who}_name") or "", answers.get(f"{who}_email")) for who in ("guardian", "guardian2"))
    return [(name, email) for name, email in pairs if email]
