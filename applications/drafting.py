"""The verbs of writing: opening a file, saving a step, taking a sent file back to edit, giving more time.

What is written stands in the `Draft`; the application's own columns change only when it is sent (`transitions.submit`).
"""

import hashlib
import json
import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import emails, minors
from applications.models import Application, Draft, SentCopy
from cohorts.models import Cohort, Phase
from cohorts.moments import day, moment
from consents.models import TextVersion
from consents.queries import standing
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import IllegalTransition, Refusal

State = Application.State

REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0/O nor 1/I: a reference is read aloud on the phone."""

NOT_CARRIED_OVER = ("questions", "asked", "documents", "files", "rules", "privacy", "image")
"""Answers that do not follow from one call to the next: each cohort asks its own questions and documents, agreements
are asked anew.
"""
WORDS_OF_THE_DAY = ("asked", "files")
"""What a copy says in the words of its day beside its answers: no part of what is written next."""


class CallClosed(Refusal):
    """The call is not open at that moment, and nobody gave this file more time."""


class Stale(Refusal):
    """The step was saved elsewhere since the page was shown. `kept` is what is saved now, `saved_at` since when."""

    def __init__(self, kept: dict, saved_at):
        super().__init__(_("Cette étape a été enregistrée ailleurs entre-temps."))
        self.kept, self.saved_at = kept, saved_at


@transaction.atomic
def start(cohort: Cohort, candidate, *, actor=None, now=None) -> Application:
    """The candidate's file for this cohort: the one there already, or a new one, begun with what she sent another year.

    Raises CallClosed outside the call.
    """
    now = now or timezone.now()
    if existing := _file_of(cohort, candidate):
        return existing
    require_open(cohort, now)
    return _opened(cohort, candidate, actor=actor or candidate, now=now)


def _file_of(cohort, candidate) -> Application | None:
    return Application.objects.filter(cohort=cohort, candidate=candidate).first()


def _opened(cohort, candidate, *, actor, now, **fields) -> Application:
    for _attempt in range(5):
        try:
            with transaction.atomic():
                application = Application.objects.create(
                    reference=_new_reference(cohort),
                    cohort=cohort,
                    candidate=candidate,
                    created_at=now,
                    updated_at=now,
                    **fields,
                )
                _first_draft(application, now)
                journal.record("application.started", application, actor=actor, now=now)
                return application
        except IntegrityError:  # the same click in another tab, or a reference already taken
            if existing := _file_of(cohort, candidate):
                return existing
    raise Refusal(_("Votre candidature n’a pas pu être ouverte. Réessayez dans un instant."))


def _new_reference(cohort: Cohort) -> str:
    return f"{cohort.reference_prefix}-{''.join(secrets.choice(REFERENCE_ALPHABET) for _ in range(4))}"


def _first_draft(application: Application, now) -> None:
    """Begin with the answers of the last file she sent, where they are still kept, else with what is known of her."""
    sent = SentCopy.objects.filter(application__candidate=application.candidate)
    copy = sent.order_by("-sent_at", "-number").first()
    answers = {}
    if copy is not None:
        answers = {name: value for name, value in copy.content.items() if name not in NOT_CARRIED_OVER}
    person = application.candidate
    answers |= {name: getattr(person, name) for name in ("first_name", "last_name") if getattr(person, name)}
    if person.birth_date:
        answers["birth_date"] = person.birth_date.isoformat()
    if person.phone:
        answers["phone"] = str(person.phone)
    Draft.objects.create(application=application, answers=answers, copied_from=copy, saved_at=now)


def require_open(cohort: Cohort, now, *, application: Application | None = None) -> None:
    """Raises CallClosed, with a sentence that names the hour, unless the call, or this file, is open at `now`."""
    if application is not None and application.is_open(now):
        return
    phase = cohort.phase(now)
    if phase is Phase.UPCOMING:
        raise CallClosed(_("L’appel n’est pas encore ouvert : il ouvre le %s.") % moment(cohort.opens_at))
    if phase is Phase.CLOSED:
        closed_at = application.term if application else cohort.closes_at
        raise CallClosed(
            _("L’appel est clos depuis le %s. Ce que vous avez écrit est conservé dans votre brouillon.")
            % moment(closed_at)
        )


def fingerprint(answers: dict, names) -> str:
    """What a page saw of some answers when it was shown: a short SHA-256 of their canonical JSON."""
    seen = json.dumps({name: _given(answers.get(name)) for name in names}, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(seen.encode()).hexdigest()[:24]


def is_given(answer) -> bool:
    """Whether it is an answer. An empty box is none, never filled or emptied since: neither makes a page stale."""
    return answer not in (None, "", [], {})


def _given(answer):
    return answer if is_given(answer) else None


@transaction.atomic
def save_step(application: Application, names, values: dict, *, seen: str | None, now=None) -> Draft:
    """Keep `values`, some or all of the answers `names` of one step, complete or not, even after the deadline.

    `seen` is the `fingerprint` that the page showed (None: whatever stands). Raises Stale when somebody saved something
    else since, so that no tab silently wipes another one's words; IllegalTransition when nothing is open to be written.
    """
    now = now or timezone.now()
    lock(application)
    draft = open_draft(application)
    changes = {name: value for name, value in values.items() if _given(draft.answers.get(name)) != _given(value)}
    if seen is not None and seen != fingerprint(draft.answers, names) and changes:
        raise Stale({name: draft.answers.get(name) for name in names}, draft.saved_at)
    before = _name(draft.answers)
    draft.answers |= changes
    draft.saved_at = now
    draft.save(update_fields=["answers", "saved_at"])
    if before != _name(draft.answers):
        _introduce(application.candidate, before, _name(draft.answers))
    return draft


def _name(answers: dict) -> tuple[str, str]:
    return answers.get("first_name") or "", answers.get("last_name") or ""


def _introduce(person, before: tuple[str, str], name: tuple[str, str]) -> None:
    """Somebody whose name nobody knew yet is greeted by it while she writes it, letter by letter, and corrects it.

    From her first sending on, her name is the one she sent.
    """
    known = (person.first_name, person.last_name)
    if known in (("", ""), before) and not SentCopy.objects.filter(application__candidate=person).exists():
        person.first_name, person.last_name = name
        person.save(update_fields=["first_name", "last_name"])


def open_draft(application: Application) -> Draft:
    """What is being written, locked rows permitting. Raises IllegalTransition when nothing is."""
    draft = Draft.objects.filter(application=application).first()
    if draft is None or application.shown_state not in (State.DRAFT, State.SUBMITTED):
        raise IllegalTransition(journal.ref(application), application.state, State.DRAFT)
    return draft


@transaction.atomic
def take_back(application: Application, *, actor, now=None) -> Draft:
    """The candidate takes her sent file back to edit it, until the deadline; what she sent counts till she sends again.

    Doing it twice finds the revision already open. A file that staff had typed is hers from then on: they no longer
    read what she writes. Raises CallClosed after the deadline, IllegalTransition unless the file was sent and is not
    decided.
    """
    now = now or timezone.now()
    lock(application)
    if application.shown_state is not State.SUBMITTED:  # a refusal of `state` would tell a decision not announced yet
        raise IllegalTransition(journal.ref(application), application.state, State.SUBMITTED)
    require_open(application.cohort, now, application=application)
    if application.is_typed_by_staff:
        application.is_typed_by_staff = False
        application.save(update_fields=["is_typed_by_staff"])
    return _revision(application, actor=actor, now=now)


def _revision(application: Application, *, actor, now) -> Draft:
    copy = application.copies.first()
    answers = {name: value for name, value in copy.content.items() if name not in WORDS_OF_THE_DAY}
    answers |= minors.guardians_as_they_stand(application)
    if answers.get("image") != (agreed := _image_agreed(application.candidate)):
        answers["image"] = agreed
    draft, is_new = Draft.objects.get_or_create(
        application=application, defaults={"answers": answers, "copied_from": copy, "saved_at": now}
    )
    if is_new:
        journal.record("application.revision_opened", application, actor=actor, now=now)
    return draft


def _image_agreed(person) -> int | None:
    """The version of the image text that she agrees to today. She can give and take back that agreement elsewhere: a
    new version of her file must not bring back what she had said in the one before.
    """
    consent = standing(person).get(TextVersion.Key.IMAGE)
    return consent.version.number if consent else None


@transaction.atomic
def drop_revision(application: Application, *, actor, now=None) -> None:
    """The candidate gives up what she was changing: what she had sent stands, as it did all along.

    Raises IllegalTransition when no revision is open.
    """
    lock(application)
    draft = open_draft(application)
    if application.state == State.DRAFT:
        raise IllegalTransition(journal.ref(application), application.state, State.SUBMITTED)
    draft.delete()
    journal.record("application.revision_dropped", application, actor=actor, now=now)


def close_revisions(applications: list[int]) -> None:
    """What was being changed in these files, now decided and announced, is read by nobody any more. A step of
    `reviews.transitions.announce`.
    """
    Draft.objects.filter(application__in=applications).delete()


@transaction.atomic
def reopen(application: Application, *, until, request: str, actor, now=None) -> None:
    """A coordinator reopens a sent file until a moment, to ask for one thing more; the candidate is written to.

    What she sent counts until she sends again. Raises Refusal when it is her own, when the moment is past or too late;
    IllegalTransition unless the file was sent and is not decided.
    """
    now = now or timezone.now()
    require_not_own(application.candidate, actor)
    lock(application)
    if application.state != State.SUBMITTED:
        raise IllegalTransition(journal.ref(application), application.state, State.SUBMITTED)
    _allow(application, until, actor=actor, now=now)
    _revision(application, actor=actor, now=now)
    emails.ask_for_more(application, request=request, now=now)


@transaction.atomic
def reopen_for_document(application: Application, *, until, now) -> bool:
    """The clock: a document that was sent cannot be used, so the file is open again until a moment to swap it.

    Returns False, and does nothing, when it is too late for that. A step of `document_checks`, for a file that was sent
    and is not decided.
    """
    if until <= now:
        return False
    if until > application.term:
        _allow(application, until, actor=journal.CLOCK, now=now)
    _revision(application, actor=journal.CLOCK, now=now)
    return True


@transaction.atomic
def give_time(application: Application, *, until, actor, now=None) -> None:
    """A coordinator gives one person more time to send her draft; she is written to, unless staff type it for her.

    Raises Refusal when it is her own, when the moment is past or too late; IllegalTransition when it was sent already.
    """
    now = now or timezone.now()
    require_not_own(application.candidate, actor)
    lock(application)
    if application.state != State.DRAFT:
        raise IllegalTransition(journal.ref(application), application.state, State.DRAFT)
    _allow(application, until, actor=actor, now=now)
    if not application.is_typed_by_staff:
        emails.announce_more_time(application, is_new=False, now=now)


@transaction.atomic
def start_late(cohort: Cohort, candidate, *, until, actor, now=None) -> Application:
    """A coordinator opens a file with time until a moment, for somebody who had begun none; she is written to.

    Raises Refusal when it is her own, when she has a file already, or when the moment is past or too late.
    """
    now = now or timezone.now()
    require_not_own(candidate, actor)
    _require_no_file(cohort, candidate)
    application = _opened(cohort, candidate, actor=actor, now=now)
    _allow(application, until, actor=actor, now=now)
    emails.announce_more_time(application, is_new=True, now=now)
    return application


def _allow(application: Application, until, *, actor, now) -> None:
    if until <= now:
        raise Refusal(_("Ce moment est déjà passé\u00a0: choisissez-en un à venir."))
    if timezone.localdate(until) >= application.cohort.starts_on:
        raise Refusal(
            _("La promotion commence le %s\u00a0: choisissez un moment avant.") % day(application.cohort.starts_on)
        )
    if application.open_until == until:  # a second click
        return
    application.open_until = until
    application.save(update_fields=["open_until"])
    journal.record("application.more_time_given", application, actor=actor, now=now, detail=moment(until))


@transaction.atomic
def start_on_behalf(cohort: Cohort, candidate, *, until=None, actor, now=None) -> Application:
    """A coordinator opens a file that somebody brings on paper, to type it; outside the call, with time until a moment.

    Raises Refusal when it is her own, when the person has a file already, or when the moment is past or too late;
    CallClosed when the call is not open and no time is given.
    """
    now = now or timezone.now()
    require_not_own(candidate, actor)
    _require_no_file(cohort, candidate)
    if until is None:
        require_open(cohort, now)
    application = _opened(cohort, candidate, actor=actor, now=now, is_typed_by_staff=True)
    if not application.is_typed_by_staff:
        raise Refusal(_("Cette personne vient de commencer elle-même sa candidature."))
    if until is not None:
        _allow(application, until, actor=actor, now=now)
    return application


def require_not_own(candidate, actor) -> None:
    """A coordinator who is a candidate too is served like the others: by somebody else."""
    if journal.ref(candidate) == journal.ref(actor):
        raise Refusal(_("C’est votre propre candidature\u00a0: demandez à une autre personne de la coordination."))


def _require_no_file(cohort: Cohort, candidate) -> None:
    if _file_of(cohort, candidate):
        raise Refusal(_("Cette personne a déjà une candidature à cette promotion, commencée ou envoyée."))
