"""GitHub's answers as facts: JSON objects in, frozen models out, nothing guessed. Pure.

    an object --told(block, "graphql" | "rest")--> the facts that ``aggregator.facts`` declares
                                                   + the few that several fields tell together

Which field a fact comes from stands with its declaration; how a field is read follows from its
type. Here stands only what one field cannot tell. Both APIs are read by the same functions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from aggregator.facts.base import Fact, NameWithOwner, WebAddress, declared_facts
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
    RepoFacts,
)
from aggregator.github.commits import MOST_SHOWN, read_authors
from aggregator.github.packages import read_packages
from aggregator.github.repository_files import (
    PACKAGE_FILES,
    STATEMENT_FILES,
    TreeEntry,
    facts_of,
    read_folders,
)
from aggregator.github.statements import read_statements
from aggregator.github.values import (
    Json,
    by_size,
    count,
    flag,
    homepage,
    inside,
    lines,
    objects,
    public_name,
    repo_name,
    spoken,
    when,
    yes_or_no,
)
from aggregator.words.clean import LONGEST_LINE, clean_address, clean_line

Api = Literal["graphql", "rest"]
FactT = TypeVar("FactT", bound=Fact)
_Reader = Callable[[object], object]

# How a field is read: by its type, unknown or not, unless its own name says more.
_BY_TYPE: Mapping[object, _Reader] = {
    bool: flag,
    bool | None: yes_or_no,
    int: count,
    datetime: when,
    str: clean_line,
    tuple[str, ...]: lines,
    WebAddress: clean_address,
    NameWithOwner: repo_name,
}
_title = partial(spoken, longest=LONGEST_LINE)
_BY_NAME: Mapping[tuple[type[Fact], str], _Reader] = {
    (Glance, "description"): spoken,
    (Glance, "homepage"): homepage,
    # GitHub's word for "some other".
    (Licence, "spdx_id"): lambda value: None if value == "NOASSERTION" else clean_line(value),
    (Details, "parent"): public_name,
    (Details, "language_bytes"): by_size,
    # Of a label that is not there nothing is said.
    (Counts, "good_first_labels"): lambda value: lines(value) or None,
    (Counts, "help_wanted_labels"): lambda value: lines(value) or None,
    # GraphQL writes it in capitals.
    (FundingLink, "platform"): lambda value: (clean_line(value) or "").lower() or None,
    (Release, "name"): _title,
    (Issue, "title"): _title,
}


# Cached: type hints are resolved once for each block, not once for each repository.
@cache
def _sources(block: type[Fact], api: Api) -> tuple[tuple[str, _Reader, list[list[str]]], ...]:
    """List the facts of a block that an API tells, with their readers and paths."""
    types = get_type_hints(block, include_extras=True)
    found = []
    for name, one in declared_facts(block).items():
        paths = [path.split(".") for path in getattr(one, api).split()]
        reader = _BY_NAME.get((block, name)) or _reader_of(types[name], api)
        if paths and reader:
            found.append((name, reader, paths))
    return tuple(found)


def _reader_of(kind: object, api: Api) -> _Reader | None:
    """Find how a type is read; a block inside another is read like any block."""
    inner = next((one for one in get_args(kind) if one is not type(None)), None)
    if reader := _BY_TYPE.get(kind) or _BY_TYPE.get(inner):
        return reader
    if isinstance(inner, type) and issubclass(inner, Fact):
        return partial(_first, inner, api)
    if get_origin(inner) is tuple and issubclass(get_args(inner)[0], Fact):
        return partial(_each, get_args(inner)[0], api)
    return None


def told(block: type[Fact], node: object, api: Api) -> dict[str, Any]:
    """Give the values of those facts of a block that an answer tells."""
    return {
        name: reader(
            inside(node, *paths[0]) if len(paths) == 1 else [inside(node, *p) for p in paths]
        )
        for name, reader, paths in _sources(block, api)
    }


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


def _first(block: type[FactT], api: Api, value: object) -> FactT | None:
    return read(block, next(objects(value), None) if isinstance(value, list) else value, api)


def _each(block: type[FactT], api: Api, value: object) -> tuple[FactT, ...] | None:
    """Read a list of blocks; drafts of releases are nobody's business."""
    if not isinstance(value, list):
        return None
    public = (node for node in objects(value) if not (node.get("isDraft") or node.get("draft")))
    return tuple(one for node in public if (one := read(block, node, api)))


def read_glance(node: Json, now: datetime) -> Glance | None:
    """Read the scalars of one repository from GraphQL; None when it has no id or no name."""
    # Without an owner's own picture GitHub gives one that it drew itself, with numbers that age.
    own_image = node.get("usesCustomOpenGraphImage") and node.get("openGraphImageUrl")
    return read(
        Glance,
        node,
        "graphql",
        empty=flag(node.get("isEmpty")) or node.get("defaultBranchRef") is None,
        open_graph_image=clean_address(own_image),
        confirmed_at=now,
    )


def read_repository(data: object, now: datetime) -> Glance | None:
    """Read the scalars of one repository from REST, which does not say whether it is empty."""
    return read(Glance, data, "rest", confirmed_at=now)


def read_depth(node: Json, glance: Glance, now: datetime) -> RepoFacts:
    """Read details, counts and, where they were asked for, contributors from GraphQL."""
    people = read_authors(inside(node, "authored", "target"), now)
    statements, unread = read_statements(*(_small_file(node.get(a)) for a in STATEMENT_FILES))
    packages = read_packages(*(_small_file(node.get(a)) for a in PACKAGE_FILES))
    said = {"statements": statements, "unread": unread, "packages": packages}
    facts = told(Details, node, "graphql") | said
    counts = Counts.model_validate(told(Counts, node, "graphql") | {"confirmed_at": now})
    details = _details(facts, read_folders(node), glance, now)
    return RepoFacts(glance=glance, details=details, counts=counts, contributors=people)


def read_details(  # noqa: PLR0913 - four answers make the details
    glance: Glance,
    now: datetime,
    *,
    repository: Json,
    tree: Sequence[TreeEntry],
    languages: object,
    releases: object,
) -> Details:
    """Read the details of one repository from what REST says about it."""
    facts = told(Details, repository, "rest") | {
        "language_bytes": by_size(languages),
        "releases": _each(Release, "rest", releases),
    }
    return _details(facts, tree, glance, now)


def _details(
    facts: dict[str, Any], tree: Sequence[TreeEntry], glance: Glance, now: datetime
) -> Details:
    """Add what the names of files tell, and how the repository looked."""
    releases = facts.get("releases")
    own = {
        "reader": READER,
        "releases": releases and tuple(sorted(releases, key=_published_at, reverse=True)),
        "readme_asked": True,
        "head_oid": facts.get("head_oid") or glance.head_oid,
        "basis": Basis(**{name: getattr(glance, name) for name in Basis.model_fields}),
        "confirmed_at": now,
    }
    return Details.model_validate(facts | facts_of(tree) | own)


def _published_at(release: Release) -> float:
    return release.published_at.timestamp() if release.published_at else 0.0


def _small_file(value: object) -> str | None:
    found = inside(value, "text")
    return found if isinstance(found, str) and not inside(value, "isTruncated") else None


def read_contributors(people: Iterable[Json], number: int | None, now: datetime) -> Contributors:
    """Read GitHub's own list of people, those with the most commits first."""
    top = [person for one in people if (person := read(Contributor, one, "rest"))]
    return Contributors(
        count=number, top=tuple(top[:MOST_SHOWN]), people_only=True, confirmed_at=now
    )
