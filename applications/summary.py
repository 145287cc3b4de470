"""A file as sections of questions and answers: the draft for the page to check, a sent copy for whoever may read it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import to_python

from accounts.places import department_of
from accounts.regions import Region
from applications import outline
from applications.choices import Gender, Mobility, SocialCriterion
from applications.files import File, as_date
from applications.models import Document, SentCopy
from applications.outline import Step
from cohorts.models import Audience, Language, Slot, Trade
from cohorts.moments import day


@dataclass(frozen=True)
class Row:
    """One question, its answer as text (empty: not answered), and the field where it is changed."""

    question: str
    answer: str
    field: str
    is_optional: bool = False


@dataclass(frozen=True)
class Section:
    """The answers of one step."""

    step: Step
    rows: list[Row]

    @property
    def title(self):
        return self.step.title

    @property
    def group(self) -> str:
        """The heading under which the task list shows that step."""
        return next(str(group.title) for group in outline.GROUPS if self.step in group.steps)


@dataclass(frozen=True)
class Answers:
    """Answers with what it takes to write them out: the names of trades, the cohort's questions in their words."""

    values: dict
    trades: dict[str, str]
    asked: list[tuple[str, str, str, bool]]
    """(field, question, answer, is optional)"""
    files: list[tuple[str, str, str, bool]]
    """The same for documents: their answer is the names of files, one a line."""

    def text(self, name: str) -> str:
        return self.values.get(name) or ""


JURY_STEPS = (outline.BACKGROUND, outline.TRADES, outline.PROJECT, outline.QUESTIONS)
"""What a jury reads in a blind reading: nothing that says who she is, where she studies, whom she avoids."""


def of_draft(file: File) -> list[Section]:
    """What the draft says now, complete or not."""
    return _sections(file.steps, _of_file(file))


def of_answers(file: File, step: Step, values: dict) -> list[Row]:
    """The rows of one step with other values than the draft's: what another tab saved, for instance."""
    trades = dict(Trade.objects.filter(slug__in=values.get("trades") or []).values_list("slug", "name"))
    return ROWS[step](Answers(values, trades, _asked(file, values), []))


def _of_file(file: File) -> Answers:
    return Answers(file.answers, {t.slug: t.name for t in file.trades}, _asked(file, file.answers), _files(file))


def _asked(file: File, values: dict) -> list[tuple[str, str, str, bool]]:
    said = values.get("questions") or {}
    return [(f"question_{q.pk}", q.text, said.get(str(q.pk), ""), not q.is_required) for q in file.questions]


def _files(file: File) -> list[tuple[str, str, str, bool]]:
    return [
        (
            f"document_{asked.pk}",
            asked.label,
            "\n".join(_file(document) for document in file.documents if document.asked_id == asked.pk),
            not asked.is_required,
        )
        for asked in file.documents_asked
    ]


def _file(document: Document) -> str:
    if document.state == Document.State.UNUSABLE:
        return _("%s (ne peut pas servir, ne sera pas envoyé)") % document.name
    return document.name


def _sent_files(content: dict) -> list[tuple[str, str, str, bool]]:
    names: dict[str, list[str]] = {}
    for file in content.get("files", []):
        names.setdefault(file["label"], []).append(file["name"])
    return [("", label, "\n".join(several), True) for label, several in names.items()]


def of_copy(copy: SentCopy, steps: Iterable[Step] | None = None) -> list[Section]:
    """What was sent that day, in the words of then; some `steps` of it only, for who may not read all."""
    content = copy.content
    slugs = content.get("trades", [])
    names = dict(Trade.objects.filter(slug__in=slugs).values_list("slug", "name"))
    # Nothing required is missing from what was sent: a question without an answer was free to be left.
    asked = [("", asked["text"], asked["answer"], True) for asked in content.get("asked", [])]
    sent = steps or outline.steps(lambda step: _was_asked(step, content))
    return _sections(sent, Answers(content, names, asked, _sent_files(content)))


def _was_asked(step: Step, content: dict) -> bool:
    signs = {outline.QUESTIONS: "asked", outline.DOCUMENTS: "files", outline.GUARDIAN: "guardian_email"}
    return step not in signs or bool(content.get(signs[step]))


def _sections(steps, answers: Answers) -> list[Section]:
    sections = [Section(step, list(ROWS[step](answers))) for step in steps]
    return [section for section in sections if section.rows]


def _identity(a: Answers):
    birth_date = as_date(a.values.get("birth_date"))
    yield Row(_("Prénom d’usage"), a.text("first_name"), "first_name")
    yield Row(_("Nom"), a.text("last_name"), "last_name")
    yield Row(_("Date de naissance"), day(birth_date).partition(" ")[2] if birth_date else "", "birth_date")


