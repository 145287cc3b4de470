"""What a verb raises when it will not do what was asked."""

from django.utils.translation import gettext as _


class Refusal(Exception):
    """A verb said no. `sentence` is what the person reads: French, whole, kind."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


class IllegalTransition(Refusal):
    """The object is no longer in a state from which this move is possible.

    Raised by `lifecycle.moves.move` after it has locked and read the row again: of two people who
    click the same button, the second one gets this.
    """

    def __init__(self, target: str, source_state: str, target_state: str):
        super().__init__(_("Cette action a déjà été faite, ou n’est plus possible."))
        self.target, self.source_state, self.target_state = target, source_state, target_state

    def __str__(self):
        return f"{self.target}: {self.source_state} → {self.target_state}"
