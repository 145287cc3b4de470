"""For the doors (views, admin actions): turning a verb's refusal into a sentence on the page."""

from contextlib import contextmanager

from django.contrib import messages

from lifecycle.refusals import Refusal


@contextmanager
def refusals_told(request):
    """Run a verb; if it refuses, the person reads why in a message and the view goes on to its redirect."""
    try:
        yield
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