def _guardian(a: Answers):
    for field, question, is_optional in (
        ("guardian", _("Votre représentant·e légal·e"), False),
        ("guardian2", _("Deuxième représentant·e"), True),
    ):
        said = " · ".join(filter(None, [a.text(f"{field}_name"), a.text(f"{field}_email")]))
        yield Row(question, said, f"{field}_name", is_optional)


def _contact(a: Answers):
    yield Row(_("Code postal"), _place(a), "postcode")
    yield Row(_("Téléphone"), _phone(a.text("phone")), "phone", is_optional=True)


def _place(a: Answers) -> str:
    department = department_of(a.text("postcode"))
    if department is None:  # copies of before postcodes were asked say the region
        return _label(Region, a.text("region"))
    region = Region(department.region).label
    where = department.name if department.name == region else f"{department.name}, {region}"
    return f"{a.text('postcode')} ({where})"


def _phone(kept: str) -> str:
    phone = to_python(kept) if kept else None
    if not phone:
        return ""
    return phone.as_national if phone.country_code == 33 else phone.as_international


def _situation(a: Answers):
    yield Row(_("Votre situation"), _label(Audience, a.text("audience")), "audience")


def _support(a: Answers):
    referent = " · ".join(filter(None, [a.text("referent_name"), a.text("referent_email")]))
    yield Row(_("Établissement ou structure"), a.text("structure"), "structure", is_optional=True)
    yield Row(_("Référent·e"), referent, "referent_name", is_optional=True)


def _background(a: Answers):
    yield Row(_("Votre parcours"), a.text("background"), "background")
    yield Row(_("Langues"), _labels(Language, a.values.get("languages")), "languages")


def _trades(a: Answers):
    names = [a.trades.get(slug, slug) for slug in a.values.get("trades") or []]
    ranked = "\n".join(f"{rank}. {name}" for rank, name in enumerate(names, start=1))
    yield Row(_("Métiers, dans votre ordre"), ranked, "trade_1")
    yield Row(_("Ce qui vous y attire"), a.text("attraction"), "attraction")


def _project(a: Answers):
    yield Row(_("Votre projet"), a.text("project"), "project")
    yield Row(_("Ce que vous attendez d’un·e mentor·e"), a.text("hopes"), "hopes")


def _questions(a: Answers):
    for field, question, answer, is_optional in a.asked:
        yield Row(question, answer, field, is_optional)


def _links(a: Answers):
    yield Row(_("Liens"), "\n".join(a.values.get("links") or []), "link_1", is_optional=True)


def _documents(a: Answers):
    for field, label, names, is_optional in a.files:
        yield Row(label, names, field, is_optional)


def _availability(a: Answers):
    remote = {True: _("possibles"), False: _("non, je préfère me déplacer")}.get(a.values.get("accepts_remote"), "")
    yield Row(_("Vos moments"), _labels(Slot, a.values.get("slots")), "slots")
    yield Row(_("Rendez-vous à distance"), remote, "accepts_remote")
    yield Row(_("Déplacements"), _label(Mobility, a.text("mobility")), "mobility")


def _gender(a: Answers):
    yield Row(_("Vous êtes"), _label(Gender, a.text("gender")), "gender", is_optional=True)


def _criteria(a: Answers):
    told = _labels(SocialCriterion, a.values.get("social_criteria"))
    yield Row(_("Ce qui vous concerne"), told, "social_criteria", is_optional=True)


def _needs(a: Answers):
    yield Row(_("Pour participer, vous avez besoin de"), a.text("needs"), "needs", is_optional=True)


def _avoid(a: Answers):
    yield Row(_("À ne pas vous faire rencontrer"), a.text("avoid"), "avoid", is_optional=True)


def _agreements(a: Answers):
    def said(name, words):
        number = a.values.get(name)
        return words % number if number else ""

    yield Row(_("Règles du programme"), said("rules", _("acceptées (version %s)")), "rules")
    yield Row(_("Vie privée"), said("privacy", _("texte lu (version %s)")), "privacy")
    yield Row(_("Droit à l’image"), said("image", _("accordé (version %s)")), "image", is_optional=True)


ROWS = {
    outline.IDENTITY: _identity,
    outline.GUARDIAN: _guardian,
    outline.CONTACT: _contact,
    outline.SITUATION: _situation,
    outline.SUPPORT: _support,
    outline.BACKGROUND: _background,
    outline.TRADES: _trades,
    outline.PROJECT: _project,
    outline.QUESTIONS: _questions,
    outline.LINKS: _links,
    outline.DOCUMENTS: _documents,
    outline.AVAILABILITY: _availability,
    outline.GENDER: _gender,
    outline.CRITERIA: _criteria,
    outline.NEEDS: _needs,
    outline.AVOID: _avoid,
    outline.AGREEMENTS: _agreements,
}


def _label(choices, value: str) -> str:
    return str(dict(choices.choices).get(value, value))


def _labels(choices, values) -> str:
    return ", ".join(_label(choices, value) for value in values or [])
