"""What a coordinator types to open a file again, or for somebody else."""

from datetime import datetime, time, timedelta

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import transitions as accounts
from applications import drafting
from applications.fields import EmailField, TextField
from applications.models import Application
from cohorts.models import Cohort, Phase
from cohorts.moments import day, moment

State = Application.State

REQUEST_LIMIT = 1000
"""Characters of what is asked: a letter to read on a phone."""


def in_five_days(now) -> datetime:
    """The moment proposed first: five days leave time to answer, and nobody has to stay up till midnight."""
    return timezone.make_aware(datetime.combine(timezone.localdate(now) + timedelta(days=5), time(18)))


class MomentField(forms.DateTimeField):
    """A day and an hour of Paris, still to come."""

    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {
        "required": gettext_lazy("Choisissez le jour et l’heure."),
        "invalid": gettext_lazy("Écrivez le jour et l’heure ainsi\u00a0: 24/11/2026 18:00."),
    }

    def __init__(self, **options):
        super().__init__(input_formats=["%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M"], **options)

    def clean(self, value):
        until = super().clean(value)
        if until is not None and until <= timezone.now():
            raise forms.ValidationError(_("Ce moment est déjà passé\u00a0: choisissez-en un à venir."))
        return until


def require_before_start(until, starts_on) -> None:
    """Raises ValidationError: what is sent once the cohort has started would be read by nobody."""
    if timezone.localdate(until) >= starts_on:
        raise forms.ValidationError(
            _("La promotion commence le %s\u00a0: choisissez un moment avant.") % day(starts_on)
        )


class TimeForm(forms.Form):
    """Until when a file is open. `initial` holds the cohort's first day as `starts_on`."""

    use_required_attribute = False

    until = MomentField(label=gettext_lazy("Jusqu’au"), help_text=gettext_lazy("Heure de Paris."))

    def clean_until(self):
        require_before_start(self.cleaned_data["until"], self.initial["starts_on"])
        return self.cleaned_data["until"]


class ReopenForm(TimeForm):
    """What is asked of somebody who has sent her file, and until when she may answer."""

    field_order = ["request", "until"]

    request = TextField(
        label=gettext_lazy("Ce que vous demandez"),
        limit=REQUEST_LIMIT,
        help_text=gettext_lazy(
            "La personne lira ces mots dans son courriel, après «\u00a0il nous manque quelque chose\u00a0:\u00a0». "
            "Dites où répondre, par exemple\u00a0: «\u00a0Sur la page “Ce que vous voulez montrer”, le lien ne "
            "marche plus.\u00a0»"
        ),
        widget=forms.Textarea({"rows": 6}),
    )

    def clean_request(self):
        words = "\n".join(line.rstrip() for line in self.cleaned_data["request"].splitlines()).strip()
        if not words:
            raise forms.ValidationError(_("Écrivez ce que vous demandez\u00a0: la personne lira ces mots."))
        return words


