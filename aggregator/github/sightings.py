"""A quick look at a few names, for ``aggregator check --online`` and ``add``.

One request for what every run asks, and one more for the READMEs when the names fit into it.
What the answers mean for a member is said in ``aggregator.registry.sightings``.
"""

from collections.abc import Mapping, Sequence

from aggregator.facts.repository import Glance
from aggregator.facts.source import AbsenceKind, Answer, Depth, Source, Target, Trouble
from aggregator.registry.sightings import Sighting
from aggregator.words.errors import SourceError
from aggregator.words.names import RepoName

_UNSEEN = frozenset({AbsenceKind.NOT_FOUND, AbsenceKind.PRIVATE, AbsenceKind.BLOCKED})


def look(source: Source, repos: Sequence[RepoName]) -> dict[RepoName, Sighting]:
    """Look at each name once; one that was not answered is left out, never "fine".

    Raises:
        SourceError: GitHub answered nothing at all.
    """
    seen: dict[RepoName, Sighting] = {}
    trouble: Trouble | None = None
    size = source.sizes.glance
    for start in range(0, len(repos), size):
        batch = repos[start : start + size]
        answer = source.glance([Target(str(repo)) for repo in batch])
        seen |= _sightings(batch, answer, _readmes(source, answer))
        trouble = answer.trouble
        if trouble:
            break
    if trouble and not seen:
        raise SourceError("GitHub gave no answer", trouble.message, trouble.cure)
    return seen


def _readmes(source: Source, answer: Answer[Glance]) -> Mapping[str, Depth]:
    """Ask for details when one request is enough for them; by the name that GitHub uses."""
    glances = [glance for glance in answer.found.values() if not glance.empty]
    if not glances or len(glances) > source.sizes.depth:
        return {}
    return source.depth(glances).found


def _sightings(
    batch: Sequence[RepoName], answer: Answer[Glance], depths: Mapping[str, Depth]
) -> dict[RepoName, Sighting]:
    seen = {}
    for repo in batch:
        glance, absent = answer.found.get(str(repo)), answer.absent.get(str(repo))
        if glance is not None:
            seen[repo] = _seen(glance, depths.get(glance.name_with_owner))
        elif absent is not None and absent.kind in _UNSEEN:
            seen[repo] = Sighting(exists=False, public=False)
    return seen


def _seen(glance: Glance, depth: Depth | None) -> Sighting:
    details = depth.details if depth else None
    licence = glance.licence
    return Sighting(
        name=_name(glance.name_with_owner),
        archived=glance.archived,
        fork=glance.fork,
        empty=glance.empty,
        has_readme=details.readme is not None if details and details.readme_asked else None,
        licence=(licence.spdx_id or licence.name) if licence else None,
        description=glance.description,
    )


def _name(text: str) -> RepoName | None:
    try:
        return RepoName.parse(text)
    except ValueError:
        return None
