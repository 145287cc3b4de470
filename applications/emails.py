"""The letters about an application. One fact, one key, one letter."""

import hashlib
from copy import copy
from datetime import datetime, time, timedelta
from types import SimpleNamespace

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from applications.referent import follow_url
from lifecycle import journal
from notifications import outbox, rendering
from notifications.kinds import Kind, register
from notifications.links import home_url
from notifications.models import Letter

_NOW = timezone.make_aware(datetime(2027, 2, 10, 18, 0))
_SAMPLE = {
    "application": SimpleNamespace(
        reference="P27-7K3F",
        candidate=SimpleNamespace(first_name="Inès"),
        referent_name="Mme Haddad",
        confirm_by=_NOW + timedelta(days=7),
        cohort=SimpleNamespace(
            name="Printemps 2027",
            closes_at=_NOW,
            decisions_on=_NOW.date() + timedelta(days=20),
            starts_on=_NOW.date() + timedelta(days=85),
        ),
        is_typed_by_staff=False,
    ),
    "url": "https://mentorat.example/candidature/P27-7K3F/",
    "home_url": "https://mentorat.example/mon-espace/",
    "days": 3,
    "term": _NOW + timedelta(days=3),
    "request": "Pouvez-vous nous donner un lien vers votre court métrage qui marche encore ?",
    "is_again": False,
    "awaited": [],
    "is_new": False,
    "awaits_authorisation": False,
    "shared_reason": "",
}


def _kind(name: str, title: str, when: str, *, essential: bool = True, **sample) -> Kind:
    known = {**_SAMPLE, **sample}
    return register(Kind(f"applications.{name}", title, when, "la personne candidate", essential, known))


RECEIPT = _kind("receipt", "Candidature reçue", "À l’envoi de la candidature.")
REMINDER = _kind(
    "reminder", "Brouillon à envoyer", "Trois jours, puis un jour avant la clôture de l’appel.", essential=False
)
CONFIRM_REMINDER = _kind(
    "confirm_reminder",
    "Place à confirmer",
    "À la moitié du délai pour confirmer, puis un jour avant la fin. Un jour avant seulement quand le délai est de "
    "trois jours ou moins.",
    is_last=False,
)
ACCEPTED = _kind("accepted", "Candidature acceptée", "À l’annonce des décisions.")
WAITLISTED = _kind("waitlisted", "Sur liste d’attente", "À l’annonce des décisions.")
REJECTED = _kind("rejected", "Candidature non retenue", "À l’annonce des décisions.")
PROMOTED = _kind("promoted", "Une place se libère", "Quand une place se libère pour la liste d’attente.")
WAITING_LIST_CLOSED = _kind(
    "waiting_list_closed",
    "Liste d’attente close",
    "Quand la coordination clôt la liste d’attente, à chaque personne qui attendait encore.",
)
CONFIRMED = _kind("confirmed", "Place confirmée", "Quand la personne confirme sa place.")
LAPSED = _kind("lapsed", "Place non confirmée", "Quand le délai pour confirmer est passé.")
MORE_ASKED = _kind("more_asked", "Précision demandée", "Quand la coordination rouvre une candidature envoyée.")
MORE_TIME = _kind("more_time", "Délai accordé", "Quand la coordination donne plus de temps pour envoyer un brouillon.")
DOCUMENT_UNUSABLE = _kind(
    "document_unusable",
    "Fichier à remplacer",
    "Quand un fichier ajouté à une candidature ne peut pas être ouvert. Déjà envoyée, elle est rouverte trois jours au "
    "moins.",
    document=SimpleNamespace(name="book-ines.pdf", asked=SimpleNamespace(label="Portfolio")),
    reason="Ce PDF est protégé par un mot de passe. Ouvrez-le, choisissez «\u00a0Imprimer\u00a0» puis "
    "«\u00a0Enregistrer en PDF\u00a0», et ajoutez cette copie sans mot de passe.",
    is_sent=False,
    document_url="https://mentorat.example/candidature/P27-7K3F/etape/documents/",
)
REFERENT = register(
    Kind(
        "applications.referent",
        "Suivi d’une candidature",
        "À l’envoi d’une candidature qui nomme un·e référent·e.",
        "la personne référente",
        sample=_SAMPLE,
        links={"follow": follow_url},
        is_for_account=False,
    )
)
WITHDRAWN = _kind("withdrawn", "Candidature retirée", "Quand la candidature est retirée.")
NO_MENTOR = _kind(
    "no_mentor",
    "Promotion achevée, sans mentor·e",
    "Quand la promotion s’achève, à chaque personne qui n’a pas de mentor·e ce jour-là.",
)


