"""Form fields of a candidate's file. They refuse what cannot be kept, and never what is merely not there yet."""

import re
import unicodedata
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import PhoneNumber, to_python

from accounts.addresses import LONGEST, require_deliverable
from accounts.places import department_of
from cohorts.models import Slot
from cohorts.moments import NBSP

PHONE_REGIONS = ("FR", "RE", "GP", "MQ", "GF", "YT")
"""Where a number without a country code may be from. For the library, FR alone refuses 0693… (La Réunion)."""


_UNSEEN = re.compile("[\u200b\u200e\u200f\u061c\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
"""Marks that show nothing, or turn the direction of what follows: in a name they would turn the sentence of a letter
around, or sign with a blank. The two joiners, that some scripts need, stay."""
_LINK = re.compile(r"://|@|\bwww\.", re.IGNORECASE)


def grouped(number: int) -> str:
    """`4 000`, as French people write it."""
    return f"{number:,}".replace(",", NBSP)


class TextField(forms.CharField):
    """Text of a given length at most.

    The limit is not handed to the browser: with `maxlength` it silently cuts what is pasted. What is too
    long comes back whole, with the count. Lines end as the database keeps them, so that both count alike;
    NUL bytes, which PostgreSQL refuses and nobody types, are dropped. What is asked on one line stays on one
    line: names stand in letters to others, where a line of one's own could pass for ours.
    """

    def __init__(self, *, limit: int, **options):
        self.limit = limit
        super().__init__(required=False, **options)

    def widget_attrs(self, widget):
        """What is left of a long text is counted while it is typed (static/js/form.js)."""
        return super().widget_attrs(widget) | ({"data-limit": self.limit} if isinstance(widget, forms.Textarea) else {})

    def to_python(self, value):
        text = str(value or "").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
        if not isinstance(self.widget, forms.Textarea):
            text = " ".join(_UNSEEN.sub("", text).split())
        return super().to_python(unicodedata.normalize("NFC", text))

    def validate(self, value):
        super().validate(value)
        if len(value) > self.limit:
            raise ValidationError(
                _(
                    "Votre texte fait %(length)s\u00a0caractères et la limite est de %(limit)s\u00a0: "
                    "raccourcissez-le de %(excess)s. Rien n’a été effacé."
                ),
                params={
                    "length": grouped(len(value)),
                    "limit": grouped(self.limit),
                    "excess": grouped(len(value) - self.limit),
                },
                code="too_long",
            )


class NameField(TextField):
    """What somebody is called. It stands in letters to people who do not know us yet: no link is typed into them."""

    def validate(self, value):
        super().validate(value)
        if value and (_LINK.search(value) or not any(sign.isalpha() for sign in value)):
            raise ValidationError(_("Écrivez ici un nom, en lettres, sans adresse ni lien."), code="not_a_name")


class PhoneField(forms.CharField):
    """A telephone number as people write it at home, overseas included, or with its country code."""

    def prepare_value(self, value):
        if not isinstance(value, PhoneNumber):
            return value
        return value.as_national if value.country_code == 33 else value.as_international

    def clean(self, value):
        value = super().clean((value or "").replace("\x00", ""))
        if not value:
            return ""
        numbers = (to_python(value, region=region) for region in PHONE_REGIONS)
        number = next((n for n in numbers if n and n.is_valid()), None)
        if number is None:
            raise ValidationError(
                _(
                    "Ce numéro n’est pas complet, ou n’existe pas. Exemples\u00a0: 06\u00a012\u00a034\u00a056\u00a078, "
                    "0692\u00a012\u00a034\u00a056, +32\u00a0470\u00a012\u00a034\u00a056."
                ),
                code="invalid",
            )
        return number


class BirthDateWidget(forms.MultiWidget):
    """Three boxes to type a date into: a calendar is slow to go back twenty years in."""

    template_name = "applications/widgets/birth_date.html"

    def __init__(self):
        def box(autocomplete, length):
            return forms.TextInput(
                {"inputmode": "numeric", "autocomplete": autocomplete, "maxlength": length, "size": length + 2}
            )

        super().__init__({"day": box("bday-day", 2), "month": box("bday-month", 2), "year": box("bday-year", 4)})

    def decompress(self, value):
        return [value.day, value.month, str(value.year)] if value else ["", "", ""]

    def render(self, name, value, attrs=None, renderer=None):
        return super().render(name, value, attrs, TemplatesSetting())


class BirthDateField(forms.MultiValueField):
    """A date of birth: nothing at all, or a whole date that exists."""

    widget = BirthDateWidget
    PARTS = (_("le jour"), _("le mois"), _("l’année"))

    def __init__(self, **options):
        parts = [forms.CharField(required=False) for _part in self.PARTS]
        super().__init__(parts, required=False, require_all_fields=False, **options)

    def clean(self, value):
        return super().clean([(part or "").replace("\x00", "").strip() for part in value or ["", "", ""]])

    def compress(self, parts):
        if not parts:
            return None
        if absent := [str(name) for name, part in zip(self.PARTS, parts, strict=True) if not part]:
            raise ValidationError(_("Complétez la date\u00a0: il manque %s.") % _(" et ").join(absent))
        try:
            day, month, year = (int(part) for part in parts)
            value = date(year, month, day)
        except (ValueError, OverflowError):
            raise ValidationError(_("Cette date n’existe pas. Écrivez-la en chiffres, par exemple 9\u00a03\u00a02007."))
        today = timezone.localdate()
        if not today.year - 110 <= value.year or value > today:
            raise ValidationError(_("Vérifiez l’année\u00a0: écrivez ses quatre chiffres, par exemple 2007."))
        return value


class PostcodeField(forms.CharField):
    """A French postcode, overseas included."""

    def __init__(self, **options):
        widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "postal-code", "size": 7})
        super().__init__(required=False, widget=widget, **options)

    def clean(self, value):
        code = re.sub(r"[\s.-]", "", str(value or "").replace("\x00", ""))
        if code and department_of(code) is None:
            raise ValidationError(
                _(
                    "Ce code postal n’existe pas. Écrivez ses cinq chiffres, par exemple 35000 ou 97400. "
                    "Vous vivez hors de France\u00a0? Écrivez-nous."
                ),
                code="invalid",
            )
        return code


