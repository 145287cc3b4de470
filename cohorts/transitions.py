"""The verbs of a cohort's settings: keeping what a coordinator set, its own questions, the documents it asks, the
jury's criteria, and preparing next year's.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.first_criteria import FIRST_CRITERIA
from cohorts.models import MAX_FILES, Cohort, Criterion, DocumentAsked, Phase, Question
from cohorts.queries import criteria_of, documents_asked_of, questions_of
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import Refusal

MOMENTS = ("opens_at", "closes_at")
DAYS = ("decisions_on", "starts_on", "ends_on")
OPTIONAL_DAYS = ("readings_due_on",)
COPIED = (
    *("audiences", "presentation", "places", "min_age", "max_age", "confirm_days", "offer_days", "reviews_per_file"),
    *("offer_remind_days", "objection_days", "max_tries", "offers_again_by_itself"),
    *("is_blind", "audience_minimums", "parity_percent", "parity_reason", "needs_two_people", "promotes_same_audience"),
)
QUESTION_COPIED = ("order", "text", "hint", "kind", "word_limit", "choices", "is_required")
DOCUMENT_COPIED = ("order", "label", "hint", "is_required", "max_files")
CRITERION_COPIED = ("order", "name", "low", "high", "weight")

MOST_QUESTIONS = 10
MOST_DOCUMENTS = MAX_FILES
MOST_CRITERIA = 8


class Stands(Refusal):
    """The call has opened, and what people gave would be lost. `field` is what may not change; "" is all of it."""

    def __init__(self, sentence: str, field: str = ""):
        super().__init__(sentence)
        self.field = field


class QuestionStands(Stands):
    """Answers would be lost."""


class DocumentStands(Stands):
    """Files would be lost."""


class CriterionStands(Stands):
    """Opinions given already would no longer be comparable."""


@transaction.atomic
def save(cohort: Cohort, *, fields: list[str], actor, now=None) -> None:
    """A coordinator keeps a cohort's settings: a new one, with criteria to begin with, or `fields` of one that stands.

    Only the fields she changed are written, so that two people who edit different dates keep both.
    The journal says which fields, never what they hold.
    """
    if cohort.pk is None:
        cohort.save()
        Criterion.objects.bulk_create(Criterion(cohort=cohort, **criterion) for criterion in FIRST_CRITERIA)
        journal.record("cohort.created", cohort, actor=actor, now=now)
    elif fields:
        cohort.save(update_fields=fields)
        journal.record("cohort.changed", cohort, actor=actor, now=now, detail=", ".join(fields)[:300])


@transaction.atomic
def save_questions(
    cohort: Cohort,
    *,
    added: Iterable[Question] = (),
    changed: Iterable[tuple[Question, Sequence[str]]] = (),
    dropped: Iterable[Question] = (),
    actor,
    now=None,
) -> None:
    """A coordinator writes the cohort's own questions: new ones, fields of standing ones, and those that go.

    A question whose order is None goes to the end. The journal says that questions changed, never their words.
    Raises QuestionStands when answers given since the call opened would mean nothing any more, Refusal when a question
    went meanwhile, or there are more than MOST_QUESTIONS.
    """
    _save_asked(cohort, QUESTIONS, list(added), list(changed), list(dropped), actor=actor, now=now or timezone.now())


@transaction.atomic
def save_documents(
    cohort: Cohort,
    *,
    added: Iterable[DocumentAsked] = (),
    changed: Iterable[tuple[DocumentAsked, Sequence[str]]] = (),
    dropped: Iterable[DocumentAsked] = (),
    actor,
    now=None,
) -> None:
    """A coordinator writes which documents the cohort asks: new ones, fields of standing ones, and those that go.

    One whose order is None goes to the end. Raises DocumentStands when files given since the call opened would be lost,
    Refusal when one went meanwhile, or there are more than MOST_DOCUMENTS.
    """
    _save_asked(cohort, DOCUMENTS, list(added), list(changed), list(dropped), actor=actor, now=now or timezone.now())


@transaction.atomic
def save_criteria(
    cohort: Cohort,
    *,
    added: Iterable[Criterion] = (),
    changed: Iterable[tuple[Criterion, Sequence[str]]] = (),
    dropped: Iterable[Criterion] = (),
    actor,
    now=None,
) -> None:
    """A coordinator writes what the jury judges by: new criteria, fields of standing ones, and those that go.

    One whose order is None goes to the end. Raises CriterionStands once a first opinion was given, save for words;
    Refusal when one went meanwhile, or there are more than MOST_CRITERIA.
    """
    added = list(added)
    lock(cohort)
    if added and cohort.criteria_settled_at:
        raise CriterionStands(SETTLED)
    _save_asked(cohort, CRITERIA, added, list(changed), list(dropped), actor=actor, now=now or timezone.now())


SETTLED = gettext_lazy(
    "Un premier avis est donné\u00a0: les critères et leurs poids ne changent plus, pour que tous les dossiers soient "
    "lus de la même façon. Leurs mots peuvent encore être corrigés."
)


def require_criteria_kept(cohort: Cohort, before: Criterion, after: Criterion | None, *, now) -> None:
    """Raises CriterionStands when an opinion was given, and the criterion would go or weigh otherwise."""
    if cohort.criteria_settled_at and (after is None or after.weight != before.weight):
        raise CriterionStands(SETTLED, field="" if after is None else "weight")


def _save_asked(cohort: Cohort, asked: "Asked", added: list, changed: list, dropped: list, *, actor, now) -> None:
    if not (added or changed or dropped):
        return
    lock(cohort)
    standing = getattr(cohort, asked.accessor).in_bulk()
    if {one.pk for one, _fields in changed} - standing.keys():
        raise Refusal(asked.gone)
    for one, _fields in changed:
        asked.require_kept(cohort, standing[one.pk], one, now=now)
    for one in dropped:
        asked.require_kept(cohort, one, None, now=now)
    _put_last(standing.values(), [*added, *(one for one, _fields in changed)])
    for one in dropped:
        asked.drop(one)
    for one, fields in changed:
        one.save(update_fields=fields)
    for one in added:
        one.cohort = cohort
        one.save()
    if getattr(cohort, asked.accessor).count() > asked.most:
        raise Refusal(asked.too_many)
    journal.record(f"cohort.{asked.name}_changed", cohort, actor=actor, now=now)


def _put_last(standing: Iterable, written: Iterable) -> None:
    """Give an order to those that have none, after all the others."""
    written = list(written)
    last = max((one.order or 0 for one in [*standing, *written]), default=0)
    for one in written:
        if one.order is None:
            one.order = last = last + 1


def require_answers_kept(cohort: Cohort, before: Question, after: Question | None, *, now) -> None:
    """Raises QuestionStands when the call has opened, and answers given to `before` would be lost with `after`.

    Once anybody may have answered, a question is reworded, moved, made optional or given more choices; it neither goes
    (`after` is None) nor asks for another kind of answer, and no choice is taken away.
    """
    if cohort.phase(now) is Phase.UPCOMING:
        return
    if after is None:
        raise QuestionStands(
            _("L’appel a déjà ouvert : « %s » a peut-être des réponses. Rendez-la facultative plutôt que la supprimer.")
            % before.text
        )
    if after.kind != before.kind:
        raise QuestionStands(
            _("L’appel a déjà ouvert : la réponse attendue reste « %s ».") % before.get_kind_display(), field="kind"
        )
    if before.kind == Question.Kind.CHOICE and (gone := set(before.choices) - set(after.choices)):
        first = next(choice for choice in before.choices if choice in gone)
        raise QuestionStands(
            _("L’appel a déjà ouvert : gardez « %s », que quelqu’un a peut-être choisi. Vous pouvez en ajouter.")
            % first,
            field="choices",
        )


def _drop(document: DocumentAsked) -> None:
    try:
        document.delete()
    except ProtectedError:  # the opening of the call was put off after files had come
        raise _kept(document)


def _kept(document: DocumentAsked) -> DocumentStands:
    sentence = _("«\u00a0%s\u00a0» a peut-être déjà des fichiers. Rendez-le facultatif plutôt que de le supprimer.")
    return DocumentStands(sentence % document.label)


def require_files_kept(cohort: Cohort, before: DocumentAsked, after: DocumentAsked | None, *, now) -> None:
    """Raises DocumentStands when the call has opened, and files given for `before` would be lost with `after`.

    Once anybody may have given some, a document is reworded, moved, made optional or takes more files; it neither goes
    (`after` is None) nor takes fewer.
    """
    if cohort.phase(now) is Phase.UPCOMING:
        return
    if after is None:
        raise _kept(before)
    if after.max_files < before.max_files:
        raise DocumentStands(
            _("L’appel a déjà ouvert\u00a0: quelqu’un a peut-être donné %s fichiers. Vous pouvez en accepter plus.")
            % before.max_files,
            field="max_files",
        )


@dataclass(frozen=True)
class Asked:
    """One of the lists that a cohort writes for itself, with the rule that keeps what people gave to it."""

    name: str
    accessor: str
    most: int
    gone: str
    too_many: str
    require_kept: Callable
    drop: Callable


QUESTIONS = Asked(
    "questions",
    "questions",
    MOST_QUESTIONS,
    gettext_lazy("Une question a été supprimée entre-temps\u00a0: rouvrez la page avant de continuer."),
    gettext_lazy("Dix questions au plus\u00a0: chacune coûte du temps à qui candidate, et à qui lit."),
    require_answers_kept,
    Question.delete,
)
DOCUMENTS = Asked(
    "documents",
    "documents_asked",
    MOST_DOCUMENTS,
    gettext_lazy("Un document demandé a été supprimé entre-temps\u00a0: rouvrez la page avant de continuer."),
    gettext_lazy("Cinq documents au plus\u00a0: une candidature n’a pas plus de cinq fichiers."),
    require_files_kept,
    _drop,
)
CRITERIA = Asked(
    "criteria",
    "criteria",
    MOST_CRITERIA,
    gettext_lazy("Un critère a été supprimé entre-temps\u00a0: rouvrez la page avant de continuer."),
    gettext_lazy("Huit critères au plus\u00a0: au-delà, personne ne les garde en tête."),
    require_criteria_kept,
    Criterion.delete,
)


@transaction.atomic
def copy(cohort: Cohort, *, actor, now=None) -> Cohort:
    """A coordinator prepares the same season of the next year: same settings, questions, documents and criteria, dates
    one year later.

    Raises Refusal when that cohort exists already.
    """
    lock(cohort)
    following = Cohort(season=cohort.season, year=cohort.year + 1)
    if Cohort.objects.filter(season=following.season, year=following.year).exists():
        raise Refusal(_("La promotion %s existe déjà.") % following.name)
    for name in COPIED:
        setattr(following, name, getattr(cohort, name))
    for name in DAYS:
        setattr(following, name, a_year_later(getattr(cohort, name)))
    for name in OPTIONAL_DAYS:
        day = getattr(cohort, name)
        setattr(following, name, day and a_year_later(day))
    for name in MOMENTS:
        setattr(following, name, _same_hour_a_year_later(getattr(cohort, name)))
    following.save()
    Question.objects.bulk_create(
        Question(cohort=following, **{name: getattr(question, name) for name in QUESTION_COPIED})
        for question in questions_of(cohort)
    )
    DocumentAsked.objects.bulk_create(
        DocumentAsked(cohort=following, **{name: getattr(document, name) for name in DOCUMENT_COPIED})
        for document in documents_asked_of(cohort)
    )
    Criterion.objects.bulk_create(
        Criterion(cohort=following, **{name: getattr(criterion, name) for name in CRITERION_COPIED})
        for criterion in criteria_of(cohort)
    )
    journal.record("cohort.copied", following, actor=actor, now=now, detail=journal.ref(cohort))
    return following


def a_year_later(day: date) -> date:
    """The same day of the next year; 28 February after a 29th."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if is_leap_day else day.day)


def _same_hour_a_year_later(moment: datetime) -> datetime:
    """The clock on the wall stays the same, whichever side of a clock change the new day falls on."""
    local = timezone.localtime(moment)
    return timezone.make_aware(datetime.combine(a_year_later(local.date()), local.time()))
