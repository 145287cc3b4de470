"""Asking a minor's legal representatives: whom, where, how often; a link sent again, an address corrected."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.signing import BadSignature, dumps

from consents import answers, emails, guardians, links
from consents.models import Guardian, GuardianAuthorisation
from lifecycle.journal import CONSOLE, ref
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from matching.falls import refuse_authorisation
from notifications.models import Letter
from tests.guardians import asked, page_path, sign

pytestmark = pytest.mark.django_db

State = GuardianAuthorisation.State
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def letters(kind=emails.REQUEST, status=Letter.Status.QUEUED) -> list[str]:
    """To whom those of this kind go, the oldest first."""
    return list(Letter.objects.filter(kind=kind.name, status=status).order_by("id").values_list("to", flat=True))


def addresses(authorisation) -> list[tuple[int, str, str, int]]:
    """(place, address, answer, number of the link) of each representative."""
    rows = authorisation.guardians.order_by("order")
    return list(rows.values_list("order", "email", "state", "link_number"))


def lines(thing, action: str) -> int:
    return JournalEntry.objects.about(ref(thing)).filter(action=action).count()


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(Refusal) as refusal:
        act(*args, **kwargs)
    return refusal.value.sentence.replace("\u00a0", " ")


# --- Asking -------------------------------------------------------------------------------------


def test_lina_names_her_mother(minor, now):
    authorisation = asked(minor, emails=["Samira@Example.org"], now=now)

    [guardian] = authorisation.guardians.all()
    assert (guardian.name, guardian.email, guardian.asked_at) == ("Samira Benali", "samira@example.org", now)
    assert (authorisation.state, guardian.state, guardian.links_sent) == (State.REQUESTED, State.REQUESTED, 1)
    assert letters() == ["samira@example.org"]
    assert lines(authorisation, "guardianauthorisation.link_sent") == 1


def test_she_names_two_people(minor):
    authorisation = asked(minor, emails=["samira@example.org", "jo@example.org"])
    assert [row[:2] for row in addresses(authorisation)] == [(1, "samira@example.org"), (2, "jo@example.org")]
    assert letters() == ["samira@example.org", "jo@example.org"]


def test_asking_again_for_the_same_people_sends_nothing(minor):
    authorisation = asked(minor)
    guardians.ask(authorisation, [("Samira Moreau", "samira@example.org")], actor=minor)

    assert authorisation.guardians.get().name == "Samira Moreau"
    assert letters() == ["samira@example.org"]


def test_another_address_ends_the_link_of_the_first(minor, now):
    authorisation = asked(minor, emails=["samira@example.org", "jo@example.org"], now=now)
    Guardian.objects.update(reminded_after=3)
    guardians.ask(authorisation, [("Samira", "s.benali@example.org")], actor=minor, now=now + DAY)

    assert addresses(authorisation) == [(1, "s.benali@example.org", State.REQUESTED, 2)]
    guardian = authorisation.guardians.get()
    assert (guardian.asked_at, guardian.reminded_after) == (now + DAY, 0)
    assert letters() == ["s.benali@example.org"]
    assert letters(status=Letter.Status.CANCELLED) == ["samira@example.org", "jo@example.org"]


def test_two_people_change_places(minor):
    authorisation = asked(minor, emails=["samira@example.org", "jo@example.org"])
    guardians.ask(authorisation, [("Jo", "jo@example.org"), ("Sam", "samira@example.org")], actor=minor)
    assert [row[:2] for row in addresses(authorisation)] == [(1, "jo@example.org"), (2, "samira@example.org")]


def test_who_has_answered_stays_whoever_is_named_then(minor):
    authorisation = asked(minor)
    sign(authorisation.guardians.get())
    guardians.ask(authorisation, [("Jo", "jo@example.org")], actor=minor)

    assert addresses(authorisation) == [
        (1, "samira@example.org", State.GIVEN, 2),
        (2, "jo@example.org", State.REQUESTED, 1),
    ]


@pytest.mark.parametrize("turn", [1, -1])
def test_who_has_answered_may_be_named_in_any_place(minor, turn):
    """In the other order too, nobody is asked to give another address."""
    authorisation = asked(minor)
    sign(authorisation.guardians.get())
    named = [("Samira", "Samira@example.org"), ("Jo", "jo@example.org")][::turn]
    guardians.ask(authorisation, named, actor=minor)

    assert [row[:3] for row in addresses(authorisation)] == [
        (1, "samira@example.org", State.GIVEN),
        (2, "jo@example.org", State.REQUESTED),
    ]


def test_once_two_have_answered_nobody_else_is_asked(minor):
    authorisation = asked(minor, emails=["samira@example.org", "jo@example.org"])
    for guardian in authorisation.guardians.all():
        sign(guardian)
    guardians.ask(authorisation, [("Léo", "leo@example.org")], actor=minor)
    assert [row[1] for row in addresses(authorisation)] == ["samira@example.org", "jo@example.org"]


def test_her_own_address_signs_nothing(minor):
    assert refused(asked, minor, emails=[minor.email.upper()]).startswith("C’est votre propre adresse")
    assert not Guardian.objects.exists()


@pytest.mark.parametrize("email", ["lina+maman@example.org", "LINA@example.org", "l.ina@gmail.com"])
def test_nor_does_another_spelling_of_it(minor, email):
    EmailAddress.objects.create(user=minor, email="lina@gmail.com", verified=True)
    assert refused(asked, minor, emails=[email]).startswith("C’est votre propre adresse")


def test_a_day_s_letters_are_counted_whoever_is_named(minor, now):
    """Naming one stranger after the other, and sending the file each time, makes no cannon of it."""
    authorisation = asked(minor, now=now)
    for number in range(guardians.LINKS_A_DAY + 3):
        guardians.ask(authorisation, [("Samira", f"inconnu{number}@example.org")], actor=minor, now=now)

    assert lines(authorisation, "guardianauthorisation.link_sent") == guardians.LINKS_A_DAY
    assert authorisation.guardians.get().email == f"inconnu{guardians.LINKS_A_DAY + 2}@example.org"
    guardians.send_link(authorisation.guardians.get(), actor=minor, now=now + DAY)
    assert letters() == [f"inconnu{guardians.LINKS_A_DAY + 2}@example.org"]


def test_one_address_is_not_two_people(minor):
    sentence = "Donnez une adresse différente pour chaque représentant·e."
    assert refused(asked, minor, emails=["samira@example.org", "SAMIRA@example.org"]) == sentence


def test_nothing_leaves_by_itself_for_somebody_followed_by_hand(minor):
    minor.is_followed_by_hand = True
    minor.save()
    authorisation = asked(minor)
    assert (addresses(authorisation)[0][1], letters()) == ("samira@example.org", [])


def test_an_authorisation_is_asked_once_per_scope(minor):
    first = guardians.expect(minor, "cohorts.cohort:1", title="le mentorat")
    again = guardians.expect(minor, "cohorts.cohort:1", title="autre chose", details="ailleurs")
    outing = guardians.expect(minor, "cohorts.cohort:1:cannes", title="le festival", details="trois jours")

    assert (again, again.title, outing.details) == (first, "le mentorat", "trois jours")
    assert GuardianAuthorisation.objects.count() == 2


# --- A second person ----------------------------------------------------------------------------


def test_a_second_person_is_added(minor, now):
    authorisation = asked(minor, now=now)
    added = guardians.add_second(authorisation, name="Jo", email="Jo@example.org", actor=minor, now=now + DAY)

    assert (added.order, added.email, added.asked_at) == (2, "jo@example.org", now + DAY)
    assert letters() == ["samira@example.org", "jo@example.org"]


def test_a_third_is_not(minor, now):
    authorisation = asked(minor, emails=["samira@example.org", "jo@example.org"], now=now)
    add = {"name": "Léo", "email": "leo@example.org", "actor": minor, "now": now + DAY}
    assert refused(guardians.add_second, authorisation, **add) == "Deux représentant·es sont déjà indiqué·es."


@pytest.mark.parametrize("email", ["samira@example.org", "lina@example.org"])
def test_a_second_person_has_her_own_address(minor, now, email):
    authorisation = asked(minor, now=now)
    refused(guardians.add_second, authorisation, name="Jo", email=email, actor=minor, now=now + DAY)
    assert authorisation.guardians.count() == 1


def test_a_second_person_is_added_at_once_and_in_measure(minor, now):
    """Her father a minute after her mother; not when a day's links are spent."""
    authorisation = asked(minor, now=now)
    guardian = authorisation.guardians.get()
    add = {"name": "Jo", "email": "jo@example.org", "actor": minor}
    for count in range(1, 5):
        guardians.send_link(guardian, actor=minor, now=now + count * 2 * MINUTE)
    assert "Réessayez demain" in refused(guardians.add_second, authorisation, **add, now=now + 30 * MINUTE)
    guardians.add_second(authorisation, **add, now=now + DAY + MINUTE)
    assert authorisation.guardians.count() == 2
    other = asked(minor, "cohorts.cohort:2", now=now)
    assert guardians.add_second(other, **add, now=now + MINUTE).links_sent == 1


