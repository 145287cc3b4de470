"""Where a file stands, as its candidate reads it: what is done, what is under way, what follows, what is asked of her.

Pure: dataclasses in, dataclasses out, no query. Everything is told from the state that she may know
(`Application.shown_state`), so that a decision not announced changes no word of it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application
from cohorts.moments import day, moment
from mentorships.models import Mentorship
from portal.authorisations import Standing

State = Application.State

FIRST_WEEKS = timedelta(days=14)
"""How long after contacts were exchanged the first meeting is what counts."""


class Mark(TextChoices):
    """Where a step is, in the words that a screen reader says before it."""

    PAST = "past", gettext_lazy("Fait")
    CURRENT = "current", gettext_lazy("En ce moment")
    TO_COME = "to-come", gettext_lazy("À venir")


@dataclass(frozen=True)
class Step:
    """One line of the timeline."""

    words: str
    mark: Mark


@dataclass(frozen=True)
class Expected:
    """What is asked of the candidate now: one thing, with its term where there is one, or nothing."""

    words: str
    by: datetime | None = None
    more: str = ""
    """The sentence that follows: what happens otherwise, or the next date."""


@dataclass(frozen=True)
class Facts:
    """What there is to tell of a file at a moment."""

    state: State
    """The one its candidate may know."""
    now: datetime
    closes_at: datetime
    """Until when it can be sent."""
    decisions_on: date
    starts_on: date
    ends_on: date
    is_open: bool = False
    """Whether it can be written and sent at that moment."""
    has_revision: bool = False
    """Whether something is being written beside what was sent."""
    authorisation: Standing | None = None
    """Of her legal representative; None for somebody of age."""
    sent_at: datetime | None = None
    sent_again_at: datetime | None = None
    announced_at: datetime | None = None
    confirm_by: datetime | None = None
    confirmed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    paired_at: datetime | None = None
    """When the pair that lives now opened; None without one."""
    met_at: datetime | None = None
    """When they were given each other's address; None while she may still say that it must not be this mentor."""
    objection_until: datetime | None = None
    is_paused: bool = False
    had_mentor: bool = False
    """Whether a pair of hers went to the end of the cohort."""
    waited_in_vain: bool = False
    """Whether her answer is no because the waiting list was closed."""

    @classmethod
    def of(cls, application: Application, *, now, mentorship=None, authorisation=None, **more) -> "Facts":
        """The facts of an application read with its cohort and its draft. `more`: what its own row does not say."""
        cohort = application.cohort
        return cls(
            state=application.shown_state,
            now=now,
            closes_at=application.term,
            decisions_on=cohort.decisions_on,
            starts_on=cohort.starts_on,
            ends_on=cohort.ends_on,
            is_open=application.is_open(now),
            has_revision=application.sent_at is not None and hasattr(application, "draft"),
            authorisation=authorisation,
            sent_at=application.sent_at,
            announced_at=application.announced_at,
            confirm_by=application.confirm_by,
            confirmed_at=application.confirmed_at,
            paired_at=mentorship and mentorship.opened_at,
            met_at=mentorship and mentorship.contacts_at,
            objection_until=mentorship and mentorship.objection_until,
            is_paused=mentorship is not None and mentorship.state == Mentorship.State.PAUSED,
            waited_in_vain=application.waited_in_vain,
            **more,
        )

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def awaits_authorisation(self) -> bool:
        return self.authorisation is not None and self.authorisation.is_awaited

    @property
    def is_beginning(self) -> bool:
        """Whether they have just met."""
        return self.met_at is not None and self.now < self.met_at + FIRST_WEEKS


# --- The timeline -------------------------------------------------------------------------------


def timeline(facts: Facts) -> list[Step]:
    """The steps of a sent file, in order; none of a draft. At most one is under way, none once the file is over."""
    past, current, to_come = _PATHS[facts.state](facts)
    return [
        *(Step(words, Mark.PAST) for words in past),
        *(Step(words, Mark.CURRENT) for words in current),
        *(Step(words, Mark.TO_COME) for words in to_come),
    ]


def _draft(facts):
    return [], [], []


def _submitted(facts):
    late = facts.decisions_on < facts.today
    decision = _("Décision, qui était promise pour le %s") if late else _("Décision le %s")
    mentoring = _("Si votre candidature est retenue, mentorat du %(start)s au %(end)s") % _dates(facts)
    sent = [_sent(facts), *_asked_of_guardian(facts), *_received(facts, before=facts.now)]
    return sent, [_("Lecture par le jury")], [decision % day(facts.decisions_on), mentoring]


def _accepted(facts):
    is_late = facts.now > facts.confirm_by
    confirm = _("Place à confirmer, le délai est passé depuis le %s") if is_late else _("Place à confirmer avant le %s")
    return _answered(facts), *_gated(facts, [confirm % moment(facts.confirm_by), _("Attribution d’un·e mentor·e")])


