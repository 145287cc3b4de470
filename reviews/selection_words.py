"""What a list says of itself in French: its bounds, their price, which cannot be kept, what ties decided."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohorts.models import Audience
from reviews.choosing import PARITY, TOGETHER, Conflict, Impossible

TIE_RULE = gettext_lazy(
    "À notes égales, le dossier qui a la meilleure moyenne simple passe devant. À moyennes égales, un tirage au "
    "sort\u00a0: l’empreinte SHA-256 de «\u00a0%(seed)s:référence\u00a0», la plus petite d’abord. Entre deux listes "
    "de même total, on garde celle qui contient, dans cet ordre, le premier dossier par lequel elles diffèrent. Ni "
    "l’heure d’envoi ni le nom ne comptent, et chacun·e peut refaire le calcul."
)

SEVERAL = {
    Audience.STUDENT: gettext_lazy("étudiant·es"),
    Audience.SELF_TAUGHT: gettext_lazy("autodidactes"),
    Audience.PUPIL: gettext_lazy("lycéen·nes"),
    Audience.REINSERTION: gettext_lazy("personnes en réinsertion sociale"),
}
"""Each audience, of several people."""


def audience_words(audience: str) -> str:
    return str(SEVERAL.get(audience, audience))


def points_words(points: int) -> str:
    """`3,40`: hundredths as French people write a score."""
    sign = "−" if points < 0 else ""
    return f"{sign}{abs(points) // 100},{abs(points) % 100:02d}"


def in_order(names) -> list[str]:
    """Names of bounds in the order in which forms show them: the audiences, then parity, then all together."""
    order = [*Audience.values, PARITY, TOGETHER]
    return sorted(names, key=lambda name: (order.index(name) if name in order else -1, name))


def bound_words(name: str, audience_minimums: Mapping[str, int], parity_percent: int | None) -> str:
    """« 20 lycéen·nes », « 50 % de femmes et de personnes non binaires », « l’ensemble des bornes »."""
    if name == PARITY:
        return _("%(percent)s\u00a0%% de femmes et de personnes non binaires") % {"percent": parity_percent}
    if name == TOGETHER:
        return _("l’ensemble des bornes")
    least = audience_minimums.get(name, 0)
    if least == 1 and name in Audience:
        return _("1 personne en réinsertion sociale") if name == Audience.REINSERTION else f"1 {Audience(name).label}"
    return f"{least} {audience_words(name)}"


def price_words(name: str, bound: str, effect: Mapping[str, int]) -> str:
    """« La borne « 20 lycéen·nes » coûte 3,40 points au total : 2 dossiers entrent, 2 sortent. »

    `bound` is what `bound_words` calls the bound of that name.
    """
    count, price = effect["entered"], effect["price"]
    moved = ngettext(
        "%(count)s dossier entre, %(count)s sort", "%(count)s dossiers entrent, %(count)s sortent", count
    ) % {"count": count}
    cost = ngettext("%s point", "%s points", 1 if price < 200 else 2) % points_words(price)
    said = {"bound": bound, "cost": cost, "moved": moved}
    if name == TOGETHER:
        return (
            _("Ensemble, les bornes coûtent %(cost)s au total\u00a0: %(moved)s.") % said
            if count
            else _("Ensemble, les bornes ne changent rien.")
        )
    if not count:
        return _("La borne «\u00a0%(bound)s\u00a0» ne change rien\u00a0: la meilleure liste la tient déjà.") % said
    if not price:
        return _("La borne «\u00a0%(bound)s\u00a0» ne coûte aucun point\u00a0: %(moved)s, à égalité.") % said
    return _("La borne «\u00a0%(bound)s\u00a0» coûte %(cost)s au total\u00a0: %(moved)s.") % said


# --- Bounds that no list can keep -----------------------------------------------------------------


def conflict_words(conflict: Conflict, percent: int | None, among: Sequence[Conflict] = ()) -> str:
    """Which bound cannot be kept, and by how many. `among`: all that cannot, for some are counted as far as they go."""
    said = {
        "asked": places_words(conflict.asked),
        "possible": max(0, conflict.possible),
        "missing": conflict.missing,
        "forced": places_words(conflict.forced),
        "percent": percent,
        "audiences": ", ".join(audience_words(name) for name in in_order(conflict.bounds) if name != PARITY),
    }
    if conflict.kind == "ALONE" and conflict.bounds == (PARITY,):
        sentence = _(
            "%(percent)s\u00a0%% de femmes et de personnes non binaires, soit %(asked)s\u00a0; dossiers qui peuvent y "
            "compter et qui ont un avis\u00a0: %(possible)s. Il en manque %(missing)s."
        )
    elif conflict.kind == "ALONE":
        sentence = _(
            "%(asked)s au moins pour les %(audiences)s\u00a0; dossiers qui ont un avis\u00a0: %(possible)s. Il en "
            "manque %(missing)s."
        )
    elif conflict.kind == "PLACES" and any(one.kind == "ALONE" and one.bounds[0] in conflict.bounds for one in among):
        sentence = _(
            "Même ramenés aux dossiers qu’il y a, les minimums par public (%(audiences)s) font encore %(asked)s, et la "
            "liste ne peut en compter que %(possible)s\u00a0: %(missing)s de trop."
        )
    elif conflict.kind == "PLACES":
        sentence = _(
            "Les minimums par public (%(audiences)s) font en tout %(asked)s, et la liste ne peut en compter que "
            "%(possible)s\u00a0: %(missing)s de trop."
        )
    else:
        sentence = _(
            "Les minimums par public (%(audiences)s) donnent au moins %(forced)s à des dossiers qui ne comptent pas "
            "dans la part de femmes et de personnes non binaires. Elle demande %(asked)s, il en reste "
            "%(possible)s\u00a0: il en manque %(missing)s. Baissez cette part ou ces minimums de %(missing)s en tout."
        )
    return sentence % said


def places_words(count: int) -> str:
    return ngettext("%s place", "%s places", max(count, 1)) % count


def impossible_words(impossible: Impossible, percent: int | None) -> list[str]:
    """Everything that is wrong, a sentence each, and what has to be given up in all where that is not plain."""
    sentences = [conflict_words(conflict, percent, impossible.conflicts) for conflict in impossible.conflicts]
    if len(sentences) > 1:
        sentences.append(
            _("En tout, il faut renoncer à %s au moins des places ainsi demandées.") % impossible.to_give_up
        )
    return sentences


def tie_words(tie: Mapping) -> str:
    """What a tie decided: « À 3,50, 2 dossiers gardés et 1 laissé, départagés par le tirage au sort. »"""
    rule = _("le tirage au sort") if tie["by"] == "LOTTERY" else _("la moyenne simple")
    kept = ngettext("%s dossier gardé", "%s dossiers gardés", tie["kept"]) % tie["kept"]
    left = ngettext("%s laissé", "%s laissés", tie["left"]) % tie["left"]
    said = {"points": points_words(tie["points"]), "kept": kept, "left": left, "rule": rule}
    return _("À %(points)s, %(kept)s et %(left)s, départagés par %(rule)s.") % said
