"""The filters `day`, `hour`, `moment` and `stamp` (see `cohorts.moments`); empty for an empty value."""

from django import template

from cohorts import moments

register = template.Library()


@register.filter
def day(value):
    return moments.day(value) if value else ""


@register.filter
def hour(value):
    return moments.hour(value) if value else ""


@register.filter
def moment(value):
    return moments.moment(value) if value else ""


@register.filter
def stamp(value):
    return moments.stamp(value) if value else ""
