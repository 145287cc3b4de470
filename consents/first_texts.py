# ruff: noqa: E501
"""The first version of every text, as the first migration publishes it. From then on staff write new versions.

Plain French for a reader of fifteen. What they say comes from the programme's frame: who reads what, how long it is
kept (the same figures as the privacy page), voluntary mentors, respect, minors, freedom to stop. A line that begins
with « ## » is a heading, one that begins with « - » belongs to a list, a blank line separates two paragraphs.
"""

from datetime import UTC, datetime

PUBLISHED_AT = datetime(2026, 11, 22, tzinfo=UTC)

RULES = """\
Ces règles disent ce que le programme vous apporte, et ce qu’il attend de chacun·e. Elles valent pour vous comme pour votre mentor·e.

## Candidater
- C’est gratuit, et aucun diplôme n’est demandé.
- Une seule candidature par personne et par promotion, envoyée avant l’heure de clôture.
- Ce sont des personnes qui lisent et qui décident, jamais une machine.
- Si une place vous est proposée, confirmez-la avant la date indiquée : sans réponse, elle va à quelqu’un d’autre.
- Si vous avez moins de 18 ans au début de la promotion, un·e représentant·e légal·e doit donner son autorisation avant que vous participiez.

## Avec votre mentor·e
- C’est une personne du métier, bénévole. Ni elle ni vous n’êtes payé·es, et personne ne peut vous demander d’argent.
- Vous fixez votre rythme à deux. Nous conseillons un échange par mois au moins.
- Elle vous conseille et vous fait découvrir son métier. Elle ne peut pas vous promettre de travail.
- Vos coordonnées ne sont échangées qu’une fois le binôme accepté.
- Si vous avez moins de 18 ans, vous vous voyez sur un lieu de travail, dans un lieu public ou en visio, à des heures convenables, et votre représentant·e légal·e est prévenu·e.

## Le respect
- Chacun·e respecte l’autre, son temps, son corps, et ce qu’il ou elle confie.
- Aucune violence sexiste ou sexuelle n’a sa place ici : ni propos, ni message, ni geste. Aucune discrimination non plus.
- Une gêne, un doute ? Parlez-en à la coordination, même sans preuve. On peut faire une pause, changer de mentor·e ou arrêter. Sauf danger, rien ne se fait sans vous en parler d’abord. La page « À qui parler » donne aussi des numéros hors du collectif.

## Arrêter
Vous pouvez arrêter à tout moment, sans donner de raison : dites-le à la coordination."""

PRIVACY = """\
Nous vous demandons ce qui sert à lire votre candidature, à vous répondre et à vous trouver un·e mentor·e. Rien de plus. Le Collectif 50/50 en est responsable.

## Ce que nous ne demandons jamais
Votre origine, votre religion, votre orientation, un diagnostic, ou la raison d’une réinsertion. Si vous en parlez, cela n’est ni relevé ni noté.

## Qui lit
- La coordination lit votre candidature une fois envoyée.
- Le jury lit les dossiers qui lui sont confiés.
- Votre mentor·e lit, avant d’accepter, votre prénom, vos métiers, votre projet et vos attentes ; ensuite, de quoi vous joindre. Jamais votre situation.
- Les partenaires voient des totaux, assez grands pour que personne n’y soit reconnaissable.

Vos réponses ne sont pas vendues, et aucune machine ne décide à notre place.

## Combien de temps nous gardons
- Un brouillon jamais envoyé : 30 jours après la clôture de l’appel.
- Une candidature non retenue, retirée ou sans suite : 3 mois, puis des totaux seulement. Plus longtemps si vous l’acceptez, pour l’appel suivant.
- Si vous participez : 2 ans après la fin.
- Le texte des courriels que nous vous envoyons : 6 mois.
- Le journal de ce qui a été fait, sans nom : 3 ans.

## Ce que vous pouvez demander
Voir ce que nous avons sur vous, le corriger, l’effacer, l’emporter, en limiter l’usage, vous y opposer, reprendre un accord. Vous pouvez le demander seul·e, même si vous avez moins de 18 ans. Écrivez à la coordination : nous répondons en un mois au plus. Si la réponse ne vous convient pas, vous pouvez saisir la CNIL : https://www.cnil.fr/fr/plaintes"""

