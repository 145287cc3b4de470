"""From a postcode to its département and region, overseas included.

Sources: INSEE, code officiel géographique 2024 (départements and regions); La Poste, whose postcodes begin with the
département's number, save in Corsica (200, 201: 2A; 202, 206: 2B) and overseas (three digits). A few dozen villages are
delivered from the next département, and are counted with it: this says where to look for a mentor, and nothing else.
"""

import re
from dataclasses import dataclass

from accounts.regions import Region

_DEPARTMENTS = {
    Region.AUVERGNE_RHONE_ALPES: (
        "01 Ain,03 Allier,07 Ardèche,15 Cantal,26 Drôme,38 Isère,42 Loire,43 Haute-Loire,63 Puy-de-Dôme,69 Rhône,"
        "73 Savoie,74 Haute-Savoie"
    ),
    Region.BOURGOGNE_FRANCHE_COMTE: (
        "21 Côte-d’Or,25 Doubs,39 Jura,58 Nièvre,70 Haute-Saône,71 Saône-et-Loire,89 Yonne,90 Territoire de Belfort"
    ),
    Region.BRETAGNE: "22 Côtes-d’Armor,29 Finistère,35 Ille-et-Vilaine,56 Morbihan",
    Region.CENTRE_VAL_DE_LOIRE: "18 Cher,28 Eure-et-Loir,36 Indre,37 Indre-et-Loire,41 Loir-et-Cher,45 Loiret",
    Region.CORSE: "2A Corse-du-Sud,2B Haute-Corse",
    Region.GRAND_EST: (
        "08 Ardennes,10 Aube,51 Marne,52 Haute-Marne,54 Meurthe-et-Moselle,55 Meuse,57 Moselle,67 Bas-Rhin,"
        "68 Haut-Rhin,88 Vosges"
    ),
    Region.HAUTS_DE_FRANCE: "02 Aisne,59 Nord,60 Oise,62 Pas-de-Calais,80 Somme",
    Region.ILE_DE_FRANCE: (
        "75 Paris,77 Seine-et-Marne,78 Yvelines,91 Essonne,92 Hauts-de-Seine,93 Seine-Saint-Denis,94 Val-de-Marne,"
        "95 Val-d’Oise"
    ),
    Region.NORMANDIE: "14 Calvados,27 Eure,50 Manche,61 Orne,76 Seine-Maritime",
    Region.NOUVELLE_AQUITAINE: (
        "16 Charente,17 Charente-Maritime,19 Corrèze,23 Creuse,24 Dordogne,33 Gironde,40 Landes,47 Lot-et-Garonne,"
        "64 Pyrénées-Atlantiques,79 Deux-Sèvres,86 Vienne,87 Haute-Vienne"
    ),
    Region.OCCITANIE: (
        "09 Ariège,11 Aude,12 Aveyron,30 Gard,31 Haute-Garonne,32 Gers,34 Hérault,46 Lot,48 Lozère,"
        "65 Hautes-Pyrénées,66 Pyrénées-Orientales,81 Tarn,82 Tarn-et-Garonne"
    ),
    Region.PAYS_DE_LA_LOIRE: "44 Loire-Atlantique,49 Maine-et-Loire,53 Mayenne,72 Sarthe,85 Vendée",
    Region.PROVENCE_ALPES_COTE_D_AZUR: (
        "04 Alpes-de-Haute-Provence,05 Hautes-Alpes,06 Alpes-Maritimes,13 Bouches-du-Rhône,83 Var,84 Vaucluse"
    ),
    Region.GUADELOUPE: "971 Guadeloupe",
    Region.MARTINIQUE: "972 Martinique",
    Region.GUYANE: "973 Guyane",
    Region.LA_REUNION: "974 La Réunion",
    Region.MAYOTTE: "976 Mayotte",
    Region.AUTRE_OUTRE_MER: (
        "975 Saint-Pierre-et-Miquelon,977 Saint-Barthélemy,978 Saint-Martin,986 Wallis-et-Futuna,"
        "987 Polynésie française,988 Nouvelle-Calédonie"
    ),
}


@dataclass(frozen=True)
class Department:
    """A département, or an overseas territory: its official number, its name, its region."""

    code: str
    name: str
    region: Region

    def __str__(self):
        return self.name


DEPARTMENTS = {
    code: Department(code, name, region)
    for region, listed in _DEPARTMENTS.items()
    for code, _space, name in (department.partition(" ") for department in listed.split(","))
}

_CORSICA = {"200": "2A", "201": "2A", "202": "2B", "206": "2B"}
_SHARED_OVERSEAS = {"97133": "977", "97150": "978"}
"""Saint-Barthélemy and Saint-Martin keep postcodes of the time when they were in Guadeloupe."""


def department_of(postcode: str) -> Department | None:
    """The département of a postcode of five digits; None when there is none with such a number."""
    if not re.fullmatch(r"[0-9]{5}", postcode):
        return None
    code = _SHARED_OVERSEAS.get(postcode) or _CORSICA.get(postcode[:3])
    return DEPARTMENTS.get(code or postcode[: 3 if postcode[:2] in ("97", "98") else 2])
