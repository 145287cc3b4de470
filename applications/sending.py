"""What sending a file writes: its answers become the facts that staff, the jury and the matching rely on."""

from accounts.places import department_of
from applications.files import File
from applications.models import Wish
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
