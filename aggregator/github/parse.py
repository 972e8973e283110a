"""GitHub's answers as facts: JSON objects in, frozen models out, nothing guessed. Pure.

    an object --read(block, "graphql" | "rest")--> the facts that ``aggregator.facts`` declares
                                                   + those worked out here from several fields

Which field a fact comes from stands with its declaration; here stands only what one field cannot
tell. Both APIs are read by the same few functions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, TypeVar, get_type_hints

from aggregator.facts.base import Fact, NameWithOwner, WebAddress, declared
from aggregator.facts.protocol import Depth
from aggregator.facts.repository import (
    READER,
    Basis,
    Contributor,
    Contributors,
    Counts,
    Details,
    FundingLink,
    Glance,
    Issue,
    Licence,
    Release,
)
from aggregator.github.commits import (
    MOST_SHOWN,
    commit_weeks,
    contributors,
    read_commits,
)
from aggregator.github.repository_files import (
    Listings,
    TreeEntry,
    find_community,
    find_readme,
    listings_of,
    read_entries,
    readme_link,
    top_level,
)
from aggregator.github.statements import read_statements, unread_files
from aggregator.github.values import (
    Json,
    count,
    flag,
    homepage,
    inside,
    objects,
    spoken,
    title,
    when,
    yes_or_no,
)
from aggregator.words.clean import clean_address, clean_line
from aggregator.words.names import is_repo_name

Api = Literal["graphql", "rest"]
FactT = TypeVar("FactT", bound=Fact)
_Reader = Callable[[object], object]


def repo_name(value: object) -> str | None:
    """Return owner/name, or None for anything else."""
    return value if isinstance(value, str) and is_repo_name(value) else None


# How a field is read: by its type, unless its own name says more. Blocks that hang below another
# and lists are read where they belong.
_BY_TYPE: Mapping[object, _Reader] = {
    int: count,
    int | None: count,
    bool: flag,
    bool | None: yes_or_no,
    datetime: when,
    datetime | None: when,
    str: clean_line,
    str | None: clean_line,
    WebAddress: clean_address,
    WebAddress | None: clean_address,
    NameWithOwner: repo_name,
}
_BY_NAME: Mapping[tuple[type[Fact], str], _Reader] = {
    (Glance, "description"): spoken,
    (Glance, "homepage"): homepage,
    (Release, "name"): title,
    (Issue, "title"): title,
}


@cache
def _readers(block: type[Fact], api: Api) -> tuple[tuple[str, tuple[str, ...], _Reader], ...]:
    """List the fields of a block that one field of an answer tells, with its path and reader."""
    types = get_type_hints(block, include_extras=True)
    told = ((one.name, one.graphql if api == "graphql" else one.rest) for one in declared(block))
    found = (
        (name, path, _BY_NAME.get((block, name)) or _BY_TYPE.get(types[name]))
        for name, path in told
        if path
    )
    return tuple((name, tuple(path.split(".")), reader) for name, path, reader in found if reader)


def told(block: type[Fact], node: object, api: Api) -> dict[str, Any]:
    """Give the values of those facts of a block that one field of an answer tells."""
    return {name: reader(inside(node, *path)) for name, path, reader in _readers(block, api)}


def read(block: type[FactT], node: object, api: Api, **known: object) -> FactT | None:
    """Read one block of facts.

    Args:
        block: The model.
        node: What GitHub said, whatever it is.
        api: In whose words.
        known: What was worked out from several fields; it wins.

    Returns:
        The facts, or None when one is missing without which the block says nothing.
    """
    values = told(block, node, api) | known
    needed = (name for name, field in block.model_fields.items() if field.is_required())
    if any(values.get(name) is None for name in needed):
        return None
    return block.model_validate(values)


def _all(block: type[FactT], nodes: object, api: Api) -> tuple[FactT, ...] | None:
    """Read a list of blocks, leaving out what is none; None when it is no list."""
    if not isinstance(nodes, list):
        return None
    found = (read(block, node, api) for node in objects(nodes))
    return tuple(one for one in found if one is not None)


def read_glance(node: Json, now: datetime) -> Glance | None:
    """Read the scalars of one repository from GraphQL; None when it has no id or no name."""
    own_image = node.get("usesCustomOpenGraphImage") and node.get("openGraphImageUrl")
    return read(
        Glance,
        node,
        "graphql",
        empty=flag(node.get("isEmpty")) or node.get("defaultBranchRef") is None,
        licence=_licence(node.get("licenseInfo"), "graphql"),
        open_graph_image=clean_address(own_image),
        confirmed_at=now,
    )


def read_repository(data: object, now: datetime) -> Glance | None:
    """Read the scalars of one repository from REST, which does not say whether it is empty."""
    licence = _licence(inside(data, "license"), "rest")
    return read(Glance, data, "rest", licence=licence, confirmed_at=now)


def _licence(value: object, api: Api) -> Licence | None:
    found = read(Licence, value, api)
    if found is None or found.spdx_id != "NOASSERTION":  # GitHub's word for "some other"
        return found
    return Licence(name=found.name)


def read_depth(node: Json, glance: Glance, now: datetime) -> Depth:
    """Read details, counts and contributors of one repository from GraphQL."""
    commit = inside(node, "defaultBranchRef", "target")
    commits = read_commits(inside(commit, "recent", "nodes"))
    total = count(inside(commit, "recent", "totalCount"))
    files = [_small_file(node.get(alias)) for alias in ("citation", "codemeta", "publiccode")]
    facts = told(Details, node, "graphql") | {
        "topics": _named(inside(node, "repositoryTopics", "nodes"), "topic", "name"),
        "language_bytes": _languages(inside(node, "languages", "edges")),
        "parent": _public(node.get("parent"), "isPrivate", "nameWithOwner"),
        "releases": _releases(inside(node, "releases", "nodes"), "isDraft", "graphql"),
        "commit_weeks": commit_weeks(
            commits, total, count(inside(commit, "year", "totalCount")), now
        ),
        "statements": read_statements(*files),
        "unread": unread_files(*files),
        "funding": _funding(node.get("fundingLinks")),
        "head_oid": clean_line(inside(commit, "oid")) or glance.head_oid,
    }
    counts = told(Counts, node, "graphql") | {
        "newest_good_first_issue": _newest(inside(node, "goodFirst", "nodes")),
        "good_first_labels": _labels(node, "goodFirst"),
        "newest_help_wanted": _newest(inside(node, "helpWanted", "nodes")),
        "help_wanted_labels": _labels(node, "helpWanted"),
        "confirmed_at": now,
    }
    return Depth(
        _details(facts, _listings(node), glance, now),
        Counts.model_validate(counts),
        contributors(commits, total, now),
    )


@dataclass(frozen=True, slots=True)
class RestAnswers:
    """The four answers that make the details of a repository."""

    repository: Json
    tree: Sequence[TreeEntry]  # every file, named by its whole path
    languages: object
    releases: object


def read_details(answers: RestAnswers, glance: Glance, now: datetime) -> Details:
    """Read the details of one repository from what REST says about it."""
    repository = answers.repository
    topics = repository.get("topics")
    facts = told(Details, repository, "rest") | {
        "topics": tuple(
            t for t in map(clean_line, topics if isinstance(topics, list) else ()) if t
        ),
        "language_bytes": _by_size(answers.languages),
        "parent": _public(repository.get("parent"), "private", "full_name"),
        "releases": _releases(answers.releases, "draft", "rest"),
        "head_oid": glance.head_oid,
    }
    return _details(facts, listings_of(answers.tree), glance, now)


def _details(facts: dict[str, Any], listings: Listings, glance: Glance, now: datetime) -> Details:
    """Add what the names of files tell, and how the repository looked."""
    basis = Basis(**{name: getattr(glance, name) for name in Basis.model_fields})
    return Details.model_validate(
        facts
        | {
            "reader": READER,
            "community": find_community(listings),
            "top_level": top_level(listings),
            "readme": find_readme(listings),
            "readme_asked": True,
            "basis": basis,
            "confirmed_at": now,
        }
    )


def _labels(node: Json, kind: str) -> tuple[str, ...] | None:
    """Read which spellings of a label the repository has; none at all says nothing."""
    names = (clean_line(inside(node, f"{kind}{form}", "name")) for form in ("Spaced", "Hyphened"))
    return tuple(name for name in names if name) or None


def _newest(nodes: object) -> Issue | None:
    first = next(objects(nodes), None)
    return read(Issue, first, "graphql")


def _named(nodes: object, *path: str) -> tuple[str, ...] | None:
    if not isinstance(nodes, list):
        return None
    names = (clean_line(inside(item, *path)) for item in objects(nodes))
    return tuple(name for name in names if name)


def _languages(edges: object) -> Mapping[str, int] | None:
    if not isinstance(edges, list):
        return None
    pairs = ((clean_line(inside(edge, "node", "name")), edge) for edge in objects(edges))
    return _by_size({name: edge.get("size") for name, edge in pairs})


def _by_size(sizes: object) -> dict[str, int] | None:
    """Order languages by bytes, then by name."""
    if not isinstance(sizes, Mapping):
        return None
    pairs = ((clean_line(name), count(size)) for name, size in sizes.items())
    sound = [(name, size) for name, size in pairs if name and size is not None]
    return dict(sorted(sound, key=lambda pair: (-pair[1], pair[0])))


def _public(parent: object, private: str, name: str) -> str | None:
    # The name of a private parent is not ours to publish.
    return None if flag(inside(parent, private)) else repo_name(inside(parent, name))


def _releases(nodes: object, draft: str, api: Api) -> tuple[Release, ...] | None:
    """Read releases, newest first and undated ones last; drafts are nobody's business."""
    if not isinstance(nodes, list):
        return None
    published = [node for node in objects(nodes) if not node.get(draft)]
    found = _all(Release, published, api) or ()
    return tuple(sorted(found, key=_published, reverse=True))


def _published(release: Release) -> float:
    return release.published_at.timestamp() if release.published_at else 0.0


def _funding(links: object) -> tuple[FundingLink, ...] | None:
    found = _all(FundingLink, links, "graphql")
    return found and tuple(
        link.model_copy(update={"platform": link.platform.lower()}) for link in found
    )


def _listings(node: Json) -> Listings:
    folders = {"": "root", ".github": "dotGithub", "docs": "docs"}
    return {name: read_entries(inside(node, alias, "entries")) for name, alias in folders.items()}


def read_readme_link(node: Json) -> str | None:
    """Read the path of a README that is a symbolic link; None for every other."""
    return readme_link(_listings(node))


def _small_file(value: object) -> str | None:
    found = inside(value, "text")
    return found if isinstance(found, str) and not inside(value, "isTruncated") else None


def read_contributors(people: Iterable[Json], number: int | None, now: datetime) -> Contributors:
    """Read GitHub's own list of people, those with the most commits first."""
    top = [person for one in people if (person := read(Contributor, one, "rest"))]
    return Contributors(
        count=number, top=tuple(top[:MOST_SHOWN]), people_only=True, confirmed_at=now
    )
