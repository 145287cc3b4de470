"""A blind reading: what of a file says whose it is, and the file without it.

In a cohort that reads blind (`Cohort.is_blind`) a reader gets the answers and nothing that names: not the person, not
her school, no address, no link. A text that tells it all the same shows masked where it does.
"""

from collections.abc import Iterable
from dataclasses import replace

from applications.files import as_date
from applications.models import Application
from applications.reading import Part
from consents.models import Guardian
from reviews.masking import Identity, masked

PEOPLE = ("referent_name", "guardian_name", "guardian2_name")
"""Boxes that hold somebody's whole name."""
ADDRESSES = ("email", "referent_email", "guardian_email", "guardian2_email")


def identifying(application: Application, sent: dict | None = None) -> Identity:
    """What says who she is: her account, her file as it stands, what she sent (`sent`, read when it is not given), and
    those who sign for her (2 queries at most).
    """
    if sent is None:
        copy = application.copies.first()
        sent = copy.content if copy else {}
    person = application.candidate
    known = {name: _both(sent.get(name), getattr(application, name, "")) for name in (*PEOPLE, *ADDRESSES, "structure")}
    guardians = list(Guardian.objects.filter(authorisation__person=person))
    hers = {(person.first_name, person.last_name), (sent.get("first_name") or "", sent.get("last_name") or "")}
    others = {name for box in PEOPLE for name in known[box]} | {guardian.name for guardian in guardians}
    addresses = {person.email} | {address for box in ADDRESSES for address in known[box]}
    return Identity(
        names=tuple(sorted(name for name in hers | {("", other) for other in others} if any(name))),
        schools=tuple(sorted(known["structure"])),
        emails=tuple(sorted(addresses | {guardian.email for guardian in guardians})),
        links=tuple(sent.get("links") or ()),
        phones=tuple(sorted(_both(sent.get("phone"), str(person.phone or ""), *(g.phone for g in guardians)))),
        postcodes=tuple(sorted(_both(sent.get("postcode")))),
        born=person.birth_date or as_date(sent.get("birth_date")),
    )


def _both(*values: str | None) -> set[str]:
    return {value for value in values if value}


def masked_parts(parts: Iterable[Part], identity: Identity) -> list[Part]:
    """The file for a blind reading: every question and every answer masked, and nothing that can be followed."""
    return [replace(part, passages=[_masked(passage, identity) for passage in part.passages]) for part in parts]


def _masked(passage, identity: Identity):
    question, answer = masked(passage.question, identity), masked(passage.answer, identity)
    return replace(passage, question=question, answer=answer, lines=[])
