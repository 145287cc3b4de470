"""The filter `blocks` (see `consents.reading`)."""

from django import template

from consents import reading

register = template.Library()

register.filter("blocks", reading.blocks)
