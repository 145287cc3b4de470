"""Locking what an offer stands on, in the one order: application, commitment, proposal, ids ascending.

Rows are locked before anything else about them is read: a join of the locking query itself could show
what was true before the wait.
"""

from applications.models import Application
from lifecycle.moves import lock
from matching.models import Proposal
from mentors.models import Commitment
from mentorships.models import Mentorship


def lock_offer(proposal: Proposal) -> None:
    """Lock one proposal and what it stands on, and read it all again."""
    application, commitment = proposal.application, proposal.commitment
    lock(application)
    lock(commitment)
    lock(proposal)
    proposal.application, proposal.commitment = application, commitment


def lock_offers(proposals) -> list[Proposal]:
    """The same for many: all applications, then all commitments, then all proposals, never interleaved."""
    keys = list(proposals.values_list("pk", "application_id", "commitment_id"))
    applications = _locked(Application, {a for _p, a, _c in keys}, "candidate", "cohort")
    commitments = _locked(Commitment, {c for _p, _a, c in keys}, "mentor__person", "cohort")
    locked = _locked(Proposal, {p for p, _a, _c in keys})
    for proposal in locked.values():
        proposal.application = applications[proposal.application_id]
        proposal.commitment = commitments[proposal.commitment_id]
    return list(locked.values())


def lock_commitments_of(application: Application) -> None:
    """Lock the commitments that this application, locked already, takes or may take a place of."""
    ids = {*application.proposals.live().values_list("commitment_id", flat=True)}
    ids |= {*Mentorship.objects.living().filter(application=application).values_list("commitment_id", flat=True)}
    _locked(Commitment, ids)


def lock_files_of(commitments) -> dict[int, Application]:
    """Lock the files that hold a place of these commitments, or may: those with an offer out or a living pair."""
    offered = Proposal.objects.filter(commitment__in=commitments, state=Proposal.State.OFFERED)
    living = Mentorship.objects.living().filter(commitment__in=commitments)
    ids = {*offered.values_list("application_id", flat=True), *living.values_list("application_id", flat=True)}
    return _locked(Application, ids, "candidate", "cohort")


def lock_files_in(cohort) -> list[Application]:
    """Lock the files of a cohort whose people take part: with a mentor, or waiting for one."""
    ids = {*Application.objects.taking_part().filter(cohort=cohort).values_list("pk", flat=True)}
    return [file for file in _locked(Application, ids, "candidate", "cohort").values() if file.is_taking_part]


def lock_offers_of(commitments) -> list[Proposal]:
    """Lock these commitments, then their offers that wait for an answer."""
    ids = _locked(Commitment, {*commitments.values_list("pk", flat=True)})
    waiting = Proposal.objects.filter(commitment__in=ids, state=Proposal.State.OFFERED)
    return list(_locked(Proposal, {*waiting.values_list("pk", flat=True)}).values())


def _locked(model, ids, *related) -> dict:
    rows = model._base_manager.filter(pk__in=ids).order_by("pk").prefetch_related(*related)
    return {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}