def _waitlisted(facts):
    is_called = facts.today < facts.starts_on
    waiting = (
        _("Sur liste d’attente, jusqu’au début de la promotion le %s")
        if is_called
        else _("Liste d’attente, close au début de la promotion le %s")
    ) % day(facts.starts_on)
    return _answered(facts) + ([] if is_called else [waiting]), [waiting] if is_called else [], []


def _rejected(facts):
    if not facts.waited_in_vain:
        return _answered(facts), [], []
    read = [_sent(facts), *_received(facts, before=facts.announced_at), _("Lue par le jury")]
    closed = _("Liste d’attente close le %s, sans place pour vous") % _day_of(facts.announced_at)
    return [*read, _("Mise sur liste d’attente"), closed], [], []


def _confirmed(facts):
    return _placed(facts), *_gated(facts, [_("Mentor·e en cours d’attribution")])


def _lapsed(facts):
    return [*_answered(facts), _("Place non confirmée avant le %s") % moment(facts.confirm_by)], [], []


def _matched(facts):
    if facts.paired_at is None:
        return _placed(facts), [_("La coordination fait le point sur votre accompagnement")], [_mentoring(facts)]
    found = [*_placed(facts), _("Mentor·e trouvé·e le %s") % _day_of(facts.paired_at)]
    if facts.is_paused:
        return found, [_("Mentorat en pause")], [_mentoring(facts)]
    if facts.met_at is None:
        return found, [_("À vous de dire si cette personne vous convient")], [_mentoring(facts)]
    if facts.today < facts.starts_on:
        return found, [_("Premiers échanges avec votre mentor·e")], [_mentoring(facts)]
    return found, [_mentoring(facts)], []


def _completed(facts):
    if not facts.had_mentor:
        return [*_placed(facts), _("Promotion achevée le %s, sans mentor·e à la fin") % _short(facts.ends_on)], [], []
    return [*_placed(facts), _mentoring(facts)], [], []


def _withdrawn(facts):
    when = facts.withdrawn_at
    withdrawn = _("Retirée le %s") % _day_of(when) if when else _("Retirée")
    # Withdrawn before any answer: whether the jury had read it is nobody's to say.
    before = _answered(facts) if facts.announced_at else [_sent(facts)]
    return [*before, withdrawn], [], []


_PATHS = {
    State.DRAFT: _draft,
    State.SUBMITTED: _submitted,
    State.ACCEPTED: _accepted,
    State.WAITLISTED: _waitlisted,
    State.REJECTED: _rejected,
    State.CONFIRMED: _confirmed,
    State.LAPSED: _lapsed,
    State.MATCHED: _matched,
    State.COMPLETED: _completed,
    State.WITHDRAWN: _withdrawn,
}


def _sent(facts) -> str:
    if facts.sent_again_at:
        dates = {"first": _day_of(facts.sent_at), "last": _day_of(facts.sent_again_at)}
        if dates["first"] == dates["last"]:
            return _("Envoyée le %(first)s, puis de nouveau le même jour") % dates
        return _("Envoyée le %(first)s, puis de nouveau le %(last)s") % dates
    return _("Envoyée le %s") % _day_of(facts.sent_at)


def _answered(facts) -> list[str]:
    when = facts.announced_at
    return [
        _sent(facts),
        *_received(facts, before=when),
        _("Lue par le jury"),
        _("Réponse donnée le %s") % _day_of(when) if when else _("Réponse donnée"),
        *_received(facts, after=when),
    ]


def _asked_of_guardian(facts) -> list[str]:
    """That her representative was written to, while nobody has answered."""
    asked = facts.authorisation
    if asked is None or not asked.is_named or asked.is_stopped or asked.given_on:
        return []
    return [_("Autorisation demandée le %s à votre représentant·e légal·e") % _short(asked.asked_on)]


def _received(facts, *, before: datetime | None = None, after: datetime | None = None) -> list[str]:
    """That the authorisation came, at its place: `before` the answer to the file, or `after` it."""
    given = facts.authorisation and facts.authorisation.given_on
    if not given:
        return []
    is_here = given <= timezone.localdate(before) if before else bool(after) and given > timezone.localdate(after)
    words = _("Autorisation reçue, signée le %s") if facts.authorisation.is_on_paper else _("Autorisation reçue le %s")
    return [words % _short(given)] if is_here else []


def _placed(facts) -> list[str]:
    return [*_answered(facts), _("Place confirmée le %s") % _day_of(facts.confirmed_at)]


def _gated(facts, steps: list[str]) -> tuple[list[str], list[str]]:
    """What is under way and what follows, up to the mentoring: a missing authorisation comes before anything else."""
    if facts.awaits_authorisation:
        stopped = _("Autorisation de votre représentant·e légal·e\u00a0: à reprendre avec la coordination")
        awaited = _("Autorisation de votre représentant·e légal·e attendue")
        steps = [stopped if facts.authorisation.is_stopped else awaited, *steps]
    first, *others = [*steps, _mentoring(facts)]
    return [first], others