REGRET_KEPT = timedelta(days=30)
PAGE_FIRST = timedelta(minutes=10)
"""How long the page alone tells that a file cannot be used, to who is probably still looking at it."""

DECISIONS = {"ACCEPTED": ACCEPTED, "WAITLISTED": WAITLISTED, "REJECTED": REJECTED}


def _context(application: Application, **more) -> dict:
    url = settings.SITE_URL + application.get_absolute_url()
    return {"application": application, "url": url, "home_url": home_url(), **more}


def _post(kind: Kind, application: Application, fact: str, *, now, **options) -> bool:
    return outbox.post(
        kind.name,
        to=application.candidate.email,
        key=f"application:{application.pk}:{fact}",
        context=_context(application, **options.pop("context", {})),
        about=application,
        now=now,
        **options,
    )


def acknowledge(application: Application, number: int, *, awaited: list[str], now) -> None:
    """The receipt of the file's copy of that number. `awaited` names the representatives who were written to."""
    context = {"is_again": number > 1, "term": application.term, "awaited": awaited}
    _post(RECEIPT, application, f"sent:{number}", now=now, context=context)


def tell_referent(application: Application, *, now) -> None:
    """Whoever the candidate names as her referent gets the link to follow the file, once."""
    email = application.referent_email
    if not email:
        return
    outbox.post(
        REFERENT.name,
        to=email,
        key=f"application:{application.pk}:referent:{hashlib.sha256(email.encode()).hexdigest()[:16]}",
        context=_context(application),
        about=application,
        now=now,
    )


def ask_for_more(application: Application, *, request: str, now) -> None:
    """Staff reopen a sent file: what they ask, until when. The same asked twice of what she sent last is one letter."""
    words = f"{timezone.localtime(application.term):%Y-%m-%dT%H:%M} {request}"
    asked = hashlib.sha256(words.encode()).hexdigest()[:16]
    fact = f"more_asked:{application.copies.count()}:{asked}"
    context = {"request": request, "term": application.term}
    _post(MORE_ASKED, application, fact, now=now, not_after=application.term, context=context)


def announce_more_time(application: Application, *, is_new: bool, now) -> None:
    """Staff give one person more time, to begin or to finish; the same moment given twice is one letter."""
    fact = f"more_time:{timezone.localtime(application.open_until):%Y-%m-%dT%H:%M}"
    context = {"term": application.term, "is_new": is_new}
    _post(MORE_TIME, application, fact, now=now, not_after=application.term, context=context)


def remind(application: Application, *, days: int, now) -> bool:
    """`days` before the closing; a deadline that moves makes a new fact."""
    return _post(
        REMINDER,
        application,
        reminder_fact(application.cohort, days),
        now=now,
        not_after=application.cohort.closes_at,
        context={"days": days},
    )


def reminder_fact(cohort, days: int) -> str:
    return f"reminder:{days}:{timezone.localtime(cohort.closes_at):%Y-%m-%dT%H:%M}"


def ask_for_another_file(document, application: Application, *, reason: str, is_sent: bool, now) -> None:
    """A document cannot be used: which one, why, what to do, before when.

    One that is only in a draft is told on the page as well: the letter leaves a little later, unless the file was taken
    out by then.
    """
    url = settings.SITE_URL + reverse("applications:documents", args=[application.reference])
    context = {"document": document, "reason": reason, "is_sent": is_sent, "term": application.term}
    context["document_url"] = url
    not_before = now if is_sent else min(now + PAGE_FIRST, application.term - timedelta(minutes=1))
    _post(
        DOCUMENT_UNUSABLE,
        application,
        _document_fact(document),
        now=now,
        not_before=max(now, not_before),
        not_after=application.term,
        context=context,
    )


