"""The registry as a whole: everything members wrote that can be used, and every mistake beside it.

Values and the ways to find one of them; `crosscheck` makes it from the parts that could be read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from aggregator.registry.artwork import Artwork
from aggregator.registry.community import LearningPath, Person, Talk, Term
from aggregator.registry.judgements import JudgedQuery
from aggregator.registry.mistakes import Mistake
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.own_pages import OwnPages
from aggregator.registry.settings import Showcase
from aggregator.words.names import RepoName


@dataclass(frozen=True)
class Registry:
    """Everything members wrote that can be used, and every mistake beside it.

    `talks` are those that belong to no project; `terms` are by "tags", "kinds" and "stages";
    `own` are pages that the community wrote itself.
    """

    showcase: Showcase = field(default_factory=Showcase)
    organisations: tuple[Organisation, ...] = ()
    projects: tuple[Entry, ...] = ()
    people: tuple[Person, ...] = ()
    paths: tuple[LearningPath, ...] = ()
    talks: tuple[Talk, ...] = ()
    terms: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    glossary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    judgements: tuple[JudgedQuery, ...] = ()
    artwork: Artwork = field(default_factory=Artwork)
    own: OwnPages = field(default_factory=OwnPages)
    mistakes: tuple[Mistake, ...] = ()

    def organisation_of(self, entry: Entry) -> Organisation | None:
        """Find the organisation an entry names, or else the one that lists its owner."""
        slug = entry.organisation or self._owners.get(entry.repo.owner.lower())
        return self._by_slug.get(slug) if slug else None

    def organisation(self, slug: str) -> Organisation | None:
        """Find an organisation by its slug."""
        return self._by_slug.get(slug)

    def entry(self, repo: RepoName) -> Entry | None:
        """Find the entry that lists a repository, whatever the case of its letters."""
        return self._by_repo.get(repo)

    @property
    def errors(self) -> tuple[Mistake, ...]:
        """The mistakes that keep something off the site."""
        return tuple(mistake for mistake in self.mistakes if mistake.severity == "error")

    @cached_property
    def _owners(self) -> Mapping[str, str]:
        pairs = [(o.lower(), org.slug) for org in self.organisations for o in org.github]
        return dict(reversed(pairs))  # the first organisation that lists an owner has it

    @cached_property
    def _by_slug(self) -> Mapping[str, Organisation]:
        return {organisation.slug: organisation for organisation in self.organisations}

    @cached_property
    def _by_repo(self) -> Mapping[RepoName, Entry]:
        return {entry.repo: entry for entry in self.projects}
