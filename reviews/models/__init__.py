"""The jury: who reads which file, what they think of it, which list follows, what is decided, when it is announced."""

from reviews.models.decisions import Decision, Minutes, Release
from reviews.models.readings import Assignment, Note, ReaderProfile, Recusal, Review, Score
from reviews.models.selections import Line, Selection

__all__ = [
    "Assignment",
    "Decision",
    "Line",
    "Minutes",
    "Note",
    "ReaderProfile",
    "Recusal",
    "Release",
    "Review",
    "Score",
    "Selection",
]