def _mentoring(facts) -> str:
    return _("Mentorat du %(start)s au %(end)s") % _dates(facts)


def _dates(facts) -> dict:
    return {"start": _short(facts.starts_on), "end": _short(facts.ends_on)}


def _day_of(at: datetime) -> str:
    return _short(timezone.localdate(at))


def _short(value: date) -> str:
    """`24 novembre 2026`: the day of the week only helps for a day on which something is to be done or awaited."""
    return day(value).partition(" ")[2]


# --- What is expected now -----------------------------------------------------------------------


def expected(facts: Facts) -> Expected | None:
    """What we ask of her now, or that there is nothing to do and what comes next. None once the file is over."""
    rule = _ASKS.get(facts.state)
    return rule(facts) if rule else None


def _nothing(more: str) -> Expected:
    return Expected(_("Rien pour le moment"), more=more)


def _of_draft(facts):
    return Expected(_("Envoyer votre candidature"), by=facts.closes_at) if facts.is_open else None


def _of_submitted(facts):
    if facts.has_revision and facts.is_open:
        stands = _("D’ici là, et si vous ne la renvoyez pas, c’est ce que vous avez envoyé le %s qui compte.")
        sent_on = _day_of(facts.sent_again_at or facts.sent_at)
        return Expected(_("Renvoyer votre candidature modifiée"), by=facts.closes_at, more=stands % sent_on)
    if facts.decisions_on < facts.today:
        late = _("Votre réponse, promise pour le %s, a du retard. Vous la recevrez par courriel, et sur cette page.")
        return _nothing(late % day(facts.decisions_on))
    if facts.authorisation and facts.authorisation.is_hers_to_move and not facts.authorisation.is_named:
        return Expected(_for_the_signature(facts))
    answer = _("Prochaine date\u00a0: votre réponse, le %s, par courriel et sur cette page.")
    return _nothing(answer % day(facts.decisions_on))


def _of_accepted(facts):
    if facts.now > facts.confirm_by:
        return Expected(
            _("Nous écrire vite"),
            more=_("Le délai pour confirmer est passé depuis le %s.") % moment(facts.confirm_by),
        )
    lost = _("Après cette heure, elle ira à une autre personne.")
    if facts.awaits_authorisation:
        words = _("%s, puis confirmer votre place") % _for_the_signature(facts)
        return Expected(words, by=facts.confirm_by, more=lost)
    return Expected(_("Confirmer votre place"), by=facts.confirm_by, more=lost)


def _for_the_signature(facts) -> str:
    """What she can do so that the authorisation comes."""
    if not facts.authorisation.is_hers_to_move:
        return _("Nous écrire au sujet de l’autorisation qui manque")
    if not facts.authorisation.is_named:
        return _("Dire qui peut signer votre autorisation")
    return _("Faire signer l’autorisation par votre représentant·e légal·e")


def _of_waitlisted(facts):
    start = day(facts.starts_on)
    if facts.today < facts.starts_on:
        return _nothing(_("Une place peut vous revenir jusqu’au début de la promotion, le %s.") % start)
    return None


def _of_confirmed(facts):
    if facts.awaits_authorisation:
        return Expected(_for_the_signature(facts))
    start = day(facts.starts_on)
    if facts.today < facts.starts_on:
        return _nothing(_("Prochaine date\u00a0: la promotion commence le %s.") % start)
    return _nothing(_("La promotion a commencé le %s\u00a0: nous vous écrivons dès qu’un·e mentor·e accepte.") % start)


def _of_matched(facts):
    if facts.awaits_authorisation:
        return Expected(_for_the_signature(facts))
    if facts.paired_at is None:
        return _nothing(_("Nous vous écrivons."))
    if facts.is_paused:
        return _nothing(_("La coordination vous dit quand votre accompagnement reprend."))
    if facts.met_at is None:
        exchanged = _("Sans réponse de votre part, vos coordonnées sont échangées à cette heure-là.")
        return Expected(_("Dire si cette personne vous convient"), by=facts.objection_until, more=exchanged)
    end = day(facts.ends_on)
    if facts.is_beginning:
        return Expected(_("Écrire à votre mentor·e, pour convenir d’un premier rendez-vous"))
    if facts.today <= facts.ends_on:
        return Expected(
            _("Parler avec votre mentor·e au moins une fois par mois"),
            more=_("Prochaine date\u00a0: votre mentorat s’achève le %s.") % end,
        )
    return _nothing(_("Votre mentorat s’est achevé le %s.") % end)


_ASKS = {
    State.DRAFT: _of_draft,
    State.SUBMITTED: _of_submitted,
    State.ACCEPTED: _of_accepted,
    State.WAITLISTED: _of_waitlisted,
    State.CONFIRMED: _of_confirmed,
    State.MATCHED: _of_matched,
}
