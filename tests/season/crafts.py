"""Each trade as one speaks of it in a sentence, and what somebody who does it is called (feminine, masculine)."""

CRAFTS = {
    "scenario": ("le scénario", "scénariste", "scénariste"),
    "ecriture-de-series": ("l’écriture de séries", "scénariste de séries", "scénariste de séries"),
    "ecriture-documentaire": ("l’écriture documentaire", "autrice documentaire", "auteur documentaire"),
    "developpement": ("le développement", "lectrice et chargée de développement", "lecteur et chargé de développement"),
    "realisation": ("la réalisation", "réalisatrice", "réalisateur"),
    "realisation-documentaire": ("le documentaire", "réalisatrice de documentaires", "réalisateur de documentaires"),
    "assistanat-realisation": ("l’assistanat à la réalisation", "première assistante", "premier assistant"),
    "scripte": ("le métier de scripte", "scripte", "scripte"),
    "casting": ("la direction de casting", "directrice de casting", "directeur de casting"),
    "coordination-intimite": ("la coordination d’intimité", "coordinatrice d’intimité", "coordinateur d’intimité"),
    "production": ("la production", "productrice", "producteur"),
    "direction-de-production": ("la direction de production", "directrice de production", "directeur de production"),
    "administration-de-production": (
        "l’administration de production", "administratrice de production", "administrateur de production"
    ),
    "regie-generale": ("la régie", "régisseuse générale", "régisseur général"),
    "acquisitions": ("les acquisitions", "responsable des acquisitions", "responsable des acquisitions"),
    "direction-photo": ("la lumière", "directrice de la photographie", "directeur de la photographie"),
    "cadre": ("le cadre", "cadreuse", "cadreur"),
    "assistanat-camera": ("l’assistanat caméra", "première assistante caméra", "premier assistant caméra"),
    "photographie-de-plateau": ("la photographie de plateau", "photographe de plateau", "photographe de plateau"),
    "eclairage": ("l’éclairage", "cheffe électricienne", "chef électricien"),
    "machinerie": ("la machinerie", "cheffe machiniste", "chef machiniste"),
    "prise-de-son": ("la prise de son", "cheffe opératrice du son", "chef opérateur du son"),
    "perche": ("la perche", "perchwoman", "perchman"),
    "montage-son": ("le montage son", "monteuse son", "monteur son"),
    "mixage": ("le mixage", "mixeuse", "mixeur"),
    "bruitage": ("le bruitage", "bruiteuse", "bruiteur"),
    "musique-de-film": ("la musique de film", "compositrice", "compositeur"),
    "decors": ("le décor", "cheffe décoratrice", "chef décorateur"),
    "accessoires": ("les accessoires", "accessoiriste", "accessoiriste"),
    "construction-de-decors": ("la construction", "cheffe constructrice", "chef constructeur"),
    "costumes": ("le costume", "créatrice de costumes", "créateur de costumes"),
    "habillage": ("l’habillage", "habilleuse", "habilleur"),
    "maquillage": ("le maquillage", "cheffe maquilleuse", "chef maquilleur"),
    "coiffure": ("la coiffure", "cheffe coiffeuse", "chef coiffeur"),
    "montage": ("le montage", "cheffe monteuse", "chef monteur"),
    "assistanat-montage": ("l’assistanat montage", "assistante monteuse", "assistant monteur"),
    "etalonnage": ("l’étalonnage", "étalonneuse", "étalonneur"),
    "postproduction": ("la postproduction", "directrice de postproduction", "directeur de postproduction"),
    "sous-titrage": ("le sous-titrage", "traductrice-adaptatrice", "traducteur-adaptateur"),
    "animation": ("l’animation", "animatrice 2D", "animateur 2D"),
    "storyboard": ("le scénarimage", "scénarimagiste", "scénarimagiste"),
    "effets-visuels": ("les effets visuels", "superviseuse des effets visuels", "superviseur des effets visuels"),
    "motion-design": ("le graphisme animé", "graphiste animatrice", "graphiste animateur"),
    "distribution": ("la distribution", "responsable de distribution", "responsable de distribution"),
    "exploitation": ("la programmation", "directrice de cinéma", "directeur de cinéma"),
    "festivals": ("l’organisation de festivals", "déléguée générale de festival", "délégué général de festival"),
    "relations-presse": ("les relations presse", "attachée de presse", "attaché de presse"),
    "education-a-l-image": ("l’éducation à l’image", "coordinatrice d’ateliers", "coordinateur d’ateliers"),
}  # fmt: skip


def craft_slots(slug: str) -> dict[str, str]:
    """The slots {craft}, {of_craft} and {to_craft}: « le montage », « du montage », « au montage »."""
    craft = CRAFTS.get(slug, ("ce métier", "", ""))[0]
    article, _, rest = craft.partition(" ")
    contracted = {"le": (f"du {rest}", f"au {rest}"), "les": (f"des {rest}", f"aux {rest}")}
    of_craft, to_craft = contracted.get(article, (f"de {craft}", f"à {craft}"))
    return {"craft": craft, "of_craft": of_craft, "to_craft": to_craft}


def job_title(slug: str, *, is_woman: bool) -> str:
    """What this person is called on a call sheet."""
    _craft, woman, man = CRAFTS[slug]
    return woman if is_woman else man


def agreement(*, is_woman: bool) -> dict[str, str]:
    """The slots that make a sentence agree with the person who says it."""
    woman = {"e": "e", "er": "ère", "rice": "rice", "se": "se", "ui": "le"}
    man = {"e": "", "er": "er", "rice": "eur", "se": "r", "ui": "ui"}
    return woman if is_woman else man
