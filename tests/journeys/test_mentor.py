"""From an invitation to a first acceptance, on a phone; and the coordinator beside it, from an empty room to offers
that are out. What it asks of a busy person is counted: taps, and words to write.
"""

import re

import pytest
from django.utils import timezone

from matching.models import Proposal, Run
from matching.tasks import ask_for_commitments, publish_runs, work_runs
from mentors.models import Commitment, MentorProfile
from mentorships.models import Mentorship
from notifications.tasks import send_letters
from tests import factories
from tests.journeys.test_whole_season import enter_the_admin
from tests.journeys.visitor import DESK, PHONE, Visitor, letters_to
from tests.season import people

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LEA = "lea.roche@example.org"
MOST_TAPS, MOST_WORDS = 30, 40
"""What she does on her way, codes, ticks and buttons all counted; and what she writes. At a second and a half a tap
and as much a word, less than two minutes."""


class Busy(Visitor):
    """Somebody whose taps and typed words are counted."""

    taps = written = 0

    def click(self, *args, **options):
        self.taps += 1
        return super().click(*args, **options)

    def tick(self, name):
        self.taps += 1
        return super().tick(name)

    def pick(self, question, option):
        self.taps += 1
        return super().pick(question, option)

    def choose(self, label, option, **options):
        self.taps += 2
        return super().choose(label, option, **options)

    def write(self, label, text):
        self.taps += 1
        self.written += len(text.split())
        return super().write(label, text)


@pytest.fixture
def cast(live_server, browser, settings, mailoutbox):
    settings.SITE_URL = live_server.url
    factories.make_texts()
    cohort = factories.make_cohort("closed")
    ines = factories.make_confirmed(cohort, factories.make_person(people.INES))
    claire = factories.make_coordinator(factories.make_person(people.CLAIRE))
    visitors = {
        "lea": Busy(browser, live_server.url, LEA, **PHONE),
        "claire": Visitor(browser, live_server.url, claire.email, **DESK),
    }
    yield {**visitors, "cohort": cohort, "ines": ines, "letters": mailoutbox}
    for visitor in visitors.values():
        visitor.close()


def link_in(letters, subject: str) -> str:
    """The link alone on its line in the last letter of that subject."""
    letter = [one for one in letters if subject in one.subject][-1]
    return re.search(r"^https?://[^/]+(/\S+)$", letter.body, re.MULTILINE)[1]


def present_herself(lea: Busy, path: str) -> None:
    lea.go(path)
    lea.sign_in()
    lea.write("Votre fonction", "Cheffe monteuse")
    lea.choose("Votre métier", "Montage image").choose("Depuis", "plus de 10 ans", of="Votre métier")
    lea.choose("Région où vous vivez ou travaillez", "Bretagne").tick("français")
    lea.pick("Vos rendez-vous peuvent-ils se faire à distance ?", "Oui")
    lea.write("Ce que vous pouvez transmettre", "Vingt ans de salles de montage, et comment on y trouve sa place.")
    lea.pick("Combien de personnes pourriez-vous accompagner en même temps ?", "1")
    lea.pick("Accepteriez-vous d’accompagner une personne de moins de 18 ans ?", "Non")
    lea.click("Envoyer mon profil").reads("La coordination lit votre profil")


def test_a_mentor_from_an_invitation_to_a_first_yes(cast):
    lea, claire, cohort, letters = (cast[name] for name in ("lea", "claire", "cohort", "letters"))
    enter_the_admin(claire)
    claire.follow("Mentor·es").follow("Inviter un·e mentor·e")
    claire.fill(email=LEA, first_name="Léa", last_name="Roche").click("Envoyer l’invitation")
    send_letters()

    present_herself(lea, link_in(letters, "vous invite"))

    claire.follow("Mentor·es").follow("Léa Roche").follow("Noter l’appel")
    claire.fill(called_on=timezone.localdate().isoformat()).click("Noter l’appel")
    claire.follow("Valider").click("Valider")
    send_letters()
    lea.go("/mon-espace/").follow("Lire et signer la charte")
    lea.write("Votre prénom et votre nom", "Léa Roche").click("Je signe la charte")
    lea.click("J’ai lu le guide")

    claire.follow("Appariement").follow(cohort.name).follow("Demander les engagements").click("Envoyer ce courriel")
    ask_for_commitments()
    send_letters()
    lea.go(link_in(letters, "combien de personnes"))
    lea.click("1 personne")
    assert Commitment.objects.get().capacity == 1

    claire.follow("Appariement").follow(cohort.name).click("Lancer un calcul")
    work_runs()
    claire.page.reload()
    claire.look().follow("Publier").reads("1 proposition").click("Publier")
    publish_runs()
    send_letters()
    assert Run.objects.get().published_at is not None

    lea.go(link_in(letters, "à accompagner"))
    lea.follow("Lire et répondre")
    for secret in ("D’Almeida", cast["ines"].candidate.email):
        assert secret not in lea.words
    lea.click("Oui, j’accompagne Inès")
    assert (Mentorship.objects.get().state, Proposal.objects.get().state) == ("ACTIVE", "ACCEPTED")
    assert MentorProfile.objects.get().state == "APPROVED"
    assert len(letters_to(LEA)) >= 4
    assert (lea.taps <= MOST_TAPS, lea.written <= MOST_WORDS) == (True, True), (lea.taps, lea.written)
