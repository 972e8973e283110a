"""The source without a token: REST, one repository at a time, within 60 requests an hour."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from aggregator.facts.repository import Contributors, Glance
from aggregator.facts.source import (
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
from aggregator.github import blobs, rest
from aggregator.github.client import Client
from aggregator.github.files import readme_link
from aggregator.github.values import Json

SIZES = Sizes(wave=1, glance=1, depth=1, readmes=1, readme_bytes=2_000_000, rotates=False)


class RestSource:
    """Asks GitHub one repository at a time; implements ``aggregator.facts.source.Source``."""

    def __init__(
        self, client: Client, clock: Callable[[], datetime], forget: Callable[..., None]
    ) -> None:
        self._client = client
        self._clock = clock
        self._forget = forget
        self._seen: dict[int, Json] = {}  # raw answers of this run, for topics and parent

    @property
    def sizes(self) -> Sizes:
        """Return how much may be asked at once."""
        return SIZES

    @property
    def spent(self) -> Spent:
        """Return the running bill."""
        return self._client.spent

    def glance(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for one repository by name."""
        (target,) = targets
        return self._one(target.name, f"/repos/{target.name}")

    def glance_by_id(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for one repository by number."""
        (target,) = targets
        return self._one(target.name, f"/repositories/{target.repository_id}")

    def _one(self, name: str, path: str) -> Answer[Glance]:
        return rest.glance(self._client, name, path, self._clock(), self._remember)

    def _remember(self, data: Any) -> None:
        self._seen = {data["id"]: data}

    def depth(self, glances: Sequence[Glance]) -> Answer[Depth]:
        """Ask for files, languages and releases: three requests."""
        (glance,) = glances
        name = glance.name_with_owner
        paths = (rest.tree_path(glance), f"/repos/{name}/languages", f"/repos/{name}/releases")
        parameters: tuple[dict[str, object], ...] = ({"recursive": "1"}, {}, {"per_page": 5})
        found = []
        for path, more in zip(paths, parameters, strict=True):
            answer = self._client.get(path, **more)
            if isinstance(answer.failure, Trouble):
                return Answer(trouble=answer.failure)
            if isinstance(answer.failure, Absent):
                return Answer(absent={name: answer.failure})
            found.append(answer.data)
        parts = rest.Parts(self._seen.get(glance.repository_id, {}), *found)
        return rest.alone(name, lambda: self._deep(parts, glance))

    def _deep(self, parts: rest.Parts, glance: Glance) -> Answer[Depth]:
        details = rest.read_details(parts, glance, self._clock())
        name = glance.name_with_owner
        link = readme_link(rest.read_tree(parts.tree))
        if link:
            blob, trouble = rest.follow_link(self._client, name, parts.tree, link)
            if trouble:
                return Answer(trouble=trouble)
            details = details.model_copy(update={"readme": blob})
        return Answer({name: Depth(details)})

    def readmes(self, wanted: Sequence[Wanted]) -> Answer[Fetched]:
        """Ask for one README blob."""
        (item,) = wanted
        return rest.alone(item.target.name, lambda: self._readme(item))

    def _readme(self, item: Wanted) -> Answer[Fetched]:
        found = blobs.over_rest(self._client, item)
        if isinstance(found, Trouble):
            return Answer(trouble=found)
        return Answer({item.target.name: found} if found else {})

    def contributors(self, glance: Glance) -> Answer[Contributors]:
        """Count all contributors of one repository."""
        return rest.contributors(self._client, glance, self._clock())

    def confirm_absence(self, target: Target) -> Answer[Glance]:
        """Ask once more by name."""
        return self.glance([target])

    def confirm_empty(self, glance: Glance) -> Answer[Glance]:
        """Ask for a commit, which an empty repository refuses with 409."""
        return rest.confirm_empty(self._client, glance)

    def forget(self, targets: Sequence[Target]) -> None:
        """Erase every cached copy of answers about these repositories."""
        self._forget(targets)
