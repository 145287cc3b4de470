"""Django's own `pluralize`, as French counts: 0 and 1 are singular. Loaded in every template (`TEMPLATES`)."""

from django import template
from django.template.defaultfilters import pluralize as english_pluralize

register = template.Library()


@register.filter(is_safe=False)
def pluralize(value, forms="s"):
    """« 0 place », « 1 place », « 2 places »; as `django.template.defaultfilters.pluralize` for the rest."""
    return english_pluralize(1 if english_pluralize(value) and not value else value, forms)
