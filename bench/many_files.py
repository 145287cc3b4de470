"""A programme of 100,000 files in one cohort, as a season leaves them: people, wishes, readings, decisions, letters."""

import random
from datetime import timedelta
from itertools import islice

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.regions import Region
from applications.choices import Gender, SocialCriterion
from applications.models import Application, Draft, Wish
from cohorts.models import Audience, Cohort, Trade
from consents.models import Guardian, GuardianAuthorisation
from lifecycle import journal
from notifications.models import Letter
from reviews.models import Assignment, Decision, Review
from tests import factories
from tests.season import names

BATCH = 5_000
TEXTS = 1_500
READERS = 300
SHARES = {  # of the files that were sent
    "SUBMITTED": 0.62, "REJECTED": 0.2, "WAITLISTED": 0.05, "WITHDRAWN": 0.06, "CONFIRMED": 0.025, "MATCHED": 0.02,
    "ACCEPTED": 0.015, "LAPSED": 0.01,
}  # fmt: skip
AUDIENCES = dict(zip(Audience.values, (0.45, 0.3, 0.18, 0.07), strict=True))
GENDERS = {"": 0.35, Gender.WOMAN: 0.36, Gender.MAN: 0.28, Gender.NON_BINARY: 0.01}
WORDS = (  # noqa: SIM905
    "je film caméra lumière son quartier rêve école plateau montage histoire voix regard image projet court scénario "
    "écrire tourner apprendre chez ma mon famille nuit ville train été jamais souvent parce que avec pour dans encore "
    "depuis trois ans atelier lycée festival premier second silence colère amitié docker boxe danse mer frontière"
).split()


class Season:
    """What is drawn at random, always the same way."""

    def __init__(self, files: int):
        self.files = files
        self.chance = random.Random(5050)
        self.now = timezone.now()
        self.trades = list(Trade.objects.filter(is_offered=True))
        self.texts = [" ".join(self.chance.choices(WORDS, k=self.chance.randint(80, 260))) for _n in range(TEXTS)]
        self.regions = [r.value for r in Region]
        self.region_weights = [max(1, 40 - 4 * n) for n in range(len(self.regions))]

    def pick(self, shares: dict) -> str:
        return self.chance.choices(list(shares), list(shares.values()))[0]

    def one_in(self, n: int) -> bool:
        return self.chance.random() < 1 / n


