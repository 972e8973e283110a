"""What to keep when an answer comes in: the last good facts, unless they may not be kept. Pure.

Reads no answer of GitHub's and decides no outcome: ``decider`` has judged what comes in here.
"""

from collections.abc import Sequence

from aggregator.facts.record import Observation, Record
from aggregator.facts.repository import Contributors, Details, Glance, Identity, RepoFacts
from aggregator.words.outcomes import Outcome

# A reason that is known outlives nights on which GitHub says nothing.
_STICKY = frozenset(
    {Outcome.GONE, Outcome.PRIVATE, Outcome.BLOCKED, Outcome.FORBIDDEN, Outcome.NAME_REUSED}
)
_HEALTHY = frozenset({Outcome.ACTIVE, Outcome.UNCHANGED})
_ONLY_GRAPHQL = (
    "statements",
    "packages",
    "funding",
    "commits_count",
    "head_committed_at",
    "releases_count",
    "tags_count",
)


def merge(before: Record | None, seen: Observation) -> Record:
    """Return the record that stands after an observation.

    A look that taught nothing (unreachable, skipped) never replaces a reason that is known, and a
    good fact is replaced by a newer good fact only.
    """
    known = before or _unknown(seen)
    tried = known.last_tried if seen.outcome is Outcome.SKIPPED else seen.asked_at
    if seen.outcome.inconclusive and known.outcome in _STICKY:
        return known.model_copy(update={"last_tried": tried})
    same = known.outcome is seen.outcome or {known.outcome, seen.outcome} <= _HEALTHY
    update: dict[str, object] = {
        "listed_as": seen.listed_as,
        "outcome": seen.outcome,
        "since": known.since if same else seen.asked_at,
        "last_tried": tried,
        "facts": None if seen.erases else _facts(known.facts, seen.facts),
        "message": seen.message,
        "cure": seen.cure,
    }
    if seen.facts is not None:
        glance = seen.facts.glance
        name = glance.name_with_owner
        # A name that came back is a former one no more.
        former = dict.fromkeys((*known.former_names, *_called(known)))
        update |= {
            "last_succeeded": seen.asked_at,
            "identity": _identity(known.identity, glance.identity),
            "moved_to": name if name.casefold() != seen.listed_as.casefold() else None,
            "former_names": tuple(one for one in former if one != name),
        }
    return known.model_copy(update=update)


def _unknown(seen: Observation) -> Record:
    """Return the record of an entry of which nothing was known before this look."""
    return Record(
        listed_as=seen.listed_as,
        outcome=seen.outcome,
        since=seen.asked_at,
        first_seen=seen.asked_at,
    )


def stand_in(before: Record | None, seen: Observation, message: str, cure: str) -> Record:
    """Return the record that stands when the program failed at joining or keeping a new one.

    What was known stays, except what may not be kept any longer.
    """
    known = before or _unknown(seen)
    update: dict[str, object] = {"message": message, "cure": cure}
    if before is None or seen.erases:
        update |= {
            "listed_as": seen.listed_as,
            "outcome": seen.outcome if seen.erases else Outcome.UNREACHABLE,
            "since": seen.asked_at,
            "last_tried": seen.asked_at,
            "facts": None,
            "moved_to": None,
            "former_names": (),
        }
    return known.model_copy(update=update)


def heir(listed_as: str, past: Sequence[Record]) -> Record:
    """Return what is known of one repository that the registry lists under another name now.

    Args:
        listed_as: The name that the registry gives today.
        past: All records of that repository, at least one; the freshest speaks for its standing.
    """
    # An entry that has facts knows more than one that only was asked later.
    freshest = max(past, key=lambda r: (r.facts is not None, _answered_at(r), r.key))
    oldest_first = sorted(past, key=lambda r: (r.first_seen, r.key))
    names = [
        name
        for record in oldest_first
        for name in (*record.former_names, record.listed_as, *_called(record))
    ]
    moved = freshest.moved_to
    return freshest.model_copy(
        update={
            "listed_as": listed_as,
            "first_seen": oldest_first[0].first_seen,
            "moved_to": None if moved and moved.casefold() == listed_as.casefold() else moved,
            "former_names": tuple(n for n in dict.fromkeys(names) if n not in _called(freshest)),
        }
    )


def _answered_at(record: Record) -> float:
    return record.last_succeeded.timestamp() if record.last_succeeded else 0.0


def _called(record: Record) -> tuple[str, ...]:
    return (record.identity.name_with_owner,) if record.identity else ()


def _identity(known: Identity | None, found: Identity) -> Identity:
    """Take what GitHub says, and the ids that it left out this time."""
    if known is None or known.repository_id != found.repository_id:
        return found
    if found.node_id and found.owner_id:
        return found
    ids = {"node_id": found.node_id or known.node_id, "owner_id": found.owner_id or known.owner_id}
    return found.model_copy(update=ids)


def _facts(known: RepoFacts | None, told: RepoFacts | None) -> RepoFacts | None:
    if told is None:
        return known
    if known is None or known.glance.repository_id != told.glance.repository_id:
        return told
    people = told.contributors
    # A full count stays in the place of a look at recent commits, whichever is newer.
    if people is None or (people.count is None and counts_all_people(known.contributors)):
        people = known.contributors
    return RepoFacts(
        glance=_with_what_was_not_asked(known.glance, told.glance),
        details=_details(known.details, told.details),
        counts=told.counts or known.counts,
        contributors=people,
    )


def _with_what_was_not_asked(known: Glance, glance: Glance) -> Glance:
    """Carry over the few scalars that only one of the two APIs gives."""
    update: dict[str, object] = {}
    if glance.watchers is None and known.watchers is not None:
        update["watchers"] = known.watchers
    if glance.head_oid is None:  # REST names neither the commit nor the owner's picture
        update["head_oid"] = known.head_oid if known.pushed_at == glance.pushed_at else None
        update["open_graph_image"] = glance.open_graph_image or known.open_graph_image
    return glance.model_copy(update=update) if update else glance


def _details(known: Details | None, found: Details | None) -> Details | None:
    if known is None or found is None:
        return found or known
    update: dict[str, object] = {}
    if known.basis.pushed_at == found.basis.pushed_at:  # nothing was pushed since GraphQL told it
        lacking = (name for name in _ONLY_GRAPHQL if getattr(found, name) is None)
        update = {name: getattr(known, name) for name in lacking}
    old, new = known.readme, found.readme
    if old and new and old.oid == new.oid and new.encoding is None:
        update["readme"] = new.model_copy(update={"encoding": old.encoding})
    return found.model_copy(update=update)


def counts_all_people(found: Contributors | None) -> bool:
    """Tell whether everybody was counted; a count that took programs for people is none."""
    return found is not None and found.count is not None and found.people_only
