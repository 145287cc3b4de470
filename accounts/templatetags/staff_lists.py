"""For the lists of the admin: each cell says its column, so that a row reads as a card on a phone."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()


@register.filter
def labelled(cells, headers):
    """The cells of one row as the admin renders them, each `td` with its column's name in `data-label`."""
    for cell, header in zip(cells, headers, strict=False):
        is_data = cell.startswith("<td") and "action-checkbox" not in cell
        label = format_html('<td data-label="{}"', str(header["text"]).capitalize()) if is_data else None
        # Both halves are safe already: the admin escaped the cell, format_html the label.
        yield mark_safe(cell.replace("<td", label, 1)) if label else cell  # noqa: S308
