"""Lists of mentors to import, as a test writes and reads them."""

from mentors.importing import inviting, pasted
from mentors.models import MentorImport


def table(*lines: str, header="prénom;nom;e-mail;métiers;région;partenaire;places") -> str:
    return "\n".join([header, *lines])


def checked(text: str, actor) -> MentorImport:
    lines, unknown = pasted.read(text)
    return inviting.check(lines, source="liste collée", unknown_columns=unknown, actor=actor)


def actions(one: MentorImport) -> list[str]:
    return [line["action"] for line in one.plan]


def faults(one: MentorImport) -> list[tuple]:
    return [(line["number"], f["column"], f["value"], f["expected"]) for line in one.plan for f in line["faults"]]
