"""What an answer means for a registry entry: the outcome, in words a member can act on. Pure."""

from datetime import datetime

from aggregator.facts.protocol import AbsenceKind, Absent, Trouble, TroubleKind
from aggregator.facts.record import Observation
from aggregator.facts.repository import Glance, Identity
from aggregator.words.outcomes import Outcome
from aggregator.words.wall import CURE, Fault

WAITS = "Nothing to do: the next run asks again."


def same_repository(known: Identity | None, glance: Glance) -> bool:
    """Tell whether an answer is the repository we know; the number decides, not the name."""
    return known is None or known.repository_id == glance.repository_id


def same_owner(known: Identity | None, glance: Glance) -> bool:
    """Tell whether the account behind a name is still the same, by its id."""
    return known is not None and known.owner_id is not None and known.owner_id == glance.owner_id


def seen(listed_as: str, glance: Glance, now: datetime, *, news: bool) -> Observation:
    """Judge a repository that answered."""
    name = glance.name_with_owner
    observation = Observation(
        listed_as=listed_as, asked_at=now, outcome=Outcome.UNCHANGED, glance=glance
    )
    if name.casefold() != listed_as.casefold():
        same_owner = name.partition("/")[0].casefold() == listed_as.partition("/")[0].casefold()
        return _replace(
            observation,
            Outcome.RENAMED if same_owner else Outcome.TRANSFERRED,
            f"It is now called {name}.",
            f"Change {listed_as} to {name} in the registry.",
        )
    if glance.empty:
        return _replace(
            observation,
            Outcome.EMPTY,
            "The repository has no commits yet.",
            "Push a first commit, with a README.",
        )
    return observation.model_copy(update={"outcome": Outcome.ACTIVE}) if news else observation


def reused(listed_as: str, original: Glance | None, now: datetime) -> Observation:
    """Judge an entry whose name somebody else uses now; the original is followed by its id."""
    moved = f" The repository listed here is now {original.name_with_owner}." if original else ""
    cure = (
        f"Change {listed_as} to {original.name_with_owner} in the registry."
        if original
        else "Remove the entry; to list the new repository instead, ask whoever runs the showcase."
    )
    return Observation(
        listed_as=listed_as,
        asked_at=now,
        outcome=Outcome.NAME_REUSED,
        glance=original,
        message=f"The name {listed_as} now belongs to a different repository.{moved}",
        cure=cure,
    )


def absent(listed_as: str, why: Absent, known: Identity | None, now: datetime) -> Observation:
    """Judge a repository that GitHub does not let us have."""
    outcome, message, cure = _ABSENCES[why.kind]
    if why.kind is AbsenceKind.NOT_FOUND and known is None:
        message = f"GitHub knows no public repository called {listed_as}."
        cure = "Check the spelling, and that the repository is public."
    return Observation(
        listed_as=listed_as, asked_at=now, outcome=outcome, message=message, cure=cure
    )


def unanswered(listed_as: str, trouble: Trouble, now: datetime) -> Observation:
    """Judge an entry for which GitHub gave no answer; that says nothing about the repository."""
    limited = trouble.kind is TroubleKind.LIMITED
    return Observation(
        listed_as=listed_as,
        asked_at=now,
        outcome=Outcome.SKIPPED if limited else Outcome.UNREACHABLE,
        message=_sentence(f"not asked: {trouble.message}" if limited else trouble.message),
        cure=trouble.cure or WAITS,
    )


def faulty(listed_as: str, fault: Fault, now: datetime) -> Observation:
    """Judge an entry at which this program failed; that says nothing about the repository."""
    return Observation(
        listed_as=listed_as,
        asked_at=now,
        outcome=Outcome.UNREACHABLE,
        message=fault.message,
        cure=CURE,
    )


def held(vanished: Observation, message: str) -> Observation:
    """Judge a repository that vanished in a suspicious run: unknown, and kept."""
    return Observation(
        listed_as=vanished.listed_as,
        asked_at=vanished.asked_at,
        outcome=Outcome.UNREACHABLE,
        message=message,
        cure="Whoever runs the showcase must look at the last run.",
    )


_ABSENCES = {
    AbsenceKind.NOT_FOUND: (
        Outcome.GONE,
        "It is no longer public: deleted, made private or moved without a redirect.",
        "Make it public again, list its new address, or remove the entry.",
    ),
    AbsenceKind.PRIVATE: (
        Outcome.PRIVATE,
        "It is private.",
        "Make it public, or remove the entry.",
    ),
    AbsenceKind.BLOCKED: (
        Outcome.BLOCKED,
        "GitHub has blocked access to it.",
        "See the notice on GitHub; remove the entry if it stays blocked.",
    ),
    AbsenceKind.EMPTY: (
        Outcome.EMPTY,
        "The repository has no commits yet.",
        "Push a first commit, with a README.",
    ),
    AbsenceKind.FORBIDDEN: (
        Outcome.FORBIDDEN,
        "Its organisation does not let our token in.",
        (
            "Ask whoever runs the showcase to authorise the token for this organisation (single "
            "sign-on), or to use one without access to it."
        ),
    ),
}


def _replace(observation: Observation, outcome: Outcome, message: str, cure: str) -> Observation:
    return observation.model_copy(update={"outcome": outcome, "message": message, "cure": cure})


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."
