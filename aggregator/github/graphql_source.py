"""The source with a token: GraphQL for nearly everything, REST for what GraphQL cannot give.

targets --documents--> query --client--> Reply --parse--> facts, by the name of their target
                                           +--errors of one repository--> absent
"""

from collections.abc import Mapping, Sequence
from functools import partial

from aggregator.facts.protocol import (
    Answer,
    DeepLook,
    Depth,
    Sizes,
    Target,
    Trouble,
    Wanted,
)
from aggregator.facts.record import ReadmeText
from aggregator.facts.repository import Glance, RepoFacts
from aggregator.github import documents
from aggregator.github.client import Reply, absence_of
from aggregator.github.parse import read_depth, read_glance
from aggregator.github.repository_files import (
    LARGEST_README,
    MOST_HOPS,
    USUAL_READMES,
    LinkedPath,
    blob_of,
    follow_link,
    from_text,
    read_entry,
    read_folders,
    readme_link,
)
from aggregator.github.rest_source import READING, RestSource, answer_alone
from aggregator.github.transport import NoAnswerError
from aggregator.github.values import Json, flag, inside
from aggregator.words.outcomes import Outcome
from aggregator.words.wall import each

_REPLACED = "\N{REPLACEMENT CHARACTER}".encode()
# A hundred scalars cost one point. Counts are connections, and slow: public reports put 30, 50 and
# 100 repositories with issues and pull requests at 3, 4.5 and 8 to 10 of GitHub's 10 seconds. A
# look that asks for the authors of commits takes two places.
SIZES = Sizes(wave=None, glance=100, depth=50, readmes=50, readme_bytes=2_000_000, rotates=True)


