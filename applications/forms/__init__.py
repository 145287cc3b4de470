"""The pages of a candidate's file. Saving never asks that one be complete: sending does (`completeness`)."""

from applications import outline
from applications.forms.agreements import AgreementsForm
from applications.forms.guardian import GuardianForm
from applications.forms.person import ContactForm, IdentityForm, SituationForm, SupportForm
from applications.forms.practical import AvailabilityForm, AvoidForm, CriteriaForm, GenderForm, NeedsForm
from applications.forms.project import BackgroundForm, LinksForm, ProjectForm, TradesForm
from applications.forms.questions import QuestionsForm

FORMS = {
    outline.IDENTITY: IdentityForm,
    outline.GUARDIAN: GuardianForm,
    outline.CONTACT: ContactForm,
    outline.SITUATION: SituationForm,
    outline.SUPPORT: SupportForm,
    outline.BACKGROUND: BackgroundForm,
    outline.TRADES: TradesForm,
    outline.PROJECT: ProjectForm,
    outline.QUESTIONS: QuestionsForm,
    outline.LINKS: LinksForm,
    outline.AVAILABILITY: AvailabilityForm,
    outline.GENDER: GenderForm,
    outline.CRITERIA: CriteriaForm,
    outline.NEEDS: NeedsForm,
    outline.AVOID: AvoidForm,
    outline.AGREEMENTS: AgreementsForm,
}
"""The form of each step."""