def test_who_comes_back_takes_the_place_that_is_free(minor, now):
    """Her father said no and was the second; her mother is named no longer; both sides settle it, and she names Léo."""
    authorisation = asked(minor, emails=["samira@example.org", "jo@example.org"], now=now)
    refuse_authorisation(authorisation, guardian=authorisation.guardians.get(order=2), link_number=1, actor="guardian")
    guardians.ask(authorisation, [("Jo", "jo@example.org")], actor=minor, now=now + DAY)
    answers.settle(authorisation, actor=CONSOLE, now=now + 2 * DAY)
    added = guardians.add_second(authorisation, name="Léo", email="leo@example.org", actor=minor, now=now + 3 * DAY)
    assert (added.order, [row[:2] for row in addresses(authorisation)]) == (
        1,
        [(1, "leo@example.org"), (2, "jo@example.org")],
    )


def test_somebody_new_is_not_asked_past_a_refusal(minor, now):
    """A coordinator noted a no; the file is sent again with another name. Nobody is written to before it is settled."""
    authorisation = asked(minor, now=now)
    refuse_authorisation(authorisation, actor=CONSOLE, now=now)
    guardians.ask(authorisation, [("Léo", "leo@example.org")], actor=minor, now=now + DAY)
    assert (letters(), authorisation.guardians.get().links_sent) == ([], 0)
    answers.settle(authorisation, actor=CONSOLE, now=now + 2 * DAY)
    assert letters() == ["leo@example.org"]


