"""The letters to mentors about what is proposed to them."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Cohort
from lifecycle import journal
from matching import season_links
from matching.models import Proposal, Run
from mentors.models import Commitment, MentorProfile
from notifications import links, outbox, rendering
from notifications.kinds import Kind, register
from notifications.links import home_url
from notifications.models import Letter

_NOW = timezone.make_aware(datetime(2027, 4, 12, 23, 59))
_SAMPLE = {
    "mentor": SimpleNamespace(first_name="Karim"),
    "cohort": SimpleNamespace(name="Printemps 2027", starts_on=date(2027, 5, 10), ends_on=date(2027, 11, 10)),
    "count": 2,
    "term": _NOW + timedelta(days=8),
    "url": "https://mentorat.example/mentor/propositions/",
    "home_url": "https://mentorat.example/mon-espace/",
}


def _kind(name: str, title: str, when: str, *, essential: bool = True) -> Kind:
    return register(Kind(f"matching.{name}", title, when, "la ou le mentor", essential, _SAMPLE))


OFFER = _kind(
    "offer", "Propositions de binômes", "Quand les propositions sont publiées\u00a0: un courriel pour toutes."
)
REMINDER = _kind("offer_reminder", "Proposition sans réponse", "Quelques jours après l’envoi.", essential=False)
DECLINED = _kind("declined", "Refus bien noté", "Quand un·e mentor·e décline.")
CANCELLED = _kind("offer_cancelled", "Proposition annulée", "Quand une proposition déjà envoyée n’a plus lieu d’être.")


SEASON = register(
    Kind(
        "matching.season",
        "Combien de personnes cette saison\u00a0?",
        "Quand la coordination demande les engagements d’une promotion.",
        "la ou le mentor",
        sample=_SAMPLE,
        links={"reponse": season_links.url_of},
    )
)


def ask_for_season(mentor: MentorProfile, cohort: Cohort, *, now) -> bool:
    """Moot once the cohort is over."""
    moot = timezone.make_aware(datetime.combine(cohort.ends_on, time(23, 59)))
    return outbox.post(
        SEASON.name,
        to=mentor.person.email,
        key=season_links.key(mentor.pk, cohort.pk),
        context=_season_context(mentor, cohort),
        about=mentor,
        now=now,
        not_after=moot,
    )


def preview_season(mentor: MentorProfile, cohort: Cohort) -> tuple[str, str]:
    """Subject and body of that letter, with words in the place of the link."""
    subject, body = rendering.render(SEASON, _season_context(mentor, cohort))
    return subject, links.hidden(body, "(son lien personnel)")


def _season_context(mentor: MentorProfile, cohort: Cohort) -> dict:
    return {"mentor": mentor.person, "cohort": cohort}


def offer(run: Run, commitment: Commitment, *, count: int, term, now) -> None:
    _post(OFFER, commitment, offer_fact(run.pk), about=commitment, now=now, count=count, term=term)


def remind(run: Run, commitment: Commitment, *, count: int, term, now) -> bool:
    """Once for each publication, for whatever is not answered yet; moot after the term."""
    fact = reminder_fact(run)
    return _post(REMINDER, commitment, fact, about=commitment, now=now, not_after=term, count=count, term=term)


def offer_fact(run: int) -> str:
    """What names the letter of a run's offers to one mentor."""
    return f"offer:{run}"


def reminder_fact(run: Run) -> str:
    return f"offer_reminder:{run.pk}"


def acknowledge_decline(proposal: Proposal, *, now) -> None:
    _post(DECLINED, proposal.commitment, f"declined:{proposal.pk}", about=proposal, now=now)


def tell_of_cancelled(commitment: Commitment, runs: list[int], *, now) -> None:
    """Offers of these runs no longer stand: one letter for all that one act cancels, about those she may have read of.
    A letter that has not left yet told her nothing.
    """
    keys = {f"commitment:{commitment.pk}:{offer_fact(run)}": run for run in runs}
    gone = Letter.objects.filter(key__in=keys, status__in=(Letter.Status.SENDING, Letter.Status.SENT))
    told = {keys[key] for key in gone.values_list("key", flat=True)}
    if count := sum(run in told for run in runs):
        key, is_over = f"cancelled:{now:%Y-%m-%dT%H:%M:%S}", commitment.cohort.is_at_its_end(now)
        _post(CANCELLED, commitment, key, about=commitment, now=now, count=count, is_over=is_over)


def drop_if_nothing_waits(commitment: Commitment) -> None:
    """Once nothing waits for an answer any more, letters that ask for one and have not left are moot."""
    if not Proposal.objects.filter(commitment=commitment, state=Proposal.State.OFFERED).exists():
        asking = Letter.objects.about(journal.ref(commitment)).filter(kind__in=(OFFER.name, REMINDER.name))
        outbox.cancel(asking)


def preview_offer(commitment: Commitment, *, count: int, term) -> tuple[str, str]:
    """Subject and body of the letter that publishing would send to this mentor."""
    return rendering.render(OFFER, _context(commitment, count=count, term=term))


def _context(commitment: Commitment, **context) -> dict:
    return {
        "mentor": commitment.mentor.person,
        "cohort": commitment.cohort,
        "url": settings.SITE_URL + reverse("matching:offers"),
        "home_url": home_url(),
        **context,
    }


def _post(kind: Kind, commitment: Commitment, fact: str, *, about, now, not_after=None, **context) -> bool:
    return outbox.post(
        kind.name,
        to=commitment.mentor.person.email,
        key=f"commitment:{commitment.pk}:{fact}",
        context=_context(commitment, **context),
        about=about,
        now=now,
        not_after=not_after,
    )
