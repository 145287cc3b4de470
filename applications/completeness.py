"""What a file must hold before it can be sent: the task list, the page to check answers and the verb ask here."""

import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications import outline
from applications.choices import YES_NO
from applications.files import File
from applications.outline import Step
from applications.sending import TEXT_OF_ANSWER
from cohorts.models import Audience, Question
from consents.guardians import require_address
from consents.models import TextVersion
from lifecycle.refusals import Refusal


@dataclass(frozen=True)
class Missing:
    """Something that keeps the file from being sent: in which step, which field, and the sentence to read."""

    step: Step
    field: str
    sentence: str


def missing(file: File) -> list[Missing]:
    """Everything that is still missing or does not fit, in the order of the form. Empty: the file can be sent."""
    return [
        Missing(step, field, sentence) for step in file.steps if step in RULES for field, sentence in RULES[step](file)
    ]


def _is_blank(file: File, name: str) -> bool:
    """Whether nothing of it can be seen: no sign at all, or only blanks and marks without a letter to carry them."""
    return all(unicodedata.category(sign)[0] in "CMZ" for sign in file.answers.get(name) or "")


def _identity(file):
    cohort = file.cohort
    if _is_blank(file, "first_name"):
        yield "first_name", _("Indiquez votre prénom.")
    if _is_blank(file, "last_name"):
        yield "last_name", _("Indiquez votre nom.")
    if file.birth_date is None:
        yield "birth_date", _("Indiquez votre date de naissance.")
    elif not cohort.min_age <= cohort.age_at_start(file.birth_date) <= cohort.max_age:
        yield (
            "birth_date",
            _("Cette promotion accueille des personnes de %(min)s à %(max)s ans le jour où elle commence.")
            % {"min": cohort.min_age, "max": cohort.max_age},
        )


def _guardian(file):
    for who, is_asked in (("guardian", True), ("guardian2", False)):
        name, email = file.answers.get(f"{who}_name"), file.answers.get(f"{who}_email")
        if (is_asked or email) and _is_blank(file, f"{who}_name"):
            yield f"{who}_name", _("Indiquez le prénom et le nom de la personne qui signera.")
        if (is_asked or name) and not email:
            yield f"{who}_email", _("Indiquez l’adresse e-mail de la personne qui signera.")
        elif email and (refusal := _not_hers(file, who, email)):
            yield f"{who}_email", refusal


def _not_hers(file, who: str, email: str) -> str:
    """Why this address cannot be that representative's; empty when it can. She may have changed her own since."""
    other = file.answers.get("guardian_email") if who == "guardian2" else None
    try:
        require_address(file.application.candidate, email, others=[other] if other else [])
    except Refusal as refusal:
        return refusal.sentence
    return ""


def _contact(file):
    if not file.answers.get("postcode"):
        yield "postcode", _("Indiquez le code postal de l’endroit où vous vivez.")


def _situation(file):
    audience = file.answers.get("audience")
    if not audience:
        yield "audience", _("Dites-nous quelle est votre situation.")
    elif audience not in file.cohort.audiences:
        yield (
            "audience",
            _("Cette promotion ne s’adresse pas à la situation choisie (%(label)s).")
            % {"label": Audience(audience).label},
        )


def _support(file):
    """Nothing is asked here; a referent half given could not be written to."""
    name, email = file.answers.get("referent_name"), file.answers.get("referent_email")
    if name and not email:
        yield "referent_email", _("Ajoutez l’adresse de votre référent·e, ou effacez son nom.")
    if email and not name:
        yield "referent_name", _("Ajoutez le nom de votre référent·e, ou effacez son adresse.")


def _background(file):
    if _is_blank(file, "background"):
        yield "background", _("Racontez votre parcours en quelques phrases.")
    if not file.answers.get("languages"):
        yield "languages", _("Cochez au moins une langue que vous parlez.")


def _trades(file):
    if not file.trades:
        yield "trade_1", _("Choisissez au moins un métier.")
    if _is_blank(file, "attraction"):
        yield "attraction", _("Dites ce qui vous attire dans ce métier.")


def _project(file):
    if _is_blank(file, "project"):
        yield "project", _("Parlez-nous de votre projet.")
    if _is_blank(file, "hopes"):
        yield "hopes", _("Dites ce que vous attendez d’un·e mentor·e.")


def _questions(file):
    said = file.answers.get("questions", {})
    for question in file.questions:
        answer = said.get(str(question.pk))
        if question.is_required and not answer:
            yield f"question_{question.pk}", _("Répondez à la question «\u00a0%s\u00a0».") % question.text
        elif answer and question.kind != Question.Kind.TEXT and answer not in choices_of(question):
            yield f"question_{question.pk}", _("Choisissez de nouveau\u00a0: ce choix n’est plus proposé.")


def _documents(file):
    """A file still being verified counts: sending does not wait for it."""
    for asked in file.documents_asked:
        given = [document for document in file.documents if document.asked_id == asked.pk]
        if not asked.is_required or any(document in file.usable_documents for document in given):
            continue
        sentence = _("Ajoutez un fichier\u00a0: «\u00a0%(label)s\u00a0».")
        if given:
            sentence = _(
                "«\u00a0%(name)s\u00a0» ne peut pas servir\u00a0: ajoutez-en un autre («\u00a0%(label)s\u00a0»)."
            )
        yield f"document_{asked.pk}", sentence % {"label": asked.label, "name": given[-1].name if given else ""}


def choices_of(question: Question) -> list[str]:
    """The answers, as they are kept, that a question with choices takes."""
    return list(YES_NO) if question.kind == Question.Kind.YES_NO else question.choices


def _availability(file):
    if not file.answers.get("slots"):
        yield "slots", _("Cochez au moins un moment où vous êtes d’ordinaire disponible.")
    if file.answers.get("accepts_remote") is None:
        yield "accepts_remote", _("Dites si vos rendez-vous peuvent se faire à distance.")
    if not file.answers.get("mobility"):
        yield "mobility", _("Dites jusqu’où vous pouvez vous déplacer.")


def _agreements(file):
    sentences = {
        "rules": _("Lisez les règles du programme, et acceptez-les."),
        "privacy": _("Lisez ce que deviennent vos réponses, et cochez la case."),
    }
    for answer, sentence in sentences.items():
        if not agrees(file, answer):
            yield answer, sentence


def agrees(file: File, answer: str) -> bool:
    """Whether that box is ticked for the version of the text that stands now."""
    version: TextVersion | None = file.texts.get(TEXT_OF_ANSWER[answer])
    return version is not None and file.answers.get(answer) == version.number


RULES = {
    outline.IDENTITY: _identity,
    outline.GUARDIAN: _guardian,
    outline.CONTACT: _contact,
    outline.SITUATION: _situation,
    outline.SUPPORT: _support,
    outline.BACKGROUND: _background,
    outline.TRADES: _trades,
    outline.PROJECT: _project,
    outline.QUESTIONS: _questions,
    outline.DOCUMENTS: _documents,
    outline.AVAILABILITY: _availability,
    outline.AGREEMENTS: _agreements,
}
