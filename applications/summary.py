"""A file as sections of questions and answers: the draft for the page to check, a sent copy for the receipt."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import to_python

from accounts.regions import Region
from applications.completeness import ABOUT, BACKGROUND, PROJECT
from applications.models import Application, SentCopy
from applications.tasklist import STEP_TITLES
from cohorts.models import Audience, Language, Trade
from cohorts.moments import day


@dataclass(frozen=True)
class Row:
    """One question, its answer as text (empty: not answered), and the field where it is changed."""

    question: str
    answer: str
    field: str


@dataclass(frozen=True)
class Section:
    """The answers of one step."""

    step: str
    rows: list[Row]

    @property
    def title(self):
        return STEP_TITLES[self.step]


def of_draft(application: Application) -> list[Section]:
    """What the file says now, complete or not."""
    person = application.candidate
    names = [trade.name for trade in application.ranked_trades]
    return _sections(
        {
            **{name: getattr(person, name) for name in ("first_name", "last_name", "birth_date", "region", "phone")},
            **{name: getattr(application, name) for name in ("audience", "background", "languages")},
            **{name: getattr(application, name) for name in ("project", "hopes", "accepts_remote")},
        },
        names,
    )


def of_copy(copy: SentCopy) -> list[Section]:
    """What was sent that day, in the words of then."""
    content = dict(copy.content)
    known = dict(Trade.objects.filter(slug__in=content["trades"]).values_list("slug", "name"))
    content["birth_date"] = date.fromisoformat(content["birth_date"])
    content["phone"] = to_python(content["phone"])
    return _sections(content, [known.get(slug, slug) for slug in content["trades"]])


def _sections(values: dict, trade_names: list[str]) -> list[Section]:
    return [
        Section(ABOUT, _about(values)),
        Section(BACKGROUND, _background(values)),
        Section(PROJECT, _project(values, trade_names)),
    ]


def _about(values) -> list[Row]:
    birth_date, phone = values["birth_date"], values["phone"]
    return [
        Row(_("Prénom d’usage"), values["first_name"], "first_name"),
        Row(_("Nom"), values["last_name"], "last_name"),
        Row(_("Date de naissance"), day(birth_date).partition(" ")[2] if birth_date else "", "birth_date"),
        Row(_("Région"), _label(Region, values["region"]), "region"),
        Row(_("Téléphone"), _phone(phone) or _("non donné"), "phone"),
    ]


def _phone(phone) -> str:
    if not phone:
        return ""
    return phone.as_national if phone.country_code == 33 else phone.as_international


def _background(values) -> list[Row]:
    languages = ", ".join(_label(Language, code) for code in values["languages"])
    return [
        Row(_("Votre situation"), _label(Audience, values["audience"]), "audience"),
        Row(_("Votre parcours"), values["background"], "background"),
        Row(_("Langues"), languages, "languages"),
    ]


def _project(values, trade_names) -> list[Row]:
    ranked = "\n".join(f"{rank}. {name}" for rank, name in enumerate(trade_names, start=1))
    remote = _("possibles") if values["accepts_remote"] else _("non, je préfère me déplacer")
    return [
        Row(_("Métiers, dans votre ordre"), ranked, "trade_1"),
        Row(_("Votre projet"), values["project"], "project"),
        Row(_("Ce que vous attendez d’un·e mentor·e"), values["hopes"], "hopes"),
        Row(_("Rendez-vous à distance"), remote, "accepts_remote"),
    ]


def _label(choices, value: str) -> str:
    return str(dict(choices.choices).get(value, value))
