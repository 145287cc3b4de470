"""The settings of a cohort as a coordinator writes them: what breaks a rule is told next to the field to change."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.minimums import MinimumsField, require_within
from cohorts.models import Audience, Cohort

YEARS = (2000, 2100)
"""A year typed by halves (0002) is told: a moment of the year 1 could be kept, and never be read again."""


def _within_years(value) -> None:
    if not YEARS[0] <= getattr(value, "year", value) <= YEARS[1]:
        raise forms.ValidationError(_("Vérifiez l’année : écrivez ses quatre chiffres, par exemple 2027."))


FIELD_OF_CONSTRAINT = {
    "cohort_one_per_season": "year",
    "cohort_opens_before_closing": "closes_at",
    "cohort_starts_before_end": "ends_on",
    "cohort_decides_before_start": "decisions_on",
    "cohort_ages_in_order": "min_age",
    "cohort_has_places": "places",
    "cohort_reviews_per_file": "reviews_per_file",
    "cohort_parity_percent": "parity_percent",
    "cohort_parity_has_a_reason": "parity_reason",
}
"""Next to which field a broken rule of the database is told."""


def _moment(**options):
    """A moment in one labelled input, with the browser's own picker; Django's two inputs have no labels."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, validators=[_within_years], **options)


def _day(**options):
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        validators=[_within_years],
        **options,
    )


class CohortForm(forms.ModelForm):
    """All the settings of a cohort; what breaks a constraint is told next to the field to change."""

    audiences = forms.MultipleChoiceField(
        label=gettext_lazy("Publics"),
        choices=Audience,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Cochez au moins un public.")},
    )
    opens_at = _moment(label=gettext_lazy("Ouverture de l’appel"), help_text=gettext_lazy("Jour et heure de Paris."))
    closes_at = _moment(
        label=gettext_lazy("Clôture de l’appel"),
        help_text=gettext_lazy("Heure de Paris. À cette minute, plus rien ne s’envoie."),
    )
    decisions_on = _day(
        label=gettext_lazy("Réponses le"),
        help_text=gettext_lazy("Le jour promis aux candidat·es. Publier reste un geste de votre part."),
    )
    starts_on = _day(
        label=gettext_lazy("Début"),
        help_text=gettext_lazy("Ce jour-là fixe aussi les âges, et donc qui est mineur·e."),
    )
    ends_on = _day(label=gettext_lazy("Fin"))
    readings_due_on = _day(
        label=gettext_lazy("Avis attendus pour le"),
        required=False,
        help_text=gettext_lazy(
            "Facultatif. Le jury reçoit un rappel sept jours avant, deux jours avant, puis le lendemain."
        ),
    )
    audience_minimums = MinimumsField(
        label=gettext_lazy("Places au moins, par public"),
        help_text=gettext_lazy("Facultatif. Une liste composée pour cette promotion commencera par ces nombres."),
    )

    class Meta:
        model = Cohort
        fields = [
            "season",
            "year",
            "presentation",
            "audiences",
            "min_age",
            "max_age",
            "places",
            "opens_at",
            "closes_at",
            "decisions_on",
            "confirm_days",
            "starts_on",
            "ends_on",
            "offer_days",
            "offer_remind_days",
            "objection_days",
            "max_tries",
            "offers_again_by_itself",
            "reviews_per_file",
            "is_blind",
            "readings_due_on",
            "audience_minimums",
            "parity_percent",
            "parity_reason",
            "needs_two_people",
            "promotes_same_audience",
        ]
        widgets = {"parity_reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "presentation": gettext_lazy("Quelques phrases pour la page publique de la promotion."),
            "min_age": gettext_lazy("Le jour où la promotion commence ; 15 ans au moins."),
            "max_age": gettext_lazy("Le jour où la promotion commence."),
            "places": gettext_lazy("On ne peut pas publier plus d’acceptations qu’il n’y a de places."),
            "confirm_days": gettext_lazy("Après l’annonce, jusqu’à 23 h 59 le dernier jour."),
            "offer_days": gettext_lazy("Pour répondre à une proposition de binôme, jusqu’à 23 h 59 le dernier jour."),
            "offer_remind_days": gettext_lazy("Après l’envoi. Un seul rappel part, si rien n’est répondu."),
            "objection_days": gettext_lazy(
                "Quand un·e mentor·e accepte, la personne mentorée lit qui ce serait, et peut préférer quelqu’un "
                "d’autre."
            ),
            "max_tries": gettext_lazy(
                "Après autant de refus ou de silences, le calcul ne propose plus rien\u00a0: la coordination place à "
                "la main."
            ),
            "offers_again_by_itself": gettext_lazy(
                "Sinon, elle attend un geste de votre part sur la page de l’appariement."
            ),
            "reviews_per_file": gettext_lazy("De 1 à 5. Deux avis suffisent souvent\u00a0; un troisième départage."),
            "is_blind": gettext_lazy(
                "Le jury ne voit ni nom, ni coordonnées, ni établissement, ni documents, et ce qui nomme la personne "
                "dans ses textes est masqué."
            ),
            "parity_percent": gettext_lazy(
                "Laissez vide pour ne rien demander. Sinon, une part des places, en pour cent. Le genre est celui que "
                "chacun·e a déclaré, ou non."
            ),
            "parity_reason": gettext_lazy("Obligatoire avec une part. Le procès-verbal la reprend mot pour mot."),
            "needs_two_people": gettext_lazy("La personne qui propose l’annonce ne peut pas la confirmer elle-même."),
            "promotes_same_audience": gettext_lazy(
                "Une place qui se libère va d’abord à quelqu’un du même public, puis au rang suivant."
            ),
        }

    def clean(self):
        data = super().clean()
        if {"audience_minimums", "audiences", "places"} <= data.keys():
            try:
                require_within(data["audience_minimums"], data["audiences"], data["places"])
            except ValidationError as error:
                self.add_error("audience_minimums", error)
        return data

    def clean_offer_remind_days(self):
        days, within = self.cleaned_data["offer_remind_days"], self.cleaned_data.get("offer_days")
        if within is not None and days >= within:
            told = _("Le rappel doit partir avant la fin du délai, de %s jours.")
            raise ValidationError(told % within)
        return days

    def clean_year(self):
        _within_years(self.cleaned_data["year"])
        return self.cleaned_data["year"]

    def full_clean(self):
        super().full_clean()
        self._tell_next_to_fields()

    def _tell_next_to_fields(self):
        field_of = {c.violation_error_message: FIELD_OF_CONSTRAINT[c.name] for c in Cohort._meta.constraints}
        general = self.errors.pop(NON_FIELD_ERRORS, None)
        for error in general.as_data() if general else ():
            for sentence in error.messages:
                self.add_error(field_of.get(sentence), sentence)