class EmailField(forms.EmailField):
    """An address, in lower case as accounts keep theirs."""

    default_error_messages = {"invalid": _("Cette adresse n’est pas complète. Exemple\u00a0: prenom.nom@exemple.fr.")}

    def __init__(self, **options):
        super().__init__(required=False, max_length=LONGEST, validators=[require_deliverable], **options)
        self.widget.attrs.pop("maxlength", None)

    def clean(self, value):
        return super().clean(str(value or "").replace("\x00", "")).lower()


class LinkField(forms.URLField):
    """An address on the web. `vimeo.com/123` is understood as people write it."""

    default_error_messages = {
        "invalid": _("Ce lien n’est pas complet. Copiez l’adresse de la page, par exemple https://vimeo.com/123456.")
    }

    def __init__(self, **options):
        widget = forms.URLInput({"inputmode": "url", "autocomplete": "off"})
        super().__init__(required=False, max_length=500, assume_scheme="https", widget=widget, **options)
        self.widget.attrs.pop("maxlength", None)

    def clean(self, value):
        link = super().clean(str(value or "").replace("\x00", ""))
        if link and not link.startswith(("https://", "http://")):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return link


class SlotsWidget(forms.CheckboxSelectMultiple):
    """The week as a list of days, each with its two boxes."""

    lays_out_its_boxes = True
    template_name = "applications/widgets/slots.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        options = [option for _group, options, _index in context["widget"]["optgroups"] for option in options]
        pairs = zip(options[::2], options[1::2], strict=True)
        context["widget"]["days"] = [
            (str(day["label"]).split()[0], [(_("journée"), day), (_("soir"), evening)]) for day, evening in pairs
        ]
        return context

    def render(self, name, value, attrs=None, renderer=None):
        return super().render(name, value, attrs, TemplatesSetting())


class SlotsField(forms.MultipleChoiceField):
    """The parts of the week in which one can meet."""

    def __init__(self, **options):
        super().__init__(
            required=False, choices=Slot.choices, widget=SlotsWidget({"class": "form-check-input"}), **options
        )
