"""Single REST answers as facts, for both sources: repositories, trees, releases and people."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

from aggregator.facts.repository import (
    READER,
    Contributor,
    Contributors,
    Details,
    Glance,
    ReadmeBlob,
    Release,
    is_program,
)
from aggregator.facts.source import AbsenceKind, Absent, Answer, Trouble, TroubleKind
from aggregator.github.blobs import blob_content
from aggregator.github.client import Client, RestAnswer
from aggregator.github.files import (
    MOST_HOPS,
    Listings,
    Named,
    blob_of,
    find_community,
    find_readme,
    link_target,
    top_level,
)
from aggregator.github.history import MOST_SHOWN
from aggregator.github.parse import (
    basis_of,
    largest_first,
    newest_first,
    read_entries,
    read_licence,
    read_release,
)
from aggregator.github.values import (
    Json,
    count,
    flag,
    homepage,
    inside,
    line,
    objects,
    repo_name,
    spoken,
    web_address,
    when,
    yes_or_no,
)
from aggregator.words.wall import Fault, attempt

AnswerT = TypeVar("AnswerT")

PER_PAGE = 100
NAMED_PAGES = 6
_LAST_PAGE = re.compile(r'[?&]page=([0-9]{1,9})(?![0-9])[^>]*>;\s*rel="last"')


def failed(answer: RestAnswer, name: str) -> tuple[dict[str, Absent], Trouble | None]:
    """Sort a failure into what concerns this repository and what concerns all."""
    if isinstance(answer.failure, Absent):
        return {name: answer.failure}, None
    return {}, answer.failure


def glance(
    client: Client,
    name: str,
    path: str,
    now: datetime,
    remember: Callable[[Json], None] = lambda _: None,
) -> Answer[Glance]:
    """Ask for one repository; PyGithub follows the redirect of a rename."""
    answer = client.get(path)
    if answer.failure:
        absent, trouble = failed(answer, name)
        return Answer(absent=absent, trouble=trouble)
    return alone(name, lambda: _seen(answer, name, now, remember))


def alone(name: str, action: Callable[[], Answer[AnswerT]]) -> Answer[AnswerT]:
    """Read the answers about one repository; a failure of this program is said to be one."""
    done = attempt(name, "reading what GitHub said of it", action)
    return Answer(faults={name: done}) if isinstance(done, Fault) else done


def _seen(
    answer: RestAnswer, name: str, now: datetime, remember: Callable[[Json], None]
) -> Answer[Glance]:
    if flag(inside(answer.data, "private")):
        return Answer(absent={name: Absent(AbsenceKind.PRIVATE, "the token sees it as private")})
    if flag(inside(answer.data, "disabled")):
        return Answer(absent={name: Absent(AbsenceKind.BLOCKED, "GitHub has disabled it")})
    found = read_repository(answer.data, now)
    if found is None:
        strange = Trouble(TroubleKind.BROKEN, "an answer that is not a repository")
        return Answer(trouble=strange)
    remember(answer.data)
    return Answer({name: found})


def read_repository(data: Any, now: datetime) -> Glance | None:
    """Read the scalars of a repository; None when this is not one."""
    number, name = count(inside(data, "id")), repo_name(inside(data, "full_name"))
    if number is None or name is None:
        return None
    return Glance(
        repository_id=number,
        node_id=line(data.get("node_id")),
        owner_id=line(inside(data, "owner", "node_id")),
        name_with_owner=name,
        description=spoken(data.get("description")),
        homepage=homepage(data.get("homepage")),
        stars=count(data.get("stargazers_count")),
        forks=count(data.get("forks_count")),
        watchers=count(data.get("subscribers_count")),
        created_at=when(data.get("created_at")),
        pushed_at=when(data.get("pushed_at")),
        updated_at=when(data.get("updated_at")),
        archived=flag(data.get("archived")),
        fork=flag(data.get("fork")),
        template=flag(data.get("is_template")),
        mirror=bool(data.get("mirror_url")),
        disabled=flag(data.get("disabled")),
        default_branch=line(data.get("default_branch")),
        primary_language=line(data.get("language")),
        licence=read_licence(data.get("license"), "spdx_id"),
        discussions=yes_or_no(data.get("has_discussions")),
        confirmed_at=now,
    )


def confirm_empty(client: Client, found: Glance) -> Answer[Glance]:
    """Ask for one commit: found means that there is one.

    Source: docs.github.com, "List commits" (409 when the repository is empty).
    """
    name = found.name_with_owner
    answer = client.get(f"/repos/{name}/commits", per_page=1)
    if answer.failure:
        absent, trouble = failed(answer, name)
        return Answer(absent=absent, trouble=trouble)
    if answer.data == []:
        return Answer(absent={name: Absent(AbsenceKind.EMPTY, "it lists no commits")})
    return Answer({name: found})


def tree_path(found: Glance) -> str:
    """Return the path that lists all files at once."""
    branch = quote(found.default_branch or "HEAD", safe="")
    return f"/repos/{found.name_with_owner}/git/trees/{branch}"


def read_tree(data: Any) -> Listings:
    """Sort a recursive tree into the three folders that matter."""
    folders: dict[str, list[Named]] = {"": [], ".github": [], "docs": []}
    for entry in _tree_entries(data):
        folder, _, name = entry.name.rpartition("/")
        if folder in folders:
            folders[folder].append(replace(entry, name=name))
    return folders


def _tree_entries(data: Any) -> list[Named]:
    """Read every entry of a recursive tree, named by its whole path."""
    return read_entries(inside(data, "tree"), name_key="path", oid_key="sha")


def follow_link(
    client: Client, name: str, tree: Any, path: str
) -> tuple[ReadmeBlob | None, Trouble | None]:
    """Find the file that a README leads to which is a symbolic link, one request a hop.

    Args:
        client: Asks for the blobs of links.
        name: The repository.
        tree: Its recursive tree, as GitHub answered.
        path: Where the link stands.
    """
    entries = {entry.name: entry for entry in _tree_entries(tree)}
    for _ in range(MOST_HOPS):
        entry = entries.get(path)
        if entry is None or entry.kind != "blob":
            return None, None
        if not entry.is_link:
            return blob_of("", entry), None
        answer = client.get(f"/repos/{name}/git/blobs/{entry.oid}")
        if isinstance(answer.failure, Trouble):
            return None, answer.failure
        written = blob_content(answer.data) or b""
        path = link_target(path, written.decode(errors="replace")) or ""
    return None, None


@dataclass(frozen=True, slots=True)
class Parts:
    """The four answers that make the details of a repository."""

    repository: Json
    tree: Any
    languages: Any
    releases: Any


def read_details(parts: Parts, found: Glance, now: datetime) -> Details:
    """Put the details of a repository together."""
    repository, listings = parts.repository, read_tree(parts.tree)
    workflows = any(e.name == "workflows" for e in listings[".github"])
    parent = inside(repository, "parent")
    return Details(
        reader=READER,
        topics=tuple(t for t in map(line, _listed(repository.get("topics"))) if t),
        language_bytes=_languages(parts.languages),
        parent=None if flag(inside(parent, "private")) else repo_name(inside(parent, "full_name")),
        releases=_releases(parts.releases),
        community=find_community(listings, workflows),
        top_level=top_level(listings),
        readme=find_readme(listings),
        readme_asked=True,
        head_oid=found.head_oid,
        basis=basis_of(found),
        confirmed_at=now,
    )


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _languages(data: Any) -> Mapping[str, int] | None:
    if not isinstance(data, Mapping):
        return None
    pairs = ((line(name), count(size)) for name, size in data.items() if name != "url")
    return largest_first((name, size) for name, size in pairs if name and size is not None)


def _releases(data: Any) -> tuple[Release, ...] | None:
    if not isinstance(data, list):
        return None
    published = (item for item in objects(data) if not item.get("draft"))
    found = (
        read_release(item, "tag_name", "published_at", "html_url", "prerelease")
        for item in published
    )
    return newest_first(release for release in found if release)


def counted(answer: RestAnswer) -> int | None:
    """Read how many items a list has that was asked with one item a page.

    Source: docs.github.com, "Using pagination in the REST API" (the ``last`` link).
    """
    if not isinstance(answer.data, list):
        return None
    last = last_page(answer.headers)
    return last if last is not None else len(answer.data)


def last_page(headers: Mapping[str, Any]) -> int | None:
    """Return the number of the last page, or None when there is one page only."""
    match = _LAST_PAGE.search(str(headers.get("link", ""))[:4_000])
    return int(match.group(1)) if match else None


def contributors(client: Client, found: Glance, now: datetime) -> Answer[Contributors]:
    """Count the people, with those of most commits first (one request for each hundred).

    GitHub names the first 500 by their accounts and the rest by nothing but an address
    (docs.github.com, "List repository contributors"), so programs stand on the pages read here.
    """
    name = found.name_with_owner
    path = f"/repos/{name}/contributors"
    first = client.get(path, per_page=PER_PAGE, anon="true")
    if first.failure:
        absent, trouble = failed(first, name)
        return Answer(absent=absent, trouble=trouble)
    return alone(name, lambda: _counted(client, path, first, found, now))


def _counted(
    client: Client, path: str, first: RestAnswer, found: Glance, now: datetime
) -> Answer[Contributors]:
    listed = list(objects(first.data))
    last = last_page(first.headers) or 1
    whole = True
    for page in range(2, min(last, NAMED_PAGES) + 1):
        more = list(objects(client.get(path, per_page=PER_PAGE, anon="true", page=page).data))
        whole = whole and bool(more)
        listed += more
    beyond = _beyond(client, path, last) if last > NAMED_PAGES else 0
    people = [person for person in listed if not _is_program(person)]
    number = len(people) + beyond if whole and beyond is not None else None
    return Answer({found.name_with_owner: _contributors(people, number, now)})


def _beyond(client: Client, path: str, last: int) -> int | None:
    """Count those on the pages that are not read, by what stands on the last one."""
    final = client.get(path, per_page=PER_PAGE, anon="true", page=last)
    return (last - 1 - NAMED_PAGES) * PER_PAGE + len(list(objects(final.data))) or None


def _is_program(person: Json) -> bool:
    names = (line(person.get(key)) for key in ("login", "name", "email"))
    return person.get("type") == "Bot" or any(name and is_program(name) for name in names)


def _contributors(people: list[Json], number: int | None, now: datetime) -> Contributors:
    top = (
        Contributor(
            login=login,
            avatar_url=web_address(person.get("avatar_url")),
            commits=count(person.get("contributions")),
        )
        for person in people
        if (login := line(person.get("login")))
    )
    return Contributors(
        count=number, top=tuple(top)[:MOST_SHOWN], people_only=True, confirmed_at=now
    )
