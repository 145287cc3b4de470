"""The criteria that a new cohort begins with. Coordinators reword, add and weigh them before the jury reads."""

FIRST_CRITERIA = (
    {
        "order": 1,
        "name": "Le désir",
        "low": "Rien ne dit pourquoi ce métier, ni ce qui y attire.",
        "high": "On comprend d’où vient ce désir, et ce qui a déjà été tenté avec les moyens du bord.",
        "weight": 3,
    },
    {
        "order": 2,
        "name": "Le projet",
        "low": "Trop large pour qu’un·e mentor·e sache par où commencer.",
        "high": "Personnel, précis, à la mesure d’un accompagnement de quelques mois.",
        "weight": 3,
    },
    {
        "order": 3,
        "name": "Ce qu’une rencontre changerait",
        "low": "Des appuis existent déjà dans le métier.",
        "high": "Personne dans son entourage n’ouvre ces portes\u00a0: une rencontre peut tout changer.",
        "weight": 3,
    },
    {
        "order": 4,
        "name": "L’engagement",
        "low": "Rien n’indique que les rendez-vous pourront être tenus.",
        "high": "Le temps, l’envie et la façon d’apprendre sont là.",
        "weight": 1,
    },
)
"""As fields of `cohorts.Criterion`."""
