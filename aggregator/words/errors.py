"""Every failure the program names, as one tree that says who can mend it.

No judgement and no input or output live here. Every module raises these; only
the command line turns them into a line on the screen and an exit code.

    AggregatorError
    ├── RegistryError       a member mends it, in the registry       exit 2
    └── OperatorError       whoever runs the showcase mends it       exit 1
        ├── UsageError      on the command line                      exit 2
        ├── StateError      in the state folder
        │   └── LostTextError   a text vanished from its cache; making it anew mends that
        ├── SourceError     GitHub or the way to it
        │   └── AbsentError     nothing is at an address, and never was
        └── PublishError    where the site is written
"""

from typing import ClassVar

from aggregator.words.exits import LOOK, WRONG


class AggregatorError(Exception):
    """A failure with a name, rendered as "what: cause: cure".

    Args:
        what: What did not work, in a few plain words.
        cause: Why, as far as it is known.
        cure: What to do about it.
    """

    exit_code: ClassVar[int] = LOOK

    def __init__(self, what: str, cause: str = "", cure: str = "") -> None:
        self.what = what
        self.cause = cause
        self.cure = cure
        super().__init__(what, cause, cure)

    def __str__(self) -> str:
        return ": ".join(part for part in (self.what, self.cause, self.cure) if part)


class RegistryError(AggregatorError):
    """The registry as a whole cannot be used; a member can mend it."""

    exit_code = WRONG


class OperatorError(AggregatorError):
    """Somebody who runs the showcase must look."""


class UsageError(OperatorError):
    """The command line asks for something that cannot be."""

    exit_code = WRONG


class StateError(OperatorError):
    """The state folder or the catalogue in it cannot be used."""


class LostTextError(StateError):
    """A text that was kept in the cache is not there, or not what it was."""


class SourceError(OperatorError):
    """GitHub, or the way to it, does not answer as it should."""


class AbsentError(SourceError):
    """The server answered, and nothing is at that address."""


class PublishError(OperatorError):
    """The site cannot be written where it should go."""
