"""Why a file cannot be used, in the words its owner reads, and what is raised to say so."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from documents.verdicts import Code


class Reason(TextChoices):
    """Why a file cannot be used. The label says what happened and what to do about it."""

    EMPTY = (
        Code.EMPTY.value,
        _("Ce fichier est vide. Vérifiez qu’il s’ouvre sur votre appareil, puis ajoutez-le de nouveau."),
    )
    TOO_LARGE = (
        Code.TOO_LARGE.value,
        _(
            "Ce fichier pèse plus de 10 Mo. Enregistrez-le dans une qualité plus légère, ou partagez-le en "
            "plusieurs fichiers."
        ),
    )
    WRONG_KIND = (
        Code.WRONG_KIND.value,
        _("Ce fichier n’est ni un PDF, ni une image JPEG ou PNG. Enregistrez-le en PDF, puis ajoutez ce PDF."),
    )
    WORD = (
        Code.WORD.value,
        _(
            "Ce fichier vient d’un traitement de texte. Ouvrez-le dans ce logiciel, choisissez « Enregistrer "
            "sous » ou « Exporter », puis « PDF », et ajoutez ce PDF."
        ),
    )
    HEIC = (
        Code.HEIC.value,
        _(
            "Cette photo est au format HEIC, que tous les ordinateurs ne savent pas lire. Faites-en une capture "
            "d’écran et ajoutez la capture, ou enregistrez la photo en JPEG."
        ),
    )
    DISGUISED = (
        Code.DISGUISED.value,
        _(
            "La fin du nom de ce fichier ne correspond pas à ce qu’il contient. Ouvrez-le, enregistrez-le de "
            "nouveau en PDF, en JPEG ou en PNG, puis ajoutez ce nouveau fichier."
        ),
    )
    ENCRYPTED = (
        Code.ENCRYPTED.value,
        _(
            "Ce PDF est protégé par un mot de passe. Ouvrez-le, choisissez « Imprimer » puis « Enregistrer en "
            "PDF », et ajoutez cette copie sans mot de passe."
        ),
    )
    BROKEN = (
        Code.BROKEN.value,
        _(
            "Ce fichier est abîmé ou incomplet : nous n’avons pas pu l’ouvrir jusqu’au bout. Vérifiez qu’il "
            "s’ouvre sur votre appareil, enregistrez-le de nouveau, puis ajoutez cette copie."
        ),
    )
    TOO_MANY_PIXELS = (
        Code.TOO_MANY_PIXELS.value,
        _(
            "Cette image est trop grande : elle a trop de pixels. Réduisez ses dimensions, ou faites-en une "
            "capture d’écran, puis ajoutez cette copie."
        ),
    )
    TOO_MANY_PAGES = (
        Code.TOO_MANY_PAGES.value,
        _("Ce PDF a plus de 100 pages. Gardez les plus importantes, et ajoutez ce PDF plus court."),
    )
    TOO_DEEP = (
        Code.TOO_DEEP.value,
        _(
            "Ce PDF est construit de façon trop compliquée. Ouvrez-le, choisissez « Imprimer » puis « Enregistrer "
            "en PDF », et ajoutez cette copie."
        ),
    )
    BOMB = (
        Code.BOMB.value,
        _(
            "Une fois ouvert, ce fichier prend beaucoup trop de place. Ouvrez-le, choisissez « Imprimer » puis "
            "« Enregistrer en PDF », et ajoutez cette copie."
        ),
    )
    TOO_SLOW = (
        Code.TOO_SLOW.value,
        _(
            "Ce fichier met trop de temps à s’ouvrir. Ouvrez-le, choisissez « Imprimer » puis « Enregistrer en "
            "PDF », et ajoutez cette copie, plus simple."
        ),
    )
    STILL_ACTIVE = (
        Code.STILL_ACTIVE.value,
        _(
            "Ce PDF contient des éléments que nous ne pouvons pas enlever, comme un programme ou un fichier "
            "caché. Ouvrez-le, choisissez « Imprimer » puis « Enregistrer en PDF », et ajoutez cette copie."
        ),
    )
    INFECTED = (
        Code.INFECTED.value,
        _(
            "Notre antivirus a reconnu un programme dangereux dans ce fichier. Ne l’ouvrez plus, faites vérifier "
            "l’appareil d’où il vient, et ajoutez un autre fichier."
        ),
    )


class Unusable(Exception):
    """This file cannot be used, whoever tries again. `sentence` is what its owner reads."""

    def __init__(self, reason: Reason | Code | str, detail: str = ""):
        self.reason = Reason(str(reason))
        super().__init__(self.reason.value, detail)
        self.detail = detail

    @property
    def sentence(self) -> str:
        return str(self.reason.label)


class Unavailable(Exception):
    """Not the file is at fault but what should look at it: nothing is known of it yet, it must be tried again later."""


class NotKept(Unavailable):
    """The storage takes no more: its disk is full, or away. `sentence` is what the file's owner reads."""

    sentence = _(
        "Nous n’arrivons pas à garder votre fichier en ce moment, et il n’y est pour rien. Réessayez dans quelques "
        "minutes\u00a0; si cela recommence, écrivez-nous."
    )
