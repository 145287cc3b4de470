"""Legal representatives by their links: who is asked, where a link leads, what is signed. Beside `tests.families`."""

from django.conf import settings

from accounts.models import User
from consents import answers, guardians, links
from consents import transitions as texts
from consents.models import Guardian, GuardianAuthorisation, TextVersion
from consents.queries import current_texts
from lifecycle import journal
from notifications.models import Letter


def asked(
    person: User, scope: str = "cohorts.cohort:1", *, emails=("samira@example.org",), now=None, **words
) -> GuardianAuthorisation:
    """An authorisation asked of the representatives at these addresses: a link has left for each."""
    authorisation = guardians.expect(person, scope, **{"title": "le mentorat de la promotion Automne 2027", **words})
    guardians.ask(authorisation, [("Samira Benali", email) for email in emails], actor=person, now=now)
    return authorisation


def page_path(guardian: Guardian, *, number: int | None = None) -> str:
    """Where her link leads; the one of that number, or the one that is live."""
    number = guardian.link_number if number is None else number
    letter = Letter(key=f"guardian:{guardian.pk}:{number}:link:1", about=journal.ref(guardian))
    return links.guardian_url(letter).removeprefix(settings.SITE_URL)


def sign(guardian: Guardian, *, name="Samira Benali", relation="mère", now=None, **changes) -> None:
    """She signs the text that stands, with her live link."""
    known = {"link_number": guardian.link_number, "version": guardian_text(), **changes}
    answers.sign(guardian, name=name, relation=relation, now=now, **known)


def guardian_text() -> TextVersion:
    """The text that stands."""
    return current_texts()[TextVersion.Key.GUARDIAN]


def publish_guardian_text(*, asks_again: bool, now=None) -> TextVersion:
    """Its next version."""
    draft = texts.new_version(TextVersion.Key.GUARDIAN, actor=journal.CONSOLE, now=now)
    words = {"title": draft.title, "body": f"{draft.body}\n\nUne phrase de plus.", "asks_again": asks_again}
    texts.write_text(draft, **words, actor=journal.CONSOLE, now=now)
    texts.publish_text(draft, actor=journal.CONSOLE, now=now)
    return draft