def test_another_spelling_of_an_address_that_answered_is_hers(minor, now):
    authorisation = asked(minor, emails=["samira@gmail.com"], now=now)
    sign(authorisation.guardians.get(), now=now)
    guardians.ask(authorisation, [("Samira", "sa.mira+film@gmail.com")], actor=minor, now=now + DAY)
    assert [row[:3] for row in addresses(authorisation)] == [(1, "samira@gmail.com", State.GIVEN)]


# --- A link sent again, an address corrected ----------------------------------------------------


def test_the_link_is_sent_again(minor, now):
    guardian = asked(minor, now=now).guardians.get()
    guardians.send_link(guardian, actor=minor, now=now + DAY)

    assert (guardian.links_sent, guardian.link_number) == (2, 1)
    assert letters() == ["samira@example.org"] * 2


def test_who_has_answered_gets_another_letter(minor, now):
    guardian = asked(minor, now=now).guardians.get()
    sign(guardian, now=now)
    guardians.send_link(guardian, actor="guardian", now=now + DAY)
    assert (letters(emails.LINK), letters()) == (["samira@example.org"], [])


def test_the_links_of_two_people_are_sent_again_one_after_the_other(minor, now):
    """Two buttons on one page: the second is not told to wait for the first."""
    both = list(asked(minor, emails=["samira@example.org", "jo@example.org"], now=now).guardians.all())
    for guardian in both:
        guardians.send_link(guardian, actor=minor, now=now + DAY)
    assert [guardian.links_sent for guardian in both] == [2, 2]
    assert "deux minutes" in refused(guardians.send_link, both[1], actor=minor, now=now + DAY + MINUTE)


