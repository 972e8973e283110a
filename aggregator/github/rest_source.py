"""The source without a token: REST, one repository at a time, within 60 requests an hour.

``GraphqlSource`` asks here as well for what GraphQL cannot give. What an answer means is read by
``parse``; how bad answers are named, by ``client``.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

from aggregator.facts.protocol import (
    AbsenceKind,
    Absent,
    Answer,
    Depth,
    Fetched,
    Sizes,
    Spent,
    Target,
    Trouble,
    TroubleKind,
    Wanted,
)
from aggregator.facts.repository import Contributors, Glance
from aggregator.github.client import Client, Reply
from aggregator.github.commits import is_listed_program
from aggregator.github.parse import (
    RestParts,
    read_contributors,
    read_details,
    read_repository,
)
from aggregator.github.repository_files import (
    LARGEST_README,
    MOST_HOPS,
    TreeEntry,
    blob_content,
    blob_of,
    fetched,
    link_target,
    listings_of,
    read_rest_tree,
    readme_link,
)
from aggregator.github.values import Json, flag, inside, objects
from aggregator.readme.formats import is_rendered_by_github
from aggregator.words.wall import Fault, attempt

AnswerT = TypeVar("AnswerT")

# Sixty requests an hour make about ten whole repositories; the next run goes on from there.
_SIZES = Sizes(wave=1, glance=1, depth=1, readmes=1, readme_bytes=2_000_000, rotates=False)
_PER_PAGE = 100
_NAMED_PAGES = 6  # GitHub names the first 500 contributors by their accounts
_LAST_PAGE = re.compile(r'[?&]page=([0-9]{1,9})(?![0-9])[^>]*>;\s*rel="last"')


class RestSource:
    """Asks GitHub one repository at a time; implements ``aggregator.facts.protocol.Source``."""

    def __init__(
        self,
        client: Client,
        clock: Callable[[], datetime],
        forget: Callable[[Sequence[Target]], None],
    ) -> None:
        self._client = client
        self._clock = clock
        self._forget = forget
        # The last raw answer: topics and parent stand in it, and asking again costs one of sixty.
        self._seen: dict[int, Json] = {}

    @property
    def sizes(self) -> Sizes:
        """Return how much may be asked at once."""
        return _SIZES

    @property
    def spent(self) -> Spent:
        """Return the running bill."""
        return self._client.spent

    def glance(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for one repository by name; PyGithub follows the redirect of a rename."""
        (target,) = targets
        return self._one(target.name, f"/repos/{target.name}")

    def glance_by_id(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for one repository by number."""
        (target,) = targets
        return self._one(target.name, f"/repositories/{target.repository_id}")

    def _one(self, name: str, path: str) -> Answer[Glance]:
        reply = self._client.get(path)
        return _failed(reply, name) or _alone(name, lambda: self._glanced(reply, name))

    def _glanced(self, reply: Reply, name: str) -> Answer[Glance]:
        if flag(inside(reply.data, "private")):
            return Answer(
                absent={name: Absent(AbsenceKind.PRIVATE, "the token sees it as private")}
            )
        if flag(inside(reply.data, "disabled")):
            return Answer(absent={name: Absent(AbsenceKind.BLOCKED, "GitHub has disabled it")})
        found = read_repository(reply.data, self._clock())
        if found is None:
            strange = Trouble(TroubleKind.BROKEN, "an answer that is not a repository")
            return Answer(trouble=strange)
        self._seen = {found.repository_id: reply.data}
        return Answer({name: found})

    def depth(self, glances: Sequence[Glance]) -> Answer[Depth]:
        """Ask for files, languages and releases: three requests."""
        (glance,) = glances
        name = glance.name_with_owner
        branch = quote(glance.default_branch or "HEAD", safe="")
        # The recursive tree shows all three folders at once, which `contents` would ask one by one.
        questions: Mapping[str, Mapping[str, object]] = {
            f"/repos/{name}/git/trees/{branch}": {"recursive": "1"},
            f"/repos/{name}/languages": {},
            f"/repos/{name}/releases": {"per_page": 5},
        }
        brought = []
        for path, parameters in questions.items():
            reply = self._client.get(path, **parameters)
            if failed := _failed(reply, name):
                return failed
            brought.append(reply.data)
        return _alone(name, lambda: self._deep(glance, *brought))

    def _deep(
        self, glance: Glance, tree: object, languages: object, releases: object
    ) -> Answer[Depth]:
        entries = read_rest_tree(tree)
        repository = self._seen.get(glance.repository_id, {})
        answers = RestParts(repository, entries, languages, releases)
        details = read_details(answers, glance, self._clock())
        link = readme_link(listings_of(entries))
        if link:
            end = self._end_of(glance.name_with_owner, entries, link)
            if isinstance(end, Trouble):
                return Answer(trouble=end)
            readme = blob_of("", end) if end else None
            details = details.model_copy(update={"readme": readme})
        return Answer({glance.name_with_owner: Depth(details)})

    def _end_of(
        self, name: str, tree: Sequence[TreeEntry], path: str
    ) -> TreeEntry | Trouble | None:
        """Find the file that a README leads to which is a symbolic link, one request a hop."""
        entries = {entry.name: entry for entry in tree}
        for _ in range(MOST_HOPS):
            entry = entries.get(path)
            if entry is None or entry.kind != "blob":
                return None
            if not entry.is_link:
                return entry
            reply = self._client.get(f"/repos/{name}/git/blobs/{entry.oid}")
            if reply.trouble:
                return reply.trouble
            written = blob_content(reply.data) or b""
            path = link_target(path, written.decode(errors="replace")) or ""
        return None

    def readmes(self, wanted: Sequence[Wanted]) -> Answer[Fetched]:
        """Ask for one README blob."""
        (item,) = wanted
        return _alone(item.target.name, lambda: self._readme(item))

    def _readme(self, item: Wanted) -> Answer[Fetched]:
        found = self._exact_bytes(item)
        if isinstance(found, Trouble):
            return Answer(trouble=found)
        return Answer({item.target.name: found} if found else {})

    def _exact_bytes(self, item: Wanted) -> Fetched | Trouble | None:
        """Ask for the exact bytes of a README; None when GitHub has no such blob."""
        reply = self._client.get(f"/repos/{item.target.name}/git/blobs/{item.blob.oid}")
        if reply.trouble:
            return reply.trouble
        content = blob_content(reply.data)
        return None if content is None else fetched(item.blob.oid, content)

    def _with_rendering(self, item: Wanted, found: Fetched) -> Fetched:
        """Add GitHub's own HTML where a format is not rendered here (AsciiDoc, Org, ...)."""
        if not is_rendered_by_github(item.blob.path) or found.encoding == "binary":
            return found
        html = self._client.get_html(f"/repos/{item.target.name}/readme")
        if html is None:
            return found
        return replace(
            found, readme=found.readme.model_copy(update={"html": html[:LARGEST_README]})
        )

    def contributors(self, glance: Glance) -> Answer[Contributors]:
        """Count the people, with those of most commits first (one request for each hundred).

        GitHub names the first 500 by their accounts and the rest by nothing but an address
        (docs.github.com, "List repository contributors"), so programs stand on the pages read here.
        """
        name = glance.name_with_owner
        first = self._people(name, 1)
        return _failed(first, name) or _alone(name, lambda: self._counted(name, first))

    def _people(self, name: str, page: int) -> Reply:
        more = {"page": page} if page > 1 else {}
        path = f"/repos/{name}/contributors"
        return self._client.get(path, per_page=_PER_PAGE, anon="true", **more)

    def _counted(self, name: str, first: Reply) -> Answer[Contributors]:
        listed, last, whole = list(objects(first.data)), _last_page(first.headers), True
        for page in range(2, min(last, _NAMED_PAGES) + 1):
            more = list(objects(self._people(name, page).data))
            whole = whole and bool(more)
            listed += more
        beyond = 0
        if last > _NAMED_PAGES:  # those on the pages between are counted by what stands on the last
            final = len(list(objects(self._people(name, last).data)))
            beyond = (last - 1 - _NAMED_PAGES) * _PER_PAGE + final
            whole = whole and beyond > 0
        people = [person for person in listed if not is_listed_program(person)]
        number = len(people) + beyond if whole else None
        return Answer({name: read_contributors(people, number, self._clock())})

    def confirm_absence(self, target: Target) -> Answer[Glance]:
        """Ask once more by name: REST names the reason, 404, 451, or 403 with SAML."""
        return self._one(target.name, f"/repos/{target.name}")

    def confirm_empty(self, glance: Glance) -> Answer[Glance]:
        """Ask for one commit, which an empty repository refuses with 409.

        Source: docs.github.com, "List commits".
        """
        name = glance.name_with_owner
        reply = self._client.get(f"/repos/{name}/commits", per_page=1)
        if failed := _failed(reply, name):
            return failed
        if reply.data == []:
            return Answer(absent={name: Absent(AbsenceKind.EMPTY, "it lists no commits")})
        return Answer({name: glance})

    def forget(self, targets: Sequence[Target]) -> None:
        """Erase every cached copy of answers about these repositories."""
        self._forget(targets)


def _failed(reply: Reply, name: str) -> Answer[Any] | None:
    """Sort a failure into what concerns this repository and what concerns all."""
    if reply.failure is None:
        return None
    if isinstance(reply.failure, Absent):
        return Answer(absent={name: reply.failure})
    return Answer(trouble=reply.failure)


def _alone(name: str, action: Callable[[], Answer[AnswerT]]) -> Answer[AnswerT]:
    """Read the answers about one repository; a failure of this program is said to be one."""
    done = attempt(name, "reading what GitHub said of it", action)
    return Answer(faults={name: done}) if isinstance(done, Fault) else done


def _last_page(headers: Mapping[str, Any]) -> int:
    """Return the number of the last page.

    Source: docs.github.com, "Using pagination in the REST API" (the ``last`` link).
    """
    match = _LAST_PAGE.search(str(headers.get("link", ""))[:4_000])
    return int(match.group(1)) if match else 1
