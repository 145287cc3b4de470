"""Who is a minor for a cohort, and whether she may take part. The gate every verb of every door goes through."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applications.models import Application
from cohorts.models import Cohort
from consents import answers, guardians
from consents.models import Guardian, GuardianAuthorisation
from consents.queries import is_given
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import Refusal

MAJORITY = 18
"""Age from which nobody else signs (Code civil, article 414)."""


def is_minor(application: Application) -> bool:
    """Whether the candidate is under 18 on the cohort's first day; unknown birth dates count as minor."""
    birth_date = application.candidate.birth_date
    return birth_date is None or application.cohort.age_at_start(birth_date) < MAJORITY


def is_authorised(application: Application) -> bool:
    """Whether she is of age, or her legal representative's authorisation stands for this cohort."""
    return not is_minor(application) or is_given(application.candidate_id, scope(application.cohort))


def require_authorised(application: Application) -> None:
    """Raises Refusal for a minor without her representative's authorisation."""
    if not is_authorised(application):
        raise Refusal(
            _("L’autorisation de votre représentant·e légal·e manque encore : elle est nécessaire avant 18 ans.")
        )


def scope(cohort: Cohort) -> str:
    """What an authorisation to take part in this cohort is for, as the scope it bears."""
    return journal.ref(cohort)


def expect(application: Application) -> GuardianAuthorisation:
    """The authorisation to take part in the file's cohort: the one there already, or a new one that waits."""
    title = _("le mentorat de la promotion %s") % application.cohort
    return guardians.expect(application.candidate, scope(application.cohort), title=title)


@transaction.atomic
def ask_for_outing(application: Application, *, title: str, details: str, actor, now=None) -> GuardianAuthorisation:
    """A coordinator asks a minor's representatives for an outing or an immersion outside the usual frame, which has its
    own authorisation: the same people, by the same page, whatever they said of the mentoring.

    Raises Refusal for somebody of age, and when no representative is known.
    """
    lock(application)
    if not is_minor(application):
        raise Refusal(_("Cette personne sera majeure\u00a0: personne d’autre ne signe pour elle."))
    usual = expect(application)
    named = [(guardian.name, guardian.email) for guardian in usual.guardians.all()]
    if not named:
        raise Refusal(_("Aucun·e représentant·e n’est indiqué·e\u00a0: nommez d’abord qui peut signer."))
    number = 1 + outings(application).count()
    authorisation = guardians.expect(
        application.candidate, f"{scope(application.cohort)}:sortie-{number}", title=title, details=details
    )
    journal.record("guardianauthorisation.expected", authorisation, actor=actor, now=now)
    guardians.ask(authorisation, named, actor=actor, now=now)
    return authorisation


def outings(application: Application) -> QuerySet[GuardianAuthorisation]:
    """The authorisations asked for outings of this file's cohort, the first one first."""
    part_of = f"{scope(application.cohort)}:"
    asked = GuardianAuthorisation.objects.filter(person=application.candidate_id, scope__startswith=part_of)
    return asked.order_by("pk")


def awaited_of(application: Application) -> list[str]:
    """The names of the representatives who were written to for this file's cohort, as long as nobody has answered."""
    asked = Guardian.objects.filter(
        authorisation__person=application.candidate_id,
        authorisation__scope=scope(application.cohort),
        authorisation__state=GuardianAuthorisation.State.REQUESTED,
        state=Guardian.State.REQUESTED,
        links_sent__gt=0,
    )
    return list(asked.order_by("order").values_list("name", flat=True))


def is_answered(application: Application) -> bool:
    """Whether an answer to this file's authorisation stands, be it a no."""
    asked = GuardianAuthorisation.objects.filter(person=application.candidate_id, scope=scope(application.cohort))
    return asked.exclude(state=GuardianAuthorisation.State.REQUESTED).exists()


def guardians_as_they_stand(application: Application) -> dict[str, str]:
    """The answers of a file that name representatives, as corrected since; nothing when nobody was asked."""
    asked = GuardianAuthorisation.objects.filter(
        person=application.candidate_id, scope=scope(application.cohort), guardians__isnull=False
    ).first()
    if asked is None:
        return {}
    known = {guardian.order: guardian for guardian in asked.guardians.all()}
    answers = {}
    for order, who in ((1, "guardian"), (2, "guardian2")):
        guardian = known.get(order)
        answers |= {
            f"{who}_name": guardian.name if guardian else "",
            f"{who}_email": guardian.email if guardian else "",
        }
    return answers


def tell_guardians_of_pair(application: Application, *, fact: str, now) -> None:
    """A minor has a mentor: whoever authorised it learns where to see who that is. `fact` names the pair."""
    if is_minor(application):
        answers.tell_of_pair(expect(application), fact=fact, now=now)
