"""The source without a token: REST, one repository at a time, within 60 requests an hour.

``GraphqlSource`` asks here as well for what GraphQL cannot give. What an answer means is read by
``parse``; how bad answers are named, by ``client``.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

from aggregator.facts.protocol import (
    Answer,
    DeepLook,
    Depth,
    Sizes,
    Spent,
    Target,
    Trouble,
    TroubleKind,
    Wanted,
)
from aggregator.facts.record import ReadmeText
from aggregator.facts.repository import Contributors, Glance, RepoFacts
from aggregator.github.client import Client
from aggregator.github.commits import is_listed_program
from aggregator.github.parse import read_contributors, read_details, read_repository
from aggregator.github.repository_files import (
    LARGEST_README,
    MOST_HOPS,
    LinkedPath,
    TreeEntry,
    blob_content,
    blob_of,
    follow_link,
    read_rest_tree,
    readme_link,
    readme_text,
)
from aggregator.github.transport import NoAnswerError
from aggregator.github.values import Json, flag, inside, objects
from aggregator.readme.formats import is_rendered_by_github
from aggregator.words.outcomes import Outcome
from aggregator.words.wall import attempt

MadeT = TypeVar("MadeT")

READING = "reading what GitHub said of it"  # what the program was at, should it fail at it
_PER_PAGE = 100
_NAMED_PAGES = 6  # GitHub names the first 500 contributors by their accounts


class RestSource:
    """Asks GitHub one repository at a time; implements ``aggregator.facts.protocol.Source``."""

    # Sixty requests an hour make about ten whole repositories; the next run goes on from there.
    sizes = Sizes(wave=1, glance=1, depth=1, readmes=1, readme_bytes=2_000_000, rotates=False)

    def __init__(self, client: Client, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._clock = clock
        # The last raw answer: topics and parent stand in it, and asking again costs one of sixty.
        self._seen: dict[int, Json] = {}

    @property
    def spent(self) -> Spent:
        """Return the running bill."""
        return self._client.spent

    def glance(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for one repository by name; the redirect of a rename is followed."""
        return self.confirm_absence(*targets)

    def glance_by_id(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for one repository by number."""
        (target,) = targets
        return answer_alone(
            target.name, lambda: self._glance(f"/repositories/{target.repository_id}")
        )

    def confirm_absence(self, target: Target) -> Answer[Glance]:
        """Ask by name: REST names the reason, 404, 451, or 403 with SAML."""
        return answer_alone(target.name, lambda: self._glance(f"/repos/{target.name}"))

    def _glance(self, path: str) -> Glance | Outcome:
        data = self._client.get(path)
        if flag(inside(data, "private")):
            return Outcome.PRIVATE
        if flag(inside(data, "disabled")):
            return Outcome.BLOCKED
        found = read_repository(data, self._clock())
        if found is None:
            what = "an answer that is not a repository"
            raise NoAnswerError(Trouble(TroubleKind.BROKEN, what))
        self._seen = {found.repository_id: data}
        return found

    def depth(self, looks: Sequence[DeepLook]) -> Answer[Depth]:
        """Ask for files, languages and releases: three requests, whatever else is wanted."""
        (look,) = looks
        return answer_alone(look.glance.name_with_owner, lambda: self._depth(look.glance))

    def _depth(self, glance: Glance) -> Depth:
        path = f"/repos/{glance.name_with_owner}"
        branch = quote(glance.default_branch or "HEAD", safe="")
        # The recursive tree shows all three folders at once, which `contents` would ask one by one.
        tree = self._client.get(f"{path}/git/trees/{branch}", recursive="1")
        languages = self._client.get(f"{path}/languages")
        releases = self._client.get(f"{path}/releases", per_page=5)
        entries = read_rest_tree(tree)
        details = read_details(
            glance,
            self._clock(),
            repository=self._seen.get(glance.repository_id, {}),
            tree=entries,
            languages=languages,
            releases=releases,
        )
        if link := readme_link(entries):
            end = self._end_of(path, entries, link)
            details = details.model_copy(update={"readme": end and blob_of(end)})
        return Depth(RepoFacts(glance=glance, details=details))

    def _end_of(self, repository: str, tree: Sequence[TreeEntry], path: str) -> TreeEntry | None:
        """Find the file that a README leads to which is a symbolic link, one request a hop."""
        entries, place = {entry.path: entry for entry in tree}, LinkedPath(path)
        for _ in range(MOST_HOPS):
            entry = entries.get(place.path)
            if entry and place.holds(entry):
                return entry
            written = self._link_text(repository, entry) if entry and entry.is_link else None
            further = follow_link(place, entry, written)
            if further is None:
                break
            place = further
        return None

    def _link_text(self, repository: str, link: TreeEntry) -> str:
        content = blob_content(self._client.get(f"{repository}/git/blobs/{link.oid}"))
        return (content or b"").decode(errors="replace")

    def readmes(self, wanted: Sequence[Wanted]) -> Answer[ReadmeText]:
        """Ask for one README blob."""
        (item,) = wanted
        return answer_alone(item.glance.name_with_owner, lambda: self._exact_readme(item))

    def _exact_readme(self, item: Wanted) -> ReadmeText | None:
        """Ask for the exact bytes of a README; None when GitHub has no such blob."""
        path = f"/repos/{item.glance.name_with_owner}/git/blobs/{item.blob.oid}"
        content = blob_content(self._client.get(path))
        return None if content is None else readme_text(item.blob.oid, content)

    def _with_rendering(self, item: Wanted, found: ReadmeText) -> ReadmeText:
        """Add GitHub's own HTML where a format is not rendered here (AsciiDoc, Org, ...)."""
        if not is_rendered_by_github(item.blob.path) or found.encoding == "binary":
            return found
        html = self._client.get_html(f"/repos/{item.glance.name_with_owner}/readme")
        return found.model_copy(update={"html": html and html[:LARGEST_README]})

    def contributors(self, glance: Glance) -> Answer[Contributors]:
        """Count the people, with those of most commits first (one request for each hundred).

        GitHub names the first 500 by their accounts and the rest by nothing but an address
        (docs.github.com, "List repository contributors"), so programs stand on the pages read here.
        """
        path = f"/repos/{glance.name_with_owner}/contributors"
        return answer_alone(glance.name_with_owner, lambda: self._counted(path))

    def _counted(self, path: str) -> Contributors:
        first, last = self._client.get_page(path, per_page=_PER_PAGE, anon="true")
        listed, beyond, whole = list(objects(first)), 0, True
        for page in range(2, min(last, _NAMED_PAGES) + 1):
            more = self._people(path, page)
            whole = whole and bool(more)
            listed += more
        if last > _NAMED_PAGES:  # those on the pages between are counted by what stands on the last
            final = len(self._people(path, last))
            beyond = (last - 1 - _NAMED_PAGES) * _PER_PAGE + final
            whole = whole and beyond > 0
        people = [person for person in listed if not is_listed_program(person)]
        number = len(people) + beyond if whole else None
        return read_contributors(people, number, self._clock())

    def _people(self, path: str, page: int) -> list[Json]:
        """Ask for one more page; one that does not come makes the count unknown, no more."""
        try:
            return list(objects(self._client.get(path, per_page=_PER_PAGE, anon="true", page=page)))
        except NoAnswerError:
            return []

    def confirm_empty(self, glance: Glance) -> Answer[Glance]:
        """Ask for one commit, which an empty repository refuses with 409.

        Source: docs.github.com, "List commits".
        """
        name = glance.name_with_owner

        def commits() -> Glance | Outcome:
            found = self._client.get(f"/repos/{name}/commits", per_page=1)
            return Outcome.EMPTY if found == [] else glance

        return answer_alone(name, commits)

    def forget(self, targets: Sequence[Target]) -> None:
        """Erase every cached copy of answers about these repositories."""
        self._client.forget(targets)


def answer_alone(name: str, ask: Callable[[], MadeT | Outcome | None]) -> Answer[MadeT]:
    """Answer for one repository; a failure of this program at it is said to be one."""

    def asked() -> MadeT | Outcome | Trouble | None:
        try:
            return ask()
        except NoAnswerError as error:
            return error.failure

    said = attempt(name, READING, asked)
    if isinstance(said, Trouble):
        return Answer(trouble=said)
    return Answer({} if said is None else {name: said})
