"""What one can follow beside the whole showcase: groups of projects, each with a page of its own.

Feeds are made of these and the page on how to subscribe lists them, so that neither offers what the
other does not know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aggregator.catalogue.kinds import Kind
from aggregator.catalogue.types import Group, OrganisationGroup, Project
from aggregator.site.frame import Anchor, group_anchor, organisation_anchor
from aggregator.words.speech import later, say

Followed = tuple[Anchor, tuple[Project, ...]]


@dataclass(frozen=True, slots=True)
class Followable:
    """Groups of one kind: what their feeds bring, and each with its page and projects.

    Args:
        folder: below which their pages stand.
        called: what following one of them is called.
        means: what such a feed brings, in a sentence for people who never saw one.
        listed_on: the folder of the page that lists all of them.

    Its words are marked here and said by the properties.
    """

    folder: str
    called: str
    means: str
    listed_on: str
    groups: tuple[Followed, ...] = ()

    @property
    def title(self) -> str:
        """What following one of them is called."""
        return say(self.called)

    @property
    def brings(self) -> str:
        """What such a feed brings."""
        return say(self.means)


_TAGS = Followable(
    "tags/",
    later("One subject"),
    later("What is new about a subject, whoever works on it: take its tag."),
    "tags/",
)
_ORGANISATIONS = Followable(
    "organisations/",
    later("One organisation"),
    later("What is new in the projects of one organisation."),
    "organisations/",
)
_KINDS = Followable(
    "kinds/",
    later("One kind of organisation"),
    later("What is new in the projects of all organisations of a kind."),
    "organisations/",
)
_LANGUAGES = Followable(
    "languages/",
    later("One language"),
    later("What is new in the projects that are written in a language."),
    "languages/",
)
_STAGES = Followable(
    "stages/",
    later("One stage"),
    later("What is new in the projects that have come equally far."),
    "stages/",
)


def followable(
    organisations: Sequence[OrganisationGroup],
    kinds: Sequence[Kind],
    named: Mapping[str, Sequence[Group]],
) -> tuple[Followable, ...]:
    """List the groups that can be followed, sort by sort; `named` holds some by their folder."""
    of_kinds = (
        (Anchor(kind.name, f"kinds/{kind.slug}/", len(kind.projects)), kind.projects)
        for kind in kinds
    )
    bodies = tuple((organisation_anchor(one.organisation), one.projects) for one in organisations)
    return (
        _named(_TAGS, named),
        replace(_ORGANISATIONS, groups=bodies),
        replace(_KINDS, groups=tuple(of_kinds)),
        _named(_LANGUAGES, named),
        _named(_STAGES, named),
    )


def _named(kind: Followable, named: Mapping[str, Sequence[Group]]) -> Followable:
    groups = named[kind.folder]
    found = tuple((group_anchor(kind.folder, group), group.projects) for group in groups)
    return replace(kind, groups=found)
