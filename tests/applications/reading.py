"""Reading a candidate's pages, and what she would type into them."""

import re

from django.contrib.messages import get_messages
from django.urls import reverse

from tests.house.pages import Page

NBSP = "\u00a0"


def url(name, application, *more):
    return reverse(f"applications:{name}", args=[application.reference, *more])


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def problems(response) -> list[tuple[str, str]]:
    """(address, sentence) of each line of the error summary."""
    summary = re.search(r'<div class="error-summary".*?</div>', response.content.decode(), re.S)
    return re.findall(r'<a href="([^"]+)">(.*?)</a>', summary[0], re.S) if summary else []


def title(response) -> str:
    return Page(response.content.decode()).title.strip()


IDENTITY = {
    "first_name": "Inès",
    "last_name": "Belkacem",
    "birth_date_day": "9",
    "birth_date_month": "3",
    "birth_date_year": "2005",
}
CONTACT = {"postcode": "97 400", "phone": "0692 12 34 56"}
SITUATION = {"audience": "STUDENT"}
SUPPORT = {"structure": "Lycée de Trappes", "referent_name": "Mme Haddad", "referent_email": "Haddad@example.org"}
BACKGROUND = {"background": "Un bac pro, puis la rue.\r\nEt un film.", "languages": ["fr", "ar"]}
TRADES = {"trade_1": "prise-de-son", "trade_2": "montage", "attraction": "Écouter 🎧"}
PROJECT = {"project": "Monter 🎬", "hopes": "Un regard"}
LINKS = {"link_1": "vimeo.com/123"}
AVAILABILITY = {"slots": ["WED_DAY", "SAT_EVE"], "accepts_remote": "False", "mobility": "REGION"}
GENDER = {"gender": "WOMAN"}
CRITERIA = {"social_criteria": ["QPV", "RURAL"]}
NEEDS = {"needs": "Des trajets payés d’avance."}
AVOID = {"avoid": "Personne d’autre que M. X."}
AGREEMENTS = {"rules": "on", "rules_version": "1", "privacy": "on", "privacy_version": "1", "image_version": "1"}
STEPS = {
    "identite": IDENTITY,
    "coordonnees": CONTACT,
    "situation": SITUATION,
    "accompagnement": SUPPORT,
    "parcours": BACKGROUND,
    "metiers": TRADES,
    "projet": PROJECT,
    "liens": LINKS,
    "disponibilites": AVAILABILITY,
    "parite": GENDER,
    "egalite": CRITERIA,
    "besoins": NEEDS,
    "personnes-a-eviter": AVOID,
    "accords": AGREEMENTS,
}
"""Every step of a cohort without questions of its own, as a browser sends it, in order."""

SAVED = {
    "first_name": "Inès",
    "last_name": "Belkacem",
    "birth_date": "2005-03-09",
    "postcode": "97400",
    "phone": "+262692123456",
    "audience": "STUDENT",
    "structure": "Lycée de Trappes",
    "referent_name": "Mme Haddad",
    "referent_email": "haddad@example.org",
    "background": "Un bac pro, puis la rue.\nEt un film.",
    "languages": ["fr", "ar"],
    "trades": ["prise-de-son", "montage"],
    "attraction": "Écouter 🎧",
    "project": "Monter 🎬",
    "hopes": "Un regard",
    "links": ["https://vimeo.com/123"],
    "slots": ["WED_DAY", "SAT_EVE"],
    "accepts_remote": False,
    "mobility": "REGION",
    "gender": "WOMAN",
    "social_criteria": ["QPV", "RURAL"],
    "needs": "Des trajets payés d’avance.",
    "avoid": "Personne d’autre que M. X.",
    "rules": 1,
    "privacy": 1,
}
"""What `STEPS` leave in a draft."""


def seen(response) -> str:
    """The fingerprint that a step's page sends back."""
    return re.search(r'name="seen" value="(\w+)"', response.content.decode())[1]


def save(client, application, step: str, data: dict, **more):
    """Open a step and save it, as a browser does."""
    page = client.get(url("step", application, step))
    return client.post(url("step", application, step), {**data, "seen": seen(page), "list": ""}, **more)
