"""The trades people can choose from, grouped by family. Codes are the public ROME list's, blank where none fits.

From then on staff edit them: running this again on a list they changed leaves what stands there.
"""

from django.db import migrations

FAMILIES = {
    "Écriture": [
        ("scenario", "Scénario", "E1102"),
        ("ecriture-de-series", "Écriture de séries", "E1102"),
        ("ecriture-documentaire", "Écriture documentaire", "E1102"),
        ("developpement", "Lecture et développement de scénarios", ""),
    ],
    "Réalisation": [
        ("realisation", "Réalisation", "L1304"),
        ("realisation-documentaire", "Réalisation documentaire", "L1304"),
        ("assistanat-realisation", "Assistanat à la réalisation", "L1304"),
        ("scripte", "Scripte", "L1304"),
        ("casting", "Direction de casting", ""),
        ("coordination-intimite", "Coordination d’intimité", ""),
    ],
    "Production": [
        ("production", "Production", "L1302"),
        ("direction-de-production", "Direction de production", "L1302"),
        ("administration-de-production", "Administration de production", "L1302"),
        ("regie-generale", "Régie générale", "L1509"),
        ("acquisitions", "Acquisitions et programmes", ""),
    ],
    "Image": [
        ("direction-photo", "Direction de la photographie", "L1505"),
        ("cadre", "Cadre", "L1505"),
        ("assistanat-camera", "Assistanat caméra", "L1505"),
        ("photographie-de-plateau", "Photographie de plateau", "E1201"),
        ("eclairage", "Éclairage", "L1504"),
        ("machinerie", "Machinerie", "L1506"),
    ],
    "Son": [
        ("prise-de-son", "Prise de son", "L1508"),
        ("perche", "Perche", "L1508"),
        ("montage-son", "Montage son", "L1507"),
        ("mixage", "Mixage", "L1508"),
        ("bruitage", "Bruitage", "L1508"),
        ("musique-de-film", "Musique de film", "L1202"),
    ],
    "Décors, costumes, maquillage": [
        ("decors", "Décors", "L1503"),
        ("accessoires", "Accessoires", "L1503"),
        ("construction-de-decors", "Construction de décors", "L1503"),
        ("costumes", "Création de costumes", "L1502"),
        ("habillage", "Habillage", "L1502"),
        ("maquillage", "Maquillage", "L1501"),
        ("coiffure", "Coiffure", "L1501"),
    ],
    "Montage et postproduction": [
        ("montage", "Montage image", "L1507"),
        ("assistanat-montage", "Assistanat montage", "L1507"),
        ("etalonnage", "Étalonnage", "L1507"),
        ("postproduction", "Direction de postproduction", "L1507"),
        ("sous-titrage", "Sous-titrage et adaptation", ""),
    ],
    "Animation et effets visuels": [
        ("animation", "Animation", "L1510"),
        ("storyboard", "Scénarimage (storyboard)", "L1510"),
        ("effets-visuels", "Effets visuels", "L1510"),
        ("motion-design", "Graphisme animé", ""),
    ],
    "Diffusion": [
        ("distribution", "Distribution", ""),
        ("exploitation", "Programmation et exploitation de salles", ""),
        ("festivals", "Organisation de festivals", "L1303"),
        ("relations-presse", "Relations presse", "E1103"),
        ("education-a-l-image", "Éducation à l’image", ""),
    ],
}


def seed(apps, schema_editor):
    Trade = apps.get_model("cohorts", "Trade")
    rows = [(family, *trade) for family, trades in FAMILIES.items() for trade in trades]
    Trade.objects.bulk_create(
        [
            Trade(slug=slug, name=name, family=family, rome_code=code, order=10 * place)
            for place, (family, slug, name, code) in enumerate(rows, start=1)
        ],
        ignore_conflicts=True,
    )


def unseed(apps, schema_editor):
    slugs = [slug for trades in FAMILIES.values() for slug, _name, _code in trades]
    apps.get_model("cohorts", "Trade").objects.filter(slug__in=slugs).delete()


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0001_initial")]

    operations = [migrations.RunPython(seed, unseed, elidable=False)]
