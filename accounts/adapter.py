"""How allauth signs people in here."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Anyone may sign up; who works for the programme is invited by a coordinator (`accounts.transitions`)."""
