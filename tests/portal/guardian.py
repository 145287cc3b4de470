"""Reading the pages of a legal representative, and answering there as a browser does."""

from django.test import Client

from consents.models import Guardian, GuardianAuthorisation
from tests import factories
from tests.guardians import guardian_text, page_path
from tests.house.pages import Page
from tests.portal.reading import plain

TWO = {"guardian2_name": "Jo Diallo", "guardian2_email": "jo@example.org"}
"""Her father, beside her mother."""
CHOICES = ["Signer l’autorisation", "Laisser un numéro", "Refuser"]
"""What the page of somebody who is asked invites to."""


def sent_by(minor, cohort):
    """Lina has sent her file: her mother and her father are asked."""
    return factories.make_sent(cohort, minor, **TWO)


def states(application) -> list[str]:
    """Of the authorisation as a whole, then of each representative."""
    authorisation = GuardianAuthorisation.objects.get(person=application.candidate)
    return [authorisation.state, *authorisation.guardians.values_list("state", flat=True)]


def guardian_of(application, order: int = 1) -> Guardian:
    """Whom this file names as a representative, as the database has her now."""
    authorisations = application.candidate.guardian_authorisations.filter(
        scope=f"cohorts.cohort:{application.cohort_id}"
    )
    return Guardian.objects.select_related("authorisation__person").get(authorisation=authorisations.get(), order=order)


def signature(**changes) -> dict:
    """What she types to sign; a field given as None is not sent."""
    typed = {
        "name": "Samira Benali",
        "relation": "mère",
        "other": "",
        "agrees": "on",
        "version": guardian_text().number,
    }
    return {name: value for name, value in {**typed, **changes}.items() if value is not None}


def answer(client: Client, guardian: Guardian, verb: str, data=None, *, path: str = "", follow: bool = True):
    """POST to one of her verbs (`signer`, `refuser`…), by her live link unless `path` is another."""
    return client.post(f"{path or page_path(guardian)}{verb}/", data or {}, follow=follow)


def heading(response) -> str:
    """The one <h1>."""
    content = response.content.decode()
    assert Page(content).headings.count("h1") == 1
    return plain(" ".join(content.split("<h1>")[1].split("</h1>")[0].split()))


def buttons(response) -> list[str]:
    """What the page invites to: links and buttons that look like ones, in order."""
    content = response.content.decode().split("<main")[1].split("</main>")[0]
    parts = content.split('class="button')[1:]
    return [plain(part.split(">", 1)[1].split("<")[0]) for part in parts]