def test_nobody_is_pressed_to_answer_past_the_no_of_another(minor, now):
    """She lost her link: it opens her page, where she reads that it was refused."""
    authorisation = asked(minor, emails=["samira@example.org", "jo@example.org"], now=now)
    refuse_authorisation(authorisation, guardian=authorisation.guardians.get(order=2), link_number=1, actor="guardian")
    Letter.objects.all().delete()
    guardians.send_link(authorisation.guardians.get(order=1), actor="guardian", now=now + DAY)
    assert (letters(emails.LINK), letters()) == (["samira@example.org"], [])


def test_links_are_sent_in_measure(minor, now):
    """One every two minutes, five a day, whoever asks."""
    guardian = asked(minor, now=now).guardians.get()
    assert "deux minutes" in refused(guardians.send_link, guardian, actor=CONSOLE, now=now + MINUTE)
    for count in range(1, 5):
        guardians.send_link(guardian, actor=minor, now=now + count * 2 * MINUTE)
    assert "Réessayez demain" in refused(guardians.send_link, guardian, actor=minor, now=now + 30 * MINUTE)
    guardians.send_link(guardian, actor=minor, now=now + DAY + MINUTE)
    assert guardian.links_sent == 6


def test_an_address_is_corrected(minor, now):
    authorisation = asked(minor, now=now)
    guardian = authorisation.guardians.get()
    before = links.read(page_path(guardian).split("/")[2])
    guardians.correct_address(guardian, "S.Benali@example.org", actor=minor, now=now + DAY)

    assert addresses(authorisation) == [(1, "s.benali@example.org", State.REQUESTED, 2)]
    assert (letters(), letters(status=Letter.Status.CANCELLED)) == (["s.benali@example.org"], ["samira@example.org"])
    assert lines(guardian, "guardian.address_corrected") == 1
    again = links.read(page_path(guardian, number=1).split("/")[2])
    assert (before.is_live, again.is_live) == (True, False)


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("Samira@example.org", "C’est déjà l’adresse que nous avons"),
        ("jo@example.org", "Donnez une adresse différente"),
        ("lina@example.org", "C’est votre propre adresse"),
    ],
)
def test_not_every_address_corrects_one(minor, now, email, sentence):
    guardian = asked(minor, emails=["samira@example.org", "jo@example.org"], now=now).guardians.first()
    assert sentence in refused(guardians.correct_address, guardian, email, actor=minor, now=now + DAY)
    guardian.refresh_from_db()
    assert (guardian.email, guardian.link_number) == ("samira@example.org", 1)


def test_addresses_are_corrected_at_once_and_in_measure(minor, now):
    """One sees the mistake just after sending; five addresses a day are enough to find the right one."""
    guardian = asked(minor, now=now).guardians.get()
    for count in range(1, 5):
        guardians.correct_address(guardian, f"s{count}@example.org", actor=minor, now=now + count * MINUTE)
    sentence = refused(guardians.correct_address, guardian, "s@example.org", actor=minor, now=now + 5 * MINUTE)
    assert ("Réessayez demain" in sentence, letters()) == (True, ["s4@example.org"])


# --- What a link says ---------------------------------------------------------------------------


def test_a_link_holds_thirty_days(minor, now):
    guardian = asked(minor).guardians.get()
    with time_machine.travel(now, tick=False):
        token = page_path(guardian).split("/")[2]
    with time_machine.travel(now + 30 * DAY - MINUTE, tick=False):
        assert (links.read(token).guardian, links.read(token).is_live) == (guardian, True)
    with time_machine.travel(now + 30 * DAY + MINUTE, tick=False):
        assert (links.read(token).guardian, links.read(token).is_live) == (guardian, False)


def test_a_link_of_nobody_is_nothing(minor):
    guardian = asked(minor).guardians.get()
    token = page_path(guardian).split("/")[2]
    guardian.delete()
    assert links.read(token) is None


@pytest.mark.parametrize("said", [["consents.guardian:x", "1"], ["consents.guardian:1", "one"], ["", ""]])
def test_a_link_that_says_nothing_is_forged(db, said):
    with pytest.raises(BadSignature):
        links.read(dumps(said, salt="consents.guardian"))


def test_a_link_made_for_something_else_is_forged(minor):
    guardian = asked(minor).guardians.get()
    with pytest.raises(BadSignature):
        links.read(dumps([ref(guardian), "1"], salt="applications.referent"))
