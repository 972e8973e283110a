"""The source with a token: GraphQL for nearly everything, REST for what GraphQL cannot give."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from aggregator.facts.repository import Contributors, Glance
from aggregator.facts.source import (
    AbsenceKind,
    Absent,
    Answer,
    Depth,
    Fetched,
    Sizes,
    Spent,
    Target,
    Trouble,
    Wanted,
)
from aggregator.github import blobs, documents, rest
from aggregator.github.client import Client, GraphAnswer
from aggregator.github.files import MOST_HOPS, blob_of, link_target
from aggregator.github.history import year_before
from aggregator.github.parse import read_depth, read_entries, read_glance, read_readme_link
from aggregator.github.troubles import absence_of
from aggregator.github.values import Json, flag, inside
from aggregator.words.wall import each

READING = "reading what GitHub said of it"
READING_README = "reading its README"
SIZES = Sizes(wave=None, glance=100, depth=25, readmes=50, readme_bytes=2_000_000, rotates=True)


class GraphqlSource:
    """Asks GitHub in batches; implements ``aggregator.facts.source.Source``."""

    def __init__(
        self, client: Client, clock: Callable[[], datetime], forget: Callable[..., None]
    ) -> None:
        self._client = client
        self._clock = clock
        self._forget = forget

    @property
    def sizes(self) -> Sizes:
        """Return how much may be asked at once."""
        return SIZES

    @property
    def spent(self) -> Spent:
        """Return the running bill."""
        return self._client.spent

    def glance(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for the scalars, by name."""
        answer = self._client.query(documents.glance([target.name for target in targets]))
        nodes = {t.name: answer.data.get(f"r{i}") for i, t in enumerate(targets)}
        places = {f"r{i}": t.name for i, t in enumerate(targets)}
        return self._glances(answer, nodes, places, 0)

    def glance_by_id(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for the scalars by node id; targets without one are found over REST."""
        known = [target for target in targets if target.node_id]
        answer = self._client.query(documents.glance_by_id([t.node_id or "" for t in known]))
        nodes = dict(zip((t.name for t in known), _nodes(answer, len(known)), strict=True))
        places = {i: t.name for i, t in enumerate(known)}
        return self._glances(answer, nodes, places, 1)

    def _glances(
        self,
        answer: GraphAnswer,
        nodes: Mapping[str, Any],
        places: Mapping[Any, str],
        depth: int,
    ) -> Answer[Glance]:
        now = self._clock()
        seen, faults = each(nodes, READING, lambda _, node: _read_one(node, now))
        found = {name: one for name, one in seen.items() if isinstance(one, Glance)}
        absent = _absences(answer, places, depth)
        absent |= {name: one for name, one in seen.items() if isinstance(one, Absent)}
        return Answer(found, absent, answer.trouble, faults)

    def depth(self, glances: Sequence[Glance]) -> Answer[Depth]:
        """Ask for details, counts and contributors by node id."""
        now = self._clock()
        since = year_before(now).isoformat()
        answer = self._client.query(documents.depth([g.node_id or "" for g in glances], since))
        pairs = {
            glance.name_with_owner: (glance, node)
            for glance, node in zip(glances, _nodes(answer, len(glances)), strict=True)
            if isinstance(node, Mapping) and node
        }
        found, faults = each(pairs, READING, lambda _, pair: read_depth(pair[1], pair[0], now))
        lost, trouble = self._follow_links(found, glances, _nodes(answer, len(glances)))
        places = {i: g.name_with_owner for i, g in enumerate(glances)}
        damaged = lost | set(_damaged(answer, places))
        whole = {name: deep for name, deep in found.items() if name not in damaged}
        return Answer(whole, _absences(answer, places, 1), answer.trouble or trouble, faults)

    def _follow_links(
        self, found: dict[str, Depth], glances: Sequence[Glance], nodes: Sequence[Any]
    ) -> tuple[set[str], Trouble | None]:
        """Put the files that READMEs lead to which are symbolic links in the place of these.

        Returns:
            The repositories for which GitHub did not answer, and why.
        """
        links = {
            glance: path
            for glance, node in zip(glances, nodes, strict=True)
            if glance.name_with_owner in found and (path := read_readme_link(node))
        }
        for _ in range(MOST_HOPS):
            if not links:
                break
            pairs = [(glance.node_id or "", path) for glance, path in links.items()]
            answer = self._client.query(documents.linked(pairs))
            if answer.trouble:
                return {glance.name_with_owner for glance in links}, answer.trouble
            links = dict(self._hops(answer, links, found))
        return set(), None

    @staticmethod
    def _hops(
        answer: GraphAnswer, links: Mapping[Glance, str], found: dict[str, Depth]
    ) -> Iterator[tuple[Glance, str]]:
        """Keep the files that were reached, and give the links that lead further."""
        for index, (glance, path) in enumerate(links.items()):
            entry = inside(answer.data.get(f"r{index}"), "object", "file")
            for named in read_entries([{**entry, "name": path}] if entry else []):
                target = inside(entry, "object", "text") if named.is_link else None
                following = isinstance(target, str) and link_target(path, target)
                if following:
                    yield glance, following
                elif named.kind == "blob" and not named.is_link:
                    deep = found[glance.name_with_owner]
                    details = deep.details.model_copy(update={"readme": blob_of("", named)})
                    found[glance.name_with_owner] = replace(deep, details=details)

    def readmes(self, wanted: Sequence[Wanted]) -> Answer[Fetched]:
        """Ask for README text, and over REST for what text cannot carry."""
        pairs = [(w.target.node_id or "", w.blob.oid) for w in wanted]
        answer = self._client.query(documents.readmes(pairs))
        asked = {
            item.target.name: (item, node)
            for index, item in enumerate(wanted)
            if isinstance(node := inside(answer.data.get(f"r{index}"), "object"), Mapping)
        }
        brought, faults = each(asked, READING_README, lambda _, pair: self._whole(*pair))
        found = {name: readme for name, (readme, _) in brought.items() if readme}
        problems = (problem for _, problem in brought.values() if problem)
        places = {f"r{i}": w.target.name for i, w in enumerate(wanted)}
        absent = _absences(answer, places, 0) | self._no_blob(answer, wanted)
        return Answer(found, absent, answer.trouble or next(problems, None), faults)

    def _whole(self, item: Wanted, node: Json) -> tuple[Fetched | None, Trouble | None]:
        readme, problem = self._exact(node, item)
        return readme and blobs.with_rendering(self._client, item, readme), problem

    def _exact(self, node: Json, item: Wanted) -> tuple[Fetched | None, Trouble | None]:
        readme, exact = blobs.from_text(node, item.blob.oid)
        if exact or (item.blob.size or 0) > blobs.LARGEST:
            return readme, None
        precise = blobs.over_rest(self._client, item)
        if isinstance(precise, Trouble):
            # Text with replaced characters would stay for good: its oid would count as stored.
            is_whole = readme is not None and b"\xef\xbf\xbd" not in readme.readme.content
            return (readme, None) if is_whole else (None, precise)
        return precise or readme, None

    @staticmethod
    def _no_blob(answer: GraphAnswer, wanted: Sequence[Wanted]) -> dict[str, Absent]:
        """Name the blobs that GitHub no longer has: a force push between two passes."""
        return {
            item.target.name: Absent(AbsenceKind.NOT_FOUND, "the README moved on meanwhile")
            for i, item in enumerate(wanted)
            if isinstance(answer.data.get(f"r{i}"), Mapping)
            and not answer.data[f"r{i}"].get("object")
        }

    def contributors(self, glance: Glance) -> Answer[Contributors]:
        """Count all contributors of one repository over REST."""
        return rest.contributors(self._client, glance, self._clock())

    def confirm_absence(self, target: Target) -> Answer[Glance]:
        """Ask REST, which names the reason: 404, 451, or 403 with SAML."""
        return rest.glance(self._client, target.name, f"/repos/{target.name}", self._clock())

    def confirm_empty(self, glance: Glance) -> Answer[Glance]:
        """Ask REST for a commit, which an empty repository refuses with 409."""
        return rest.confirm_empty(self._client, glance)

    def forget(self, targets: Sequence[Target]) -> None:
        """Erase every cached copy of answers about these repositories."""
        self._forget(targets)


def _read_one(node: Any, now: datetime) -> Glance | Absent | None:
    if not isinstance(node, Mapping) or not node:
        return None
    if flag(node.get("isPrivate")):
        return Absent(AbsenceKind.PRIVATE, "the token can see that it is private")
    if flag(node.get("isDisabled")):
        # It shows no branch either, which must not pass for a repository without commits.
        return Absent(AbsenceKind.BLOCKED, "GitHub has disabled it")
    return read_glance(node, now)


def _nodes(answer: GraphAnswer, expected: int) -> list[Any]:
    nodes = answer.data.get("nodes")
    found = nodes if isinstance(nodes, list) else []
    return (found + [None] * expected)[:expected]


def _absences(answer: GraphAnswer, places: Mapping[Any, str], depth: int) -> dict[str, Absent]:
    """Sort the errors by the repository they speak of; ``depth`` is where the path names it."""
    absent = {}
    for error in answer.errors:
        path = error.get("path")
        if isinstance(path, list) and len(path) == depth + 1:
            name, reason = _place(path[depth], places), absence_of(error)
            if name is not None and reason is not None:
                absent[name] = reason
    return absent


def _damaged(answer: GraphAnswer, places: Mapping[Any, str]) -> set[str]:
    """Name the repositories of which a part is missing because the query was too heavy."""
    if answer.trouble is None:
        return set()
    paths = [error.get("path") for error in answer.errors]
    return {
        name
        for path in paths
        if isinstance(path, list) and len(path) > 2 and (name := _place(path[1], places))
    }


def _place(step: object, places: Mapping[Any, str]) -> str | None:
    return places.get(step) if isinstance(step, str | int) else None