def make(files: int) -> None:
    """Fill the database: `files` sent in one cohort whose call is closed, a twentieth in one that is open."""
    season = Season(files)
    big = factories.make_cohort("closed", now=season.now, places=max(1, files // 10), presentation="Le grand appel.")
    small = factories.make_cohort("open", now=season.now)
    readers = _people(season, READERS)
    _files(season, big, files, SHARES)
    _files(season, small, files // 50, {"SUBMITTED": 1})
    _files(season, small, files // 20, {"DRAFT": 1})
    _wishes(season)
    _readings(season, big, readers)
    _decisions(season, big)
    _authorisations(season)
    _letters(season)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _bulk(model, rows, **options) -> list:
    """Rows from a generator, a batch at a time."""
    rows, made = iter(rows), []
    while batch := list(islice(rows, BATCH)):
        made += model.objects.bulk_create(batch, **options)
    return made


def _people(season: Season, count: int) -> list[User]:
    start, password = User.objects.count(), make_password(None)

    def people():
        for number in range(start, start + count):
            name = names.draw(season.chance)
            box = names.DOMAINS[season.chance.randrange(len(names.DOMAINS))]
            plain = f"{name.first}.{name.last}".lower().encode("ascii", "ignore").decode().replace(" ", "-")
            age = season.chance.choice((16, 17, *range(18, 35)))
            yield User(
                password=password,
                email=f"{plain}.{number}@{box}",
                first_name=name.first,
                last_name=name.last,
                birth_date=(season.now - timedelta(days=366 * age + season.chance.randrange(300))).date(),
                region=season.chance.choices(season.regions, season.region_weights)[0],
                phone=f"+336{season.chance.randrange(10**8):08d}",
                is_followed_by_hand=season.one_in(300),
            )

    return _bulk(User, people())


def _files(season: Season, cohort: Cohort, count: int, shares: dict) -> None:
    start = Application.objects.count()
    people = _people(season, count)

    def one(number: int, person: User) -> Application:
        state = season.pick(shares)
        is_draft, is_decided = state == "DRAFT", state not in ("DRAFT", "SUBMITTED", "WITHDRAWN")
        sent_at = season.now - timedelta(seconds=season.chance.randrange(3_000_000))
        has_place = state in ("CONFIRMED", "MATCHED", "COMPLETED")
        texts = {} if is_draft else {f: season.chance.choice(season.texts) for f in ("background", "project", "hopes")}
        return Application(
            reference=f"{cohort.reference_prefix}-{_code(start + number)}",
            cohort=cohort,
            candidate=person,
            state=state,
            audience="" if is_draft else season.pick(AUDIENCES),
            gender="" if is_draft else season.pick(GENDERS),
            social_criteria=[c for c in SocialCriterion.values if season.one_in(6)],
            is_typed_by_staff=season.one_in(500),
            sent_at=None if is_draft else sent_at,
            announced_at=season.now if is_decided else None,
            confirm_by=season.now + timedelta(days=5) if has_place or state in ("ACCEPTED", "LAPSED") else None,
            confirmed_at=season.now if has_place else None,
            waitlist_rank=number + 1 if state == "WAITLISTED" else None,
            **texts,
        )

    _bulk(Application, (one(number, person) for number, person in enumerate(people)))


def _code(number: int) -> str:
    """Four signs out of 32, as references have, each number its own."""
    signs = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    mixed = number * 387_420_489 % 32**4
    return "".join(signs[mixed // 32**n % 32] for n in range(4))


def _wishes(season: Season) -> None:
    weights = [max(1, 30 - n) for n in range(len(season.trades))]

    def wishes():
        for pk in Application.objects.exclude(state="DRAFT").values_list("pk", flat=True).order_by("pk"):
            wanted = list(dict.fromkeys(season.chance.choices(season.trades, weights, k=season.chance.randint(1, 3))))
            yield from (Wish(application_id=pk, trade=trade, rank=rank) for rank, trade in enumerate(wanted, 1))

    _bulk(Wish, wishes())
    sent = Application.objects.filter(state="SUBMITTED").values_list("pk", flat=True).order_by("-pk")
    _bulk(Draft, (Draft(application_id=pk, answers={}) for pk in sent[: season.files // 100]))


def _readings(season: Season, cohort: Cohort, readers: list[User]) -> None:
    """Two readers a file; one reading in ten is still to come, and one file in fifty has nobody."""
    ids = [pk for pk in cohort.applications.values_list("pk", flat=True).order_by("pk") if not season.one_in(50)]
    pairs = [(pk, reader) for pk in ids for reader in season.chance.sample(readers, 2)]
    for reader in readers:
        reader.grants.create(role="JURY", scope=journal.ref(cohort))
    _bulk(Assignment, (Assignment(application_id=pk, reviewer=reader) for pk, reader in pairs))
    given = (
        Review(
            application_id=pk, reviewer=reader, score=season.chance.randint(4, 20) / 4, comment=season.texts[0][:200]
        )
        for pk, reader in pairs
        if not season.one_in(10)
    )
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE reviews_review DISABLE TRIGGER USER")
        _bulk(Review, given)
        cursor.execute("ALTER TABLE reviews_review ENABLE TRIGGER USER")
        cursor.execute(
            "UPDATE applications_application a SET mean_score = m.mean, score_spread = m.spread FROM "
            "(SELECT application_id, round(avg(score), 2) AS mean, max(score) - min(score) AS spread "
            "FROM reviews_review GROUP BY 1) m "
            "WHERE m.application_id = a.id"
        )


def _decisions(season: Season, cohort: Cohort) -> None:
    outcomes = {"ACCEPTED": 0.15, "WAITLISTED": 0.1, "REJECTED": 0.75}
    read = cohort.applications.filter(state="SUBMITTED").values_list("pk", flat=True).order_by("pk")
    marked = (Decision(application_id=pk, outcome=season.pick(outcomes)) for pk in read if not season.one_in(3))
    _bulk(Decision, marked)


def _authorisations(season: Season) -> None:
    """Of those under 18: asked for, given, refused; some representatives asked to be called, some have an outing."""
    young = Application.objects.filter(
        candidate__birth_date__gt=(season.now - timedelta(days=366 * 18)).date(), sent_at__isnull=False
    )
    shares = {"GIVEN": 0.6, "REQUESTED": 0.35, "REFUSED": 0.03, "WITHDRAWN": 0.02}
    rows = list(young.values_list("candidate", "cohort"))

    def asked(suffix=""):
        for person, cohort in rows:
            if not suffix or season.one_in(10):
                state = season.pick(shares)
                signed = {"signed_on": season.now.date(), "guardian_name": "Mme X", "relation": "mère"}
                more = signed if state == "GIVEN" else {}
                scope = f"{Cohort._meta.label_lower}:{cohort}{suffix}"
                yield GuardianAuthorisation(person_id=person, scope=scope, state=state, **more)

    made = [*_bulk(GuardianAuthorisation, asked()), *_bulk(GuardianAuthorisation, asked(":sortie-1"))]

    def guardians():
        for one in made:
            days = season.chance.randrange(40)
            yield Guardian(
                authorisation=one,
                email=f"parent.{one.pk}@example.org",
                asked_at=season.now - timedelta(days=days),
                call_asked_at=season.now if season.one_in(40) else None,
            )

    _bulk(Guardian, guardians())


def _letters(season: Season) -> None:
    """A receipt for each file that was sent."""
    rows = Application.objects.filter(sent_at__isnull=False).values_list("pk", "candidate__email", "sent_at")

    def letters():
        for pk, to, at in rows.iterator():
            yield Letter(
                key=f"application:{pk}:submitted",
                kind="application_submitted",
                about=f"{Application._meta.label_lower}:{pk}",
                to=to,
                subject="Votre candidature est envoyée",
                body="…",
                status=Letter.Status.SENT,
                claimed_at=at,
                sent_at=at,
            )

    _bulk(Letter, letters())
