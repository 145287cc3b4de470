"""The filter `points`: hundredths as French people write a score, `340` → `3,40`."""

from django import template

from reviews.selection_words import points_words

register = template.Library()


@register.filter
def points(value):
    return points_words(value) if value is not None else ""
