"""Confirmed places and committed mentors of one cohort, as many as asked, written at once: what a run reads."""

import random
from datetime import timedelta
from itertools import accumulate

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import User
from accounts.regions import Region
from applications.choices import Gender
from applications.models import Application, SentCopy, Wish
from cohorts.models import Cohort, Language, Slot, Trade
from consents.models import TextVersion
from consents.queries import current_texts
from lifecycle import journal
from mentors.models import Commitment, MentorProfile, Practice, Seniority
from tests.factories.cohorts import make_cohort

CAPACITIES = (1, 1, 1, 2, 2, 3, 4, 5)
WORDS = (
    *("je", "film", "lumière", "son", "quartier", "rêve", "école", "plateau", "montage", "histoire", "voix", "regard"),
    *("image", "projet", "scénario", "caméra", "festival", "atelier", "famille", "nuit"),
)


def make_matched_season(mentees: int, mentors: int, *, seed: int | None = None, now=None, **fields) -> Cohort:
    """A cohort whose places are confirmed and whose mentors committed. Trades are wanted as in life: a few by most."""
    chance, now = random.Random(mentees if seed is None else seed), now or timezone.now()
    parity = {"parity_percent": 50, "parity_reason": "La parité."}
    cohort = make_cohort("closed", now=now, **{"places": mentees, **parity, **fields})
    trades = list(Trade.objects.filter(is_offered=True))
    chance.shuffle(trades)
    steps = list(accumulate(1 / rank for rank in range(1, len(trades) + 1)))  # Zipf
    _write_mentees(cohort, mentees, chance, trades, steps, now)
    _write_mentors(cohort, mentors, chance, trades, steps, now)
    return cohort


def _people(count: int, prefix: str, chance: random.Random, now) -> list[User]:
    regions = [region.value for region in Region]
    weights, password = [max(1, 30 - 3 * place) for place in range(len(regions))], make_password(None)
    return User.objects.bulk_create(
        User(
            email=f"{prefix}{number}@example.org",
            password=password,
            first_name=f"Prénom{number}",
            last_name=f"Nom{number}",
            birth_date=(now - timedelta(days=366 * chance.choice((17, *range(19, 35))))).date(),
            region=chance.choices(regions, weights)[0],
        )
        for number in range(count)
    )


def _wanted(chance: random.Random, trades: list[Trade], steps: list[float], most: int) -> list[Trade]:
    return list(dict.fromkeys(chance.choices(trades, cum_weights=steps, k=chance.randint(1, most))))


def _languages(chance: random.Random) -> list[str]:
    spoken = [language for language in Language.values if chance.random() < 0.2]
    return spoken if spoken and chance.random() < 0.05 else list(dict.fromkeys([Language.FRENCH, *spoken]))


def _slots(chance: random.Random) -> list[str]:
    return [slot for slot in Slot.values if chance.random() < 0.4]


def _write_mentees(cohort: Cohort, count: int, chance: random.Random, trades, steps, now) -> None:
    def text() -> str:
        return " ".join(chance.choices(WORDS, k=150))

    people = _people(count, f"mentee-{cohort.slug}-", chance, now)
    for person in people:  # minors without authorisation would wait: here everybody takes part
        person.birth_date = person.birth_date.replace(year=person.birth_date.year - 2)
    User.objects.bulk_update(people, ["birth_date"], batch_size=2000)
    files = Application.objects.bulk_create(
        Application(
            reference=f"{cohort.reference_prefix}-{number:06d}",
            cohort=cohort,
            candidate=person,
            state=Application.State.CONFIRMED,
            languages=_languages(chance),
            slots=_slots(chance),
            accepts_remote=chance.random() < 0.8,
            gender=chance.choice(["", *Gender.values]),
            background=text(),
            project=text(),
            hopes=text(),
            sent_at=now - timedelta(days=30),
            confirm_by=now,
            confirmed_at=now,
        )
        for number, person in enumerate(people)
    )
    SentCopy.objects.bulk_create(
        SentCopy(
            application=file,
            number=1,
            sent_at=file.sent_at,
            checksum="0" * 64,
            content={
                "project": file.project,
                "hopes": file.hopes,
                "avoid": f"Prénom{place // 2} Nom{place // 2}" if place % 20 == 0 else "",
            },
        )
        for place, file in enumerate(files)
    )
    Wish.objects.bulk_create(
        Wish(application=file, trade=trade, rank=rank)
        for file in files
        for rank, trade in enumerate(_wanted(chance, trades, steps, 3), start=1)
    )


def _write_mentors(cohort: Cohort, count: int, chance: random.Random, trades, steps, now) -> None:
    today, charter = timezone.localdate(now), current_texts()[TextVersion.Key.CHARTER]
    profiles = MentorProfile.objects.bulk_create(
        MentorProfile(
            person=person,
            state=MentorProfile.State.APPROVED,
            region=person.region,
            languages=_languages(chance),
            slots=_slots(chance),
            accepts_remote=chance.random() < 0.8,
            accompanies_minors=True,
            honorability_seen_on=today,
            honorability_seen_by=journal.CONSOLE,
            honorability_valid_until=today + timedelta(days=365),
            charter=charter,
            charter_name=person.get_full_name(),
            charter_signed_at=now,
            guide_read_at=now,
        )
        for person in _people(count, f"mentor-{cohort.slug}-", chance, now)
    )
    exercised = {profile.pk: _wanted(chance, trades, steps, 3) for profile in profiles}
    Practice.objects.bulk_create(
        Practice(mentor_id=pk, trade=trade, seniority=Seniority.SENIOR)
        for pk, found in exercised.items()
        for trade in found
    )
    commitments = Commitment.objects.bulk_create(
        Commitment(mentor=profile, cohort=cohort, capacity=chance.choice(CAPACITIES), made_at=now)
        for profile in profiles
    )
    Preferred = Commitment.preferred_trades.through
    Preferred.objects.bulk_create(
        Preferred(commitment_id=one.pk, trade_id=exercised[one.mentor_id][0].pk)
        for one in commitments
        if chance.random() < 0.4
    )