def _document_fact(document) -> str:
    return f"document:{document.pk}:unusable"


def drop_document_letters(document) -> None:
    """It was taken out: what has not left about it is moot."""
    outbox.cancel(Letter.objects.filter(key=f"application:{document.application_id}:{_document_fact(document)}"))


def announce_decision(application: Application, *, awaits_authorisation: bool, now, hold: str) -> None:
    _post(
        DECISIONS[application.state],
        application,
        f"decision:{hold}",
        now=now,
        hold=hold,
        context={"awaits_authorisation": awaits_authorisation, "shared_reason": application.shared_reason},
    )


def preview_decision(
    application: Application, outcome: str, *, confirm_by, awaits_authorisation: bool, shared_reason: str = ""
) -> tuple[str, str]:
    """Subject and text of the letter that this decision would send. Nothing is written, the file is left as it is."""
    decided = copy(application)
    decided.state, decided.confirm_by = outcome, confirm_by
    more = {"awaits_authorisation": awaits_authorisation, "shared_reason": shared_reason}
    return rendering.render(DECISIONS[outcome], _context(decided, **more))


def announce_promotion(application: Application, *, awaits_authorisation: bool, now) -> None:
    fact = f"promoted:{timezone.localtime(application.confirm_by):%Y-%m-%d}"
    _post(PROMOTED, application, fact, now=now, context={"awaits_authorisation": awaits_authorisation})


def announce_closed_list(application: Application, *, now) -> None:
    """The waiting list is closed, and no place came: one letter, whoever asks for it and how often."""
    _post(WAITING_LIST_CLOSED, application, "waiting_list_closed", now=now)


def preview_closed_list(application: Application) -> tuple[str, str]:
    """Subject and text of the letter that closing the list would send this person. Nothing is written."""
    return rendering.render(WAITING_LIST_CLOSED, _context(application))


def remind_to_confirm(application: Application, *, turn: str, awaits_authorisation: bool, now) -> bool:
    """A place waits to be confirmed; another promotion, or a term that moves, makes a new fact."""
    return _post(
        CONFIRM_REMINDER,
        application,
        confirm_fact(turn, application.confirm_by),
        now=now,
        not_after=application.confirm_by,
        context={"is_last": turn == "last", "awaits_authorisation": awaits_authorisation},
    )


def confirm_fact(turn: str, term: datetime) -> str:
    return f"confirm:{turn}:{timezone.localtime(term):%Y-%m-%dT%H:%M}"


def acknowledge_confirmation(application: Application, *, now) -> None:
    _post(CONFIRMED, application, "confirmed", now=now)


def announce_lapse(application: Application, *, now) -> None:
    _post(LAPSED, application, f"lapsed:{timezone.localtime(application.confirm_by):%Y-%m-%d}", now=now)


def regret_no_mentor(application: Application, *, now) -> None:
    """Worthless a month after the end: what was closed late, or by an older portal, surprises nobody."""
    end = datetime.combine(application.cohort.ends_on, time(23, 59)) + REGRET_KEPT
    _post(NO_MENTOR, application, "no_mentor", now=now, not_after=timezone.make_aware(end))


def acknowledge_withdrawal(application: Application, *, now) -> None:
    _post(WITHDRAWN, application, "withdrawn", now=now)


def drop_reminders(application: Application) -> None:
    """What they asked for was done, or is not to be done any more: those that have not left are moot."""
    kinds = (REMINDER.name, CONFIRM_REMINDER.name)
    outbox.cancel(Letter.objects.about(journal.ref(application)).filter(kind__in=kinds))


def drop_all(application: Application) -> None:
    """The file was withdrawn: whatever has not left would be wrong."""
    outbox.cancel(Letter.objects.about(journal.ref(application)))
