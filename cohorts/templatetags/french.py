"""Django's own filters, as French counts: nought is singular, files weigh Ko. In every template (`TEMPLATES`)."""

from django import template
from django.template.defaultfilters import filesizeformat as binary_size
from django.template.defaultfilters import pluralize as english_pluralize

register = template.Library()


@register.filter(is_safe=False)
def pluralize(value, forms="s"):
    """« 0 place », « 1 place », « 2 places »; as `django.template.defaultfilters.pluralize` for the rest."""
    return english_pluralize(1 if english_pluralize(value) and not value else value, forms)


@register.filter(is_safe=True)
def filesizeformat(size):
    """« 29,1 Ko »: everybody's word for what Django calls « 29,1 Kio »."""
    return binary_size(size).replace("io", "o")
