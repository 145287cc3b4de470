"""The first coordinator of a new portal, or one more when nobody can enter any more."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.shortcuts import resolve_url

from accounts import transitions
from accounts.models import Grant
from accounts.roles import Role
from lifecycle import journal


class Command(BaseCommand):
    help = "Donne le rôle de coordination à une adresse e-mail, et crée le compte s’il n’existe pas."

    def add_arguments(self, parser):
        parser.add_argument("email", help="l’adresse de la personne")

    def handle(self, *args, email: str, **options):
        email = email.strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"« {email} » n’est pas une adresse e-mail.")
        if Grant.objects.filter(user__email=email, user__is_active=True, role=Role.COORDINATOR).exists():
            self.stdout.write(f"{email} fait déjà partie de la coordination : rien à changer.")
        else:
            transitions.grant_role(email, Role.COORDINATOR, actor=journal.CONSOLE)
            self.stdout.write(f"{email} fait désormais partie de la coordination, et un courriel le lui dit.")
        self.stdout.write(f"Pour entrer : {settings.SITE_URL}{resolve_url('admin:index')}")
        self.stdout.write("Un code est envoyé à cette adresse, puis une seconde vérification est demandée.")
