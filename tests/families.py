"""Who signs for a minor, in tests and in the demo."""

from django.utils import timezone

from applications import minors
from applications.models import Application
from consents import answers
from consents.models import Guardian, TextVersion
from consents.queries import current_texts
from lifecycle import journal


def guardian_answers(application: Application) -> dict[str, str]:
    """Whom a minor names as her legal representative; nothing for somebody of age."""
    if not minors.is_minor(application):
        return {}
    name = f"Samira {application.candidate.last_name}".strip()
    return {"guardian_name": name, "guardian_email": f"famille-{application.pk}@example.org"}


def authorise(
    application: Application, *, now=None, name="Marie Martin", relation="mère", actor=journal.CONSOLE
) -> None:
    """The legal representative of a minor authorises her for this cohort, on paper."""
    now = now or timezone.now()
    answers.record_given(
        minors.expect(application),
        guardian_name=name,
        relation=relation,
        signed_on=timezone.localdate(now),
        actor=actor,
        now=now,
    )


def sign(application: Application, *, now=None, order=1) -> Guardian:
    """The representative whom a minor's sent file names signs the text of the day, by her link."""
    guardian = minors.expect(application).guardians.get(order=order)
    answers.sign(
        guardian,
        link_number=guardian.link_number,
        name=guardian.name,
        relation="mère",
        version=current_texts()[TextVersion.Key.GUARDIAN],
        now=now,
    )
    return guardian