IMAGE = """\
Pendant le programme, des photos ou des vidéos peuvent être prises. Avec votre accord, le Collectif 50/50 peut utiliser celles où l’on vous reconnaît, pour faire connaître le programme.

- C’est facultatif. Dire non ne change rien à votre candidature ni à votre place.
- Même si vous dites oui, vous pouvez toujours refuser une photo sur le moment.
- Vous pouvez retirer votre accord à tout moment, dans votre espace, à la page « Vos accords ». Nous n’utiliserons plus ces images ; demandez à la coordination de retirer celles qui sont en ligne.
- Si vous avez moins de 18 ans, il faut aussi l’accord d’un·e représentant·e légal·e."""

NEXT_CALL = """\
Une candidature qui n’est pas retenue est effacée au bout de 3 mois. Avec votre accord, nous la gardons pour l’appel suivant : nous vous écrirons quand il ouvrira, et vous pourrez repartir de vos réponses.

C’est facultatif, et cela ne change rien à la décision. Vous pouvez retirer votre accord à tout moment, à la page « Vos accords » de votre espace."""

GUARDIAN = """\
J’ai l’autorité parentale sur la personne nommée plus haut, ou je suis désigné·e pour la représenter. Je l’autorise à participer au mentorat du Collectif 50/50, gratuit, soutenu par Netflix.

## Ce qu’elle ou il fera
- Des rendez-vous avec un·e mentor·e, professionnel·le du cinéma ou de l’audiovisuel, bénévole. Nous conseillons un échange par mois au moins, pendant environ six mois.
- Ces rendez-vous ont lieu sur un lieu de travail, dans un lieu public ou en visio, à des heures convenables. Jamais au domicile de la ou du mentor·e.
- Des rencontres collectives : ateliers, tables rondes, projections.
- Une activité ou une immersion qui sort de ce cadre fait l’objet d’une autre autorisation.

## Avec qui
- La ou le mentor·e est choisi·e et suivi·e par le Collectif, a signé sa charte, et la coordination a vu son extrait de casier judiciaire (bulletin n° 3) depuis moins d’un an.
- Vous savez qui c’est dès que le binôme est formé : son nom, son métier, son employeur.

## Qui sait quoi
- La coordination lit la candidature. Le jury la lit sans le nom quand la lecture est anonyme. La ou le mentor·e connaît le prénom, le projet et la région, puis un moyen de contact une fois le binôme accepté.
- Votre nom, votre adresse e-mail et votre réponse ne servent qu’à cette autorisation. Elles sont gardées 2 ans après la fin du mentorat, ou 3 mois après une candidature qui s’arrête.

## Changer d’avis
- Vous pouvez retirer cette autorisation à tout moment, sans donner de raison : le binôme se met en pause le jour même, et la coordination vous appelle.
- Une inquiétude ? Appelez la coordination : elle vous répond, et agit d’abord pour la sécurité de votre enfant."""

FIRST_TEXTS = {
    "regles": ("Règles du programme", RULES),
    "vie-privee": ("Vie privée : ce que nous faisons de vos réponses", PRIVACY),
    "image": ("Droit à l’image", IMAGE),
    "prochain-appel": ("Garder le contact pour le prochain appel", NEXT_CALL),
    "autorisation": ("Autorisation de participer", GUARDIAN),
}
"""Title and body by key."""


def publish_first_texts(versions) -> None:
    """Write version 1 of every text that has none, published. `versions` is the model's manager, past or present."""
    for key, (title, body) in FIRST_TEXTS.items():
        known = {"title": title, "body": body, "asks_again": False, "published_at": PUBLISHED_AT}
        versions.get_or_create(key=key, number=1, defaults=known)
