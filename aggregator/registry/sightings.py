"""What a quick look at GitHub says about a listed repository, and the kind word for it.

The look itself is somebody else's: a `Lookup` is handed in. Here is only what its
answer means for the person who lists the project.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aggregator.registry.mistakes import Mistake, Severity
from aggregator.registry.models import Entry
from aggregator.words.names import RepoName


@dataclass(frozen=True, slots=True)
class Sighting:
    """One repository as GitHub shows it now.

    Args:
        exists: GitHub shows a repository of this name; False for a private one too.
        public: Everybody can see it.
        name: What it is called today; differs from the name asked after a rename.
        has_readme: None when GitHub was not asked about it.
        licence: SPDX identifier of the licence, None when GitHub finds none.
    """

    exists: bool = True
    public: bool = True
    name: RepoName | None = None
    archived: bool = False
    fork: bool = False
    empty: bool = False
    has_readme: bool | None = None
    licence: str | None = None
    description: str | None = None


Sightings = Mapping[RepoName, Sighting]
Lookup = Callable[[Sequence[RepoName]], Sightings]
"""Asks GitHub about repositories; one that it could not ask about is not in the answer."""


def remarks(entry: Entry, sighting: Sighting | None) -> Iterator[Mistake]:
    """Say what a member may want to know about a repository they list.

    Only a repository that nobody can see is an error; everything else is a hint.
    """
    is_hidden = sighting is not None and not (sighting.exists and sighting.public)
    for what, cure in _words(entry, sighting):
        severity: Severity = "error" if is_hidden else "hint"
        yield Mistake(entry.where, f"{entry.repo}: {what}", cure, severity)


def _words(entry: Entry, sighting: Sighting | None) -> Iterator[tuple[str, str]]:
    if sighting is None:
        yield "GitHub gave no answer about it", "nothing to do: the next run asks again"
        return
    if not sighting.exists or not sighting.public:
        cure = "check the spelling, or make the repository public and try again"
        yield "GitHub shows no public repository of this name", cure
        return
    if sighting.name is not None and str(sighting.name) != str(entry.repo):
        yield f"it is called {sighting.name} now", f"write {sighting.name}"
    if sighting.fork:
        yield "it is a fork", "list the original instead, unless yours has become its own project"
    if sighting.archived:
        cure = "that is fine; a stage or a story tells visitors why"
        yield "it is archived, so nobody can contribute", cure
    if sighting.empty:
        yield "nothing is in it yet", "push something, so that visitors find more than a name"
        return
    if sighting.has_readme is False:
        yield "it has no README", "add a README.md that says what it does and how to start"
    if not sighting.licence:
        yield "GitHub finds no licence in it", "add a LICENSE file, so that others may use it"
    if not sighting.description and not entry.summary:
        cure = "add `summary:` here, or a description on the repository's page"
        yield "nothing says in a sentence what it is", cure