class _OpeningForm(forms.Form):
    """For a cohort whose call has opened, and that has not started."""

    use_required_attribute = False

    cohort = forms.ModelChoiceField(
        label=gettext_lazy("Promotion"),
        queryset=Cohort.objects.none(),
        empty_label=gettext_lazy("Choisissez une promotion"),
        error_messages={
            "required": gettext_lazy("Choisissez la promotion."),
            "invalid_choice": gettext_lazy("Choisissez une promotion de la liste."),
        },
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        now = timezone.now()
        not_started = Cohort.objects.filter(opens_at__lte=now, starts_on__gt=timezone.localdate(now))
        self.fields["cohort"].queryset = not_started.order_by("starts_on")
        if len(not_started) == 1:
            self.initial.setdefault("cohort", not_started[0])

    def file_of(self, person) -> Application | None:
        """What that person has in the cohort chosen, begun or sent."""
        return Application.objects.filter(candidate=person, cohort=self.cleaned_data["cohort"]).first()


class LateForm(_OpeningForm):
    """More time for one person: she is named by her address or her reference, and nothing she wrote is told.

    Once valid, `application` is her draft, or None when she has begun nothing: then one is opened for `email`.
    """

    who = forms.CharField(
        label=gettext_lazy("Adresse e-mail de la personne, ou référence de sa candidature"),
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Écrivez son adresse e-mail ou sa référence.")},
    )
    until = MomentField(label=gettext_lazy("Jusqu’au"), help_text=gettext_lazy("Heure de Paris."))
    opens = forms.BooleanField(
        label=gettext_lazy("Si cette personne n’a rien commencé, lui ouvrir une candidature"),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )

    def clean(self):
        given = super().clean()
        self.application, self.email = None, ""
        if "cohort" not in given:
            return given
        if "who" in given:
            try:
                self._look_up(given["who"])
            except forms.ValidationError as error:
                self.add_error("who", error)
        if "until" in given:
            try:
                require_before_start(given["until"], given["cohort"].starts_on)
            except forms.ValidationError as error:
                self.add_error("until", error)
        return given

    def _look_up(self, who: str) -> None:
        if "@" in who:
            self.email = EmailField().clean(who)
            person = accounts.known(self.email)
            self.application = self.file_of(person) if person else None
        else:
            self.application = Application.objects.filter(reference=who.upper()).select_related("cohort").first()
            if self.application is None:
                raise forms.ValidationError(_("Aucune candidature ne porte cette référence. Recopiez-la en entier."))
        self._require_unsent()

    def _require_unsent(self) -> None:
        file = self.application
        if file is None:
            if not self.cleaned_data.get("opens"):
                raise forms.ValidationError(
                    _(
                        "Personne n’a commencé de candidature à cette promotion avec cette adresse. Vérifiez-la. Pour "
                        "en ouvrir une à cette personne, cochez la case plus bas."
                    )
                )
        elif file.cohort != self.cleaned_data["cohort"]:
            raise forms.ValidationError(_("Cette candidature est à une autre promotion\u00a0: %s.") % file.cohort.name)
        elif file.state == State.WITHDRAWN:
            raise forms.ValidationError(_("Cette candidature a été retirée\u00a0: elle ne peut plus être envoyée."))
        elif file.state != State.DRAFT:
            raise forms.ValidationError(
                _(
                    "Cette candidature est déjà envoyée, depuis le %s. Pour demander une précision, rouvrez-la depuis "
                    "sa page."
                )
                % moment(file.sent_at)
            )

    @transaction.atomic
    def save(self, *, actor) -> Application:
        """The file, with its time: the one begun, or a new one. Raises Refusal (see `drafting`)."""
        until, now = self.cleaned_data["until"], timezone.now()
        if self.application is not None:
            drafting.give_time(self.application, until=until, actor=actor, now=now)
            return self.application
        person = accounts.known_or_new(self.email, now)
        return drafting.start_late(self.cleaned_data["cohort"], person, until=until, actor=actor, now=now)


class PaperForm(_OpeningForm):
    """Whose file on paper a coordinator types, and until when if the call is over."""

    email = EmailField(
        label=gettext_lazy("Adresse e-mail de la personne"),
        help_text=gettext_lazy(
            "La sienne\u00a0: elle y reçoit l’accusé de réception, puis la réponse, et entre avec un code."
        ),
        widget=forms.EmailInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    until = MomentField(
        label=gettext_lazy("Reçue avant la clôture\u00a0: à saisir jusqu’au (facultatif)"),
        help_text=gettext_lazy(
            "Heure de Paris. À remplir quand l’appel est clos, ou quand il le sera avant que vous ayez fini."
        ),
        required=False,
    )

    def clean_email(self):
        if not self.cleaned_data["email"]:
            raise forms.ValidationError(_("Écrivez l’adresse de la personne\u00a0: sans elle, personne ne lui répond."))
        return self.cleaned_data["email"]

    def clean(self):
        """`begun` is the file that a colleague is typing for the same person: it is taken up again."""
        given = super().clean()
        self.begun = None
        if "cohort" not in given:
            return given
        if "until" in given:
            self._clean_time(given["until"], given["cohort"])
        person = accounts.known(given["email"]) if "email" in given else None
        file = self.file_of(person) if person else None
        if file and file.state == State.DRAFT and file.is_typed_by_staff:
            self.begun = file
        elif file:
            self.add_error("email", _("Cette personne a déjà une candidature à cette promotion, commencée ou envoyée."))
        return given

    def _clean_time(self, until, cohort) -> None:
        if until is None and cohort.phase(timezone.now()) is Phase.CLOSED:
            self.add_error(
                "until",
                _(
                    "L’appel est clos depuis le %s. Si ce papier est arrivé avant, dites jusqu’à quand vous le "
                    "saisissez."
                )
                % moment(cohort.closes_at),
            )
        elif until is not None:
            try:
                require_before_start(until, cohort.starts_on)
            except forms.ValidationError as error:
                self.add_error("until", error)

    @transaction.atomic
    def save(self, *, actor) -> Application:
        """The file to type. Raises Refusal (see `drafting.start_on_behalf`)."""
        if self.begun:
            return self.begun
        now = timezone.now()
        person = accounts.known_or_new(self.cleaned_data["email"], now)
        return drafting.start_on_behalf(
            self.cleaned_data["cohort"], person, until=self.cleaned_data["until"], actor=actor, now=now
        )
