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
J’ai l’autorité parentale sur la personne nommée plus haut, ou je suis désigné·e pour la représenter. Je l’autorise à participer à ce qui est indiqué plus haut, dans le mentorat du Collectif 50/50. C’est gratuit : ni elle ni moi n’avons rien à payer.

Plus bas, « votre enfant » veut dire la personne nommée plus haut, même si vous n’êtes pas son père ou sa mère.

## Ce que vous autorisez
- Des rendez-vous avec un·e mentor·e : une personne qui exerce un métier du cinéma ou de l’audiovisuel, et qui donne son temps. Le mentorat dure environ six mois ; nous conseillons un échange par mois au moins.
- Des rencontres en groupe, préparées par le Collectif ou par ses partenaires : ateliers, tables rondes, projections.

Un mentorat n’est ni un stage ni un emploi, et personne ne peut promettre de travail.

## Où et quand
- Sur un lieu de travail, dans un lieu public ou en visio, à des heures convenables. Jamais au domicile de la ou du mentor·e.
- Ce qui sort de ce cadre (un voyage, une nuit sur place, une journée sur un tournage) n’est compris que si c’est indiqué plus haut : nous vous le demandons à part, à chaque fois.

## Avec qui
- La coordination du Collectif choisit et suit chaque mentor·e. Avant qu’elle ou il accompagne un·e mineur·e, la coordination a vu son extrait de casier judiciaire (bulletin n° 3), et le revoit chaque année.
- Dès que le binôme est formé, vous lisez sur votre page qui c’est : son nom, son métier, son employeur, et comment joindre la coordination.

## La sécurité
- Aucune violence sexiste ou sexuelle n’a sa place ici : ni propos, ni message, ni geste. Aucune discrimination non plus.
- Une gêne, un doute, même sans preuve : parlez-en à la coordination. Votre enfant peut le faire aussi, sans passer par vous ni par sa ou son mentor·e. On peut faire une pause, changer de mentor·e ou arrêter.
- Hors du Collectif répondent le 119 (enfance en danger, jour et nuit), le 3919 (violences faites aux femmes) et le 01 87 20 30 90 (cellule d’écoute du spectacle, du cinéma et de l’audiovisuel). En urgence, le 17 ou le 112.

## Ce que cette autorisation ne comprend pas
- Les soins. En cas d’urgence, la personne présente appelle les secours, et nous cherchons à vous joindre.
- L’image. Pour utiliser une photo ou une vidéo où l’on reconnaît votre enfant, il faut un accord à part, le sien et le vôtre. Dire non ne change rien à sa place.

## Qui sait quoi
- La coordination lit la candidature. Le jury lit celles qui lui sont confiées, sans le nom quand la lecture est anonyme.
- La ou le mentor·e connaît le prénom, le projet et la région ; de quoi écrire à votre enfant, une fois le binôme accepté. Jamais sa situation, ni rien sur vous.
- Vous ne lisez pas les réponses de votre enfant : elles sont à elle ou à lui.
- Votre nom, votre adresse e-mail et votre réponse ne servent qu’à cette autorisation. Nous les gardons 2 ans après la fin du mentorat, ou 3 mois après une candidature qui s’arrête avant. Vous pouvez demander à les voir, à les corriger ou à les effacer : la coordination répond en un mois au plus. Si la réponse ne vous convient pas, vous pouvez saisir la CNIL.

## Changer d’avis
- Vous pouvez retirer cette autorisation à tout moment, sans donner de raison. Le binôme se met en pause aussitôt, et la coordination vous contacte.
- Une seule signature suffit. Si l’autre représentant·e légal·e refuse, son refus compte, et tout s’arrête le temps d’en parler.
- Votre enfant aussi peut arrêter à tout moment."""

CHARTER = """\
Vous rejoignez une équipe de mentor·es bénévoles. Cette charte dit ce que le collectif vous doit, et ce que vous devez à la personne que vous accompagnez.

## Ce que nous vous devons
- Un premier échange, un guide, et une personne de la coordination à qui parler tout au long du mentorat.
- Des propositions que quelqu’un a relues. Vous pouvez dire non à chacune, sans avoir à vous justifier.
- Le droit de faire une pause ou d’arrêter. Prévenez-nous seulement assez tôt pour que personne ne reste sans réponse.

## Ce que vous donnez
- Du temps : un échange par mois au moins, pendant six mois, au rythme choisi à deux.
- Votre expérience, vos conseils, un regard sur un projet. Si c’est possible, une demi-journée d’immersion sur votre lieu de travail.
- Ni travail, ni argent : vous n’en promettez pas, et vous n’en demandez pas. Une personne mentorée ne travaille pas pour vous.

## Le respect
- Vous êtes dans une position de force : à vous de veiller à ce que l’échange reste simple et libre.
- Aucune violence sexiste ou sexuelle, aucune discrimination, aucune remarque sur le corps, l’origine, la vie privée. Aucune relation de séduction pendant le mentorat.
- Ce qui vous est confié reste entre vous, sauf si quelqu’un est en danger : dans ce cas, prévenez aussitôt la coordination.
- Vos coordonnées et les siennes ne servent qu’au mentorat. Vous ne publiez ni image ni travail sans son accord.

## Avec une personne de moins de 18 ans
- Vous avez montré à la coordination un extrait de casier judiciaire (bulletin n° 3), chaque année. Elle note l’avoir vu et n’en garde aucune copie.
- Vous vous voyez sur un lieu de travail, dans un lieu public ou en visio, à des heures convenables. Jamais chez vous, jamais dans une chambre d’hôtel.
- Ses représentant·es légaux savent avec qui elle ou il échange. Une sortie hors du cadre habituel demande une autorisation à part.

## Si quelque chose ne va pas
Parlez-en à la coordination, même en cas de doute. La page « À qui parler » donne aussi des numéros hors du collectif. Un manquement à cette charte met fin au mentorat."""

FIRST_TEXTS = {
    "regles": ("Règles du programme", RULES),
    "vie-privee": ("Vie privée : ce que nous faisons de vos réponses", PRIVACY),
    "image": ("Droit à l’image", IMAGE),
    "prochain-appel": ("Garder le contact pour le prochain appel", NEXT_CALL),
    "autorisation": ("Autorisation de participer", GUARDIAN),
    "charte-mentor": ("Charte des mentor·es", CHARTER),
}
"""Title and body by key."""


def publish_first_texts(versions) -> None:
    """Write version 1 of every text that has none, published. `versions` is the model's manager, past or present."""
    for key, (title, body) in FIRST_TEXTS.items():
        known = {"title": title, "body": body, "asks_again": False, "published_at": PUBLISHED_AT}
        versions.get_or_create(key=key, number=1, defaults=known)
