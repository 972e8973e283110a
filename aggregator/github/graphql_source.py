"""The source with a token: GraphQL for nearly everything, REST for what GraphQL cannot give.

targets --documents--> query --client--> Reply --parse--> facts, by the name of their target
                                           +--errors of one repository--> absent
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from aggregator.facts.protocol import (
    AbsenceKind,
    Absent,
    Answer,
    Depth,
    Fetched,
    Sizes,
    Target,
    Trouble,
    Wanted,
)
from aggregator.facts.repository import Glance
from aggregator.github import documents
from aggregator.github.client import Reply, absence_of
from aggregator.github.commits import year_before
from aggregator.github.parse import read_depth, read_glance, read_readme_link
from aggregator.github.repository_files import (
    LARGEST_README,
    MOST_HOPS,
    blob_of,
    from_text,
    link_target,
    read_entries,
)
from aggregator.github.rest_source import RestSource
from aggregator.github.values import Json, flag, inside
from aggregator.words.wall import each

_READING = "reading what GitHub said of it"
_READING_README = "reading its README"
_REPLACED = "\N{REPLACEMENT CHARACTER}".encode()
# A hundred scalars cost one point. Counts are connections, and slow: public reports put 30, 50 and
# 100 repositories with issues and pull requests at 3, 4.5 and 8 to 10 of GitHub's 10 seconds.
SIZES = Sizes(wave=None, glance=100, depth=25, readmes=50, readme_bytes=2_000_000, rotates=True)


class GraphqlSource(RestSource):
    """Asks GitHub in batches; what is not answered here is asked over REST."""

    @property
    def sizes(self) -> Sizes:
        """Return how much may be asked at once."""
        return SIZES

    def glance(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for the scalars, by name."""
        return self._glances(documents.glance([target.name for target in targets]), targets)

    def glance_by_id(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for the scalars by node id, of all targets that have one."""
        known = [target for target in targets if target.node_id]
        return self._glances(documents.glance_by_id([t.node_id or "" for t in known]), known)

    def _glances(self, query: documents.GraphqlQuery, targets: Sequence[Target]) -> Answer[Glance]:
        reply, now = self._client.query(query), self._clock()
        names = [target.name for target in targets]
        nodes = dict(zip(names, _nodes(reply, len(names)), strict=True))
        seen, faults = each(nodes, _READING, lambda _, node: _read_one(node, now))
        found = {name: one for name, one in seen.items() if isinstance(one, Glance)}
        absent = _absences(reply, names)
        absent |= {name: one for name, one in seen.items() if isinstance(one, Absent)}
        return Answer(found, absent, reply.trouble, faults)

    def depth(self, glances: Sequence[Glance]) -> Answer[Depth]:
        """Ask for details, counts and contributors by node id."""
        now = self._clock()
        query = documents.depth([g.node_id or "" for g in glances], year_before(now).isoformat())
        reply = self._client.query(query)
        names = [glance.name_with_owner for glance in glances]
        nodes = {
            name: (node, glance)
            for name, glance, node in zip(names, glances, _nodes(reply, len(names)), strict=True)
            if node
        }
        found, faults = each(nodes, _READING, lambda _, both: read_depth(*both, now))
        links = {
            glance: path
            for name, (node, glance) in nodes.items()
            if name in found and (path := read_readme_link(node))
        }
        unsure, trouble = self._follow(links, found)
        unsure |= _damaged(reply, names)
        whole = {name: depth for name, depth in found.items() if name not in unsure}
        return Answer(whole, _absences(reply, names), reply.trouble or trouble, faults)

    # GraphQL does not follow links: the entry of a link has the path it leads to for its text.
    def _follow(
        self, links: Mapping[Glance, str], found: dict[str, Depth]
    ) -> tuple[set[str], Trouble | None]:
        """Put the files that READMEs lead to which are symbolic links in the place of these.

        Returns:
            The repositories for which GitHub did not answer, and why.
        """
        for _ in range(MOST_HOPS):
            if not links:
                break
            pairs = [(glance.node_id or "", path) for glance, path in links.items()]
            reply = self._client.query(documents.linked(pairs))
            if reply.trouble:
                return {glance.name_with_owner for glance in links}, reply.trouble
            links = dict(_hops(reply, links, found))
        return set(), None

    def readmes(self, wanted: Sequence[Wanted]) -> Answer[Fetched]:
        """Ask for README text, and over REST for what text cannot carry."""
        pairs = [(item.target.node_id or "", item.blob.oid) for item in wanted]
        reply = self._client.query(documents.readmes(pairs))
        names = [item.target.name for item in wanted]
        nodes = dict(zip(names, _nodes(reply, len(names)), strict=True))
        blobs = {
            item.target.name: (item, blob)
            for item in wanted
            if isinstance(blob := inside(nodes[item.target.name], "object"), Mapping)
        }
        brought, faults = each(blobs, _READING_README, lambda _, both: self._bytes(*both))
        found = {name: one for name, one in brought.items() if isinstance(one, Fetched)}
        troubles = (one for one in brought.values() if isinstance(one, Trouble))
        absent = _absences(reply, names) | {  # a force push between two passes
            name: Absent(AbsenceKind.NOT_FOUND, "the README moved on meanwhile")
            for name, node in nodes.items()
            if isinstance(node, Mapping) and not node.get("object")
        }
        return Answer(found, absent, reply.trouble or next(troubles, None), faults)

    def _bytes(self, item: Wanted, blob: Json) -> Fetched | Trouble | None:
        readme, exact = from_text(blob, item.blob.oid)
        if not exact and (item.blob.size or 0) <= LARGEST_README:
            precise = self._exact_bytes(item)
            # Text with replaced characters would stay for good: its oid would count as stored.
            damaged = readme is None or _REPLACED in readme.readme.content
            if isinstance(precise, Trouble):
                if damaged:
                    return precise
            else:
                readme = precise or readme
        return readme and self._with_rendering(item, readme)


def _read_one(node: Any, now: datetime) -> Glance | Absent | None:
    if not isinstance(node, Mapping) or not node:
        return None
    if flag(node.get("isPrivate")):
        return Absent(AbsenceKind.PRIVATE, "the token can see that it is private")
    if flag(node.get("isDisabled")):
        # It shows no branch either, which must not pass for a repository without commits.
        return Absent(AbsenceKind.BLOCKED, "GitHub has disabled it")
    return read_glance(node, now)


def _hops(
    reply: Reply, links: Mapping[Glance, str], found: dict[str, Depth]
) -> Iterator[tuple[Glance, str]]:
    """Keep the files that were reached, and give the links that lead further."""
    for (glance, path), node in zip(links.items(), _nodes(reply, len(links)), strict=True):
        entry = inside(node, "object", "file")
        for named in read_entries([{**entry, "name": path}] if entry else []):
            target = inside(entry, "object", "text") if named.is_link else None
            following = isinstance(target, str) and link_target(path, target)
            if following:
                yield glance, following
            elif named.kind == "blob" and not named.is_link:
                depth = found[glance.name_with_owner]
                details = depth.details.model_copy(update={"readme": blob_of("", named)})
                found[glance.name_with_owner] = replace(depth, details=details)


def _nodes(reply: Reply, expected: int) -> list[Json | None]:
    """Give what was said of each repository asked about: in ``nodes``, or as ``r0``, ``r1``, ..."""
    nodes = reply.data.get("nodes")
    if not isinstance(nodes, list):
        nodes = [reply.data.get(f"r{number}") for number in range(expected)]
    found = [node if isinstance(node, Mapping) else None for node in nodes]
    return (found + [None] * expected)[:expected]


def _errors_by_name(reply: Reply, names: Sequence[str]) -> Iterator[tuple[str, Json, bool]]:
    """Sort errors by the repository that their path names: ["r3", ...] or ["nodes", 3, ...].

    The last value says whether the error is about the whole repository, not about a part of it.
    """
    places: dict[object, str] = {f"r{number}": name for number, name in enumerate(names)}
    places |= dict(enumerate(names))
    for error in reply.errors:
        path = error.get("path")
        steps = path if isinstance(path, list) else []
        steps = steps[1:] if steps[:1] == ["nodes"] else steps
        if steps and isinstance(steps[0], str | int) and (name := places.get(steps[0])):
            yield name, error, len(steps) == 1


def _absences(reply: Reply, names: Sequence[str]) -> dict[str, Absent]:
    errors = _errors_by_name(reply, names)
    reasons = {name: absence_of(error) for name, error, is_whole in errors if is_whole}
    return {name: reason for name, reason in reasons.items() if reason is not None}


def _damaged(reply: Reply, names: Sequence[str]) -> set[str]:
    """Name the repositories of which a part is missing because the query was too heavy."""
    if reply.trouble is None:
        return set()
    return {name for name, _, is_whole in _errors_by_name(reply, names) if not is_whole}
