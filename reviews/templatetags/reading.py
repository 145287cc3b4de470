"""For the reading page: the filter `shown`, an answer with what was masked in it set apart."""

import re

from django import template
from django.template.defaultfilters import linebreaks
from django.utils.safestring import mark_safe

from reviews.masking import MARKERS

register = template.Library()

_MARKED = re.compile("|".join(re.escape(marker) for marker in MARKERS.values()))


@register.filter(is_safe=True)
def shown(answer: str) -> str:
    """Paragraphs, escaped, with each « [nom masqué] » in a mark of its own."""
    paragraphs = linebreaks(answer, autoescape=True)
    return mark_safe(_MARKED.sub(r'<mark class="masked">\g<0></mark>', paragraphs))  # noqa: S308 escaped above
