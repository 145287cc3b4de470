"""The letters that come from the jury's work. One fact, one key, one letter."""

from collections import Counter
from types import SimpleNamespace

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from lifecycle import journal
from notifications import outbox
from notifications.kinds import Kind, register
from notifications.models import Letter
from reviews.models import Decision, Note, Release

MORE_INFORMATION = register(
    Kind(
        "reviews.more_information",
        "Question du jury",
        "Quand la coordination transmet la question d’un membre du jury sans rouvrir la candidature.",
        "la personne candidate",
        sample={
            "application": SimpleNamespace(
                reference="P27-7K3F",
                candidate=SimpleNamespace(first_name="Inès"),
                cohort=SimpleNamespace(name="Printemps 2027"),
            ),
            "words": "Vous parlez d’un court métrage tourné l’été dernier. Quelle part y avez-vous prise\u00a0: "
            "l’écriture, l’image, le montage\u00a0?",
            "url": "https://mentorat.example/candidature/P27-7K3F/",
        },
    )
)


def ask_for_information(note: Note, *, now) -> None:
    """What the coordination asks of the candidate, in its own words: nothing says who of the jury wanted to know."""
    application = note.application
    outbox.post(
        MORE_INFORMATION.name,
        to=application.candidate.email,
        key=f"application:{application.pk}:question:{note.pk}",
        context={
            "application": application,
            "words": note.words,
            "url": settings.SITE_URL + application.get_absolute_url(),
        },
        about=application,
        now=now,
    )


RELEASE_TO_CONFIRM = register(
    Kind(
        "reviews.release_to_confirm",
        "Annonce à confirmer",
        "Quand une annonce des décisions est proposée et attend une seconde personne.",
        "les autres membres de la coordination",
        sample={
            "person": SimpleNamespace(first_name="Moussa"),
            "proposer": "Claire Morel",
            "cohort": SimpleNamespace(name="Printemps 2027"),
            "total": 412,
            "accepted": 200,
            "waitlisted": 60,
            "rejected": 152,
            "url": "https://mentorat.example/admin/reviews/release/annonces/4/",
        },
    )
)


def coordinators_but(person: User | None):
    """Who may confirm what this person proposed."""
    holders = User.objects.filter(is_active=True, grants__role=Role.COORDINATOR).distinct()
    return holders.exclude(pk=person.pk if person else None).order_by("first_name", "last_name", "pk")


def ask_to_confirm(release: Release, outcomes: Counter, *, now) -> None:
    """Each other coordinator: an announcement waits for one of them to read it whole."""
    Outcome = Decision.Outcome
    for person in coordinators_but(release.proposed_by):
        outbox.post(
            RELEASE_TO_CONFIRM.name,
            to=person.email,
            key=f"release:{release.pk}:to_confirm:{person.pk}",
            context={
                "person": person,
                "proposer": release.proposed_by.get_full_name() if release.proposed_by else "",
                "cohort": release.cohort,
                "total": outcomes.total(),
                "accepted": outcomes[Outcome.ACCEPTED],
                "waitlisted": outcomes[Outcome.WAITLISTED],
                "rejected": outcomes[Outcome.REJECTED],
                "url": settings.SITE_URL + reverse("admin:reviews_release_page", args=[release.pk]),
            },
            about=release,
            now=now,
        )


def drop_requests(release: Release) -> None:
    """Somebody confirmed, or gave up: the letters that have not left are moot."""
    outbox.cancel(Letter.objects.about(journal.ref(release)).filter(kind=RELEASE_TO_CONFIRM.name))