class GraphqlSource(RestSource):
    """Asks GitHub in batches; what is not answered here is asked over REST."""

    sizes = SIZES

    def glance(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for the scalars, by name."""
        return self._glances(documents.glance([target.name for target in targets]), targets)

    def glance_by_id(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for the scalars by node id, of all targets that have one."""
        known = [target for target in targets if target.node_id]
        return self._glances(documents.glance_by_id([t.node_id or "" for t in known]), known)

    def _glances(self, query: documents.GraphqlQuery, targets: Sequence[Target]) -> Answer[Glance]:
        reply, now = self._client.query(query), self._clock()
        nodes, absent, _ = _by_name(reply, [target.name for target in targets])
        absent |= {name: why for name, node in nodes.items() if (why := _closed(node))}
        shown = {name: node for name, node in nodes.items() if not _closed(node)}
        found, faults = each(shown, READING, lambda _, node: read_glance(node, now))
        return Answer({**absent, **found, **faults}, reply.trouble)

    def depth(self, looks: Sequence[DeepLook]) -> Answer[Depth]:
        """Ask for details and counts by node id, with people and READMEs where they are wanted."""
        now = self._clock()
        rows = [(look.glance.node_id or "", look.people, look.readme) for look in looks]
        reply = self._client.query(documents.depth(rows))
        of_name = {look.glance.name_with_owner: look.glance for look in looks}
        nodes, absent, damaged = _by_name(reply, list(of_name))
        found, faults = each(
            nodes, READING, lambda name, node: read_depth(node, of_name[name], now)
        )
        links = {
            name: readme_link(read_folders(nodes[name]))
            for name, facts in found.items()
            if facts.details and facts.details.readme is None
        }
        trouble = self._follow({name: path for name, path in links.items() if path}, found)
        whole = {name: facts for name, facts in found.items() if name not in damaged}
        deep, more = each(whole, READING, lambda name, facts: _with_readme(facts, nodes[name]))
        return Answer({**absent, **deep, **faults, **more}, reply.trouble or trouble)

    def _follow(self, links: Mapping[str, str], found: dict[str, RepoFacts]) -> Trouble | None:
        """Put the files that READMEs lead to which are symbolic links in the place of these.

        GraphQL does not follow links: the entry of a link has the path it leads to for its text.

        Args:
            links: The paths of READMEs, by repository.
            found: Is changed; a repository for which GitHub does not answer is taken out.
        """
        places = {name: LinkedPath(path) for name, path in links.items()}
        for _ in range(MOST_HOPS):
            if not places:
                break
            pairs = [(found[name].glance.node_id or "", at.path) for name, at in places.items()]
            reply = self._client.query(documents.linked(pairs))
            if reply.trouble:
                for name in places:
                    del found[name]
                return reply.trouble
            nodes, _, _ = _by_name(reply, list(places))
            further = {}
            for name, node in nodes.items():
                file, facts = inside(node, "object", "file"), found[name]
                entry = read_entry({**file, "name": places[name].path}) if file else None
                if entry and facts.details and places[name].holds(entry):
                    details = facts.details.model_copy(update={"readme": blob_of(entry)})
                    found[name] = facts.model_copy(update={"details": details})
                else:
                    written = inside(file, "object", "text")
                    further[name] = follow_link(places[name], entry, written)
            places = {name: place for name, place in further.items() if place}
        return None

    def readmes(self, wanted: Sequence[Wanted]) -> Answer[ReadmeText]:
        """Ask for README text, and over REST for what text cannot carry."""
        pairs = [(item.glance.node_id or "", item.blob.oid) for item in wanted]
        reply = self._client.query(documents.readmes(pairs))
        items = {item.glance.name_with_owner: item for item in wanted}
        nodes, absent, _ = _by_name(reply, list(items))
        answers = [
            answer_alone(name, partial(self._readme, items[name], node))
            for name, node in nodes.items()
        ]
        said = {name: one for answer in answers for name, one in answer.said.items()}
        troubles = (answer.trouble for answer in answers if answer.trouble)
        return Answer({**absent, **said}, reply.trouble or next(troubles, None))

    def _readme(self, item: Wanted, node: Json) -> ReadmeText | Outcome | None:
        blob = node.get("object")
        if not blob:  # a force push between two passes
            return Outcome.GONE
        readme, exact = from_text(blob, item.blob.oid)
        if not exact and (item.blob.size or 0) <= LARGEST_README:
            try:
                readme = self._exact_readme(item) or readme
            except NoAnswerError as error:
                # Text with replaced characters would stay for good: its oid would count as stored.
                damaged = readme is None or _REPLACED in readme.content
                if damaged and isinstance(error.failure, Trouble):
                    raise
        return readme and self._with_rendering(item, readme)


def _with_readme(facts: RepoFacts, node: Json) -> Depth:
    """Put the README beside the facts that name it, where its exact bytes came along."""
    blob = facts.details.readme if facts.details else None
    alias = USUAL_READMES.get(blob.path) if blob else None
    readme, exact = from_text(node.get(alias), blob.oid) if blob and alias else (None, False)
    if not (blob and readme and exact and facts.details):  # `readmes` brings it, if it is to be had
        return Depth(facts)
    read = blob.model_copy(update={"encoding": readme.encoding})
    details = facts.details.model_copy(update={"readme": read})
    return Depth(facts.model_copy(update={"details": details}), readme)


def _closed(node: Json) -> Outcome | None:
    if flag(node.get("isPrivate")):
        return Outcome.PRIVATE
    if flag(node.get("isDisabled")):
        # It shows no branch either, which must not pass for a repository without commits.
        return Outcome.BLOCKED
    return None


def _by_name(
    reply: Reply, names: Sequence[str]
) -> tuple[dict[str, Json], dict[str, Outcome], set[str]]:
    """Sort a reply by the repositories asked about, in whose order ``nodes`` or r0, r1, ... are.

    Returns:
        The node of each that has one; why others have none, from the errors whose path ends at
        them; and of which a part is missing because the query was too heavy.
    """
    listed = reply.data.get("nodes")
    if not isinstance(listed, list):
        listed = [reply.data.get(f"r{number}") for number in range(len(names))]
    pairs = zip(names, listed, strict=False)
    nodes = {name: node for name, node in pairs if isinstance(node, Mapping) and node}
    places: dict[object, str] = {f"r{number}": name for number, name in enumerate(names)}
    places |= dict(enumerate(names))
    absent, damaged = {}, set()
    for error in reply.errors:
        path = error.get("path")
        steps = path if isinstance(path, list) else []
        steps = steps[1:] if steps[:1] == ["nodes"] else steps
        name = places.get(steps[0]) if steps and isinstance(steps[0], str | int) else None
        if name and len(steps) > 1:
            damaged.add(name)
        elif name and (why := absence_of(error)):
            absent[name] = why
    return nodes, absent, damaged if reply.trouble else set()
