"""A small community that lives through nights and builds; what may happen to it is in `changes`.

Nights are the program's own, on a stand-in for GitHub, and so is what they leave on the disk. Each
README holds one word that stands nowhere else, so that what must be gone can be looked for.
"""

import json
import shutil
import string
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from aggregator.github.opening import Endpoint
from aggregator.registry.loader import load
from aggregator.run.crews import Hands
from aggregator.run.guard import Guard
from aggregator.run.pipeline import Built, build
from aggregator.run.update import Network, fetch_facts
from aggregator.run.workspace import Workspace
from aggregator.store.store import read_snapshot
from aggregator.words.phrases import timestamp
from tests.fetch.conftest import PushedClock
from tests.law.folders import differences, found_words, tree, words_below
from tests.program import NOBODY
from tests.stand_in.server import Server, serve
from tests.stand_in.synthetic import NOW, synthetic_world
from tests.stand_in.world import World

LISTED = 7
SPARE = 2
WEB = "https://github.com"
MEANT = Guard(accept_losses=True)
BLOCKED = "lapsed.example"
TAGS = ("maps", "reporting", "waiting-lists", "beds")
TALK = {"title": "Plotting the dots", "date": "2026-06-17", "url": "https://talks.example/dots"}


@contextmanager
def living_showcase(folder: Path) -> Iterator["LivingShowcase"]:
    """Begin the life of a showcase: its first night is over, and its first site stands."""
    clock = PushedClock(NOW + timedelta(days=1))
    with serve(small_world(), clock=clock.now) as server:
        showcase = LivingShowcase(folder, server, clock)
        showcase.night()
        showcase.build()
        yield showcase


def small_world() -> World:
    """Make the repositories of a community, those that nobody has listed yet among them."""
    world = synthetic_world(LISTED + SPARE)
    for number, name in enumerate(world.names[:LISTED]):
        if number % 3 == 2:
            world.rename(name, f"another-owner/{name.partition('/')[2]}")
    return world


class LivingShowcase:
    """A showcase on disk with its GitHub."""

    def __init__(self, folder: Path, server: Server, clock: PushedClock) -> None:
        self.workspace = Workspace(
            folder / "registry.yaml", folder / "state", folder / "output", folder / "templates"
        )
        self.server = server
        self.clock = clock
        self.words: dict[int, list[str]] = {}  # of each repository, the newest last
        self.before: Path | None = None  # the state as the last build found it, without a cache
        self._made = 0
        names = list(self.world.names)
        self.spare = names[LISTED:]
        self.written: dict[str, Any] = {
            "showcase": {
                "title": "Small",
                "url": "https://small.example/",
                "glossary": "words.yaml",
            },
            "organisations": [
                {"slug": "one", "name": "First Trust", "github": ["synthetic-owner-0"]},
                {"slug": "two", "name": "Second Trust", "kind": "Trust"},
            ],
            "projects": [{"repo": name, "tags": [TAGS[n % 4]]} for n, name in enumerate(names[:7])],
        }
        self.written["projects"][0] |= {"story": "It *began* so.", "talks": [TALK]}
        self.written["projects"][1] |= {
            "stage": "in use",
            "people": ["ada-fen"],
            "used_by": ["two"],
        }
        self.glossary = {"RTT": ["waiting list"]}
        self.judged = {"rota for theatres": names[0]}
        folder.mkdir(parents=True, exist_ok=True)
        self.templates.mkdir()
        for name in names:
            self.write_readme(name)

    @property
    def world(self) -> World:
        """What is on GitHub."""
        return self.server.world

    @property
    def templates(self) -> Path:
        """The folder of the community's own templates."""
        folder = self.workspace.templates
        assert folder
        return folder

    # What the program does.

    def night(self, *, answered: bool = True) -> None:
        """Ask GitHub about everything, a day after the last time."""
        self.clock.base += timedelta(days=1)
        self.world.now = timestamp(self.clock.now())
        self._write_registry()
        to = Endpoint(self.server.api_url, self.server.graphql_url, "any-word")
        if not answered:
            to = Endpoint(NOBODY["GITHUB_API_URL"], NOBODY["GITHUB_GRAPHQL_URL"], "any-word")
        network = Network(to, self.clock.faces, 600.0, lambda _: None)
        fetch_facts(self.workspace, load(self.workspace.registry), network, MEANT)

    def build(self) -> Built:
        """Build the site on what stands there, as a night does."""
        self._write_registry()
        self.before = self.workspace.state.with_name("state-before")
        shutil.rmtree(self.before, ignore_errors=True)
        kept = shutil.ignore_patterns("cache")
        shutil.copytree(self.workspace.state, self.before, ignore=kept)
        return built(self.workspace)

    def clean(self) -> Path:
        """Build the same as the last build where nothing stands and nothing is remembered."""
        assert self.before
        folder = self.before.with_name("clean")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.before, folder / "state")
        clean = replace(self.workspace, state=folder / "state", output=folder / "output")
        built(clean)
        return clean.output

    def _write_registry(self) -> None:
        self.workspace.registry.write_text(json.dumps(self.written, indent=1), encoding="utf-8")
        words = self.workspace.registry.with_name("words.yaml")
        words.write_text(json.dumps(self.glossary), encoding="utf-8")
        lines = [json.dumps({"query": q, "judgments": {n: 3}}) for q, n in self.judged.items()]
        judgements = self.workspace.registry.with_name("judgements.jsonl")
        judgements.write_text("\n".join(lines), encoding="utf-8")

    # What may be where.

    def shown(self) -> set[str]:
        """Give the words of the READMEs that visitors may read."""
        snapshot, found = read_snapshot(self.workspace.database), set[str]()
        for entry in load(self.workspace.registry).projects:
            record = snapshot.record(str(entry.repo))
            if entry.readme == "show" and record and record.facts:
                found |= found_words(snapshot.readme(record) or b"")
        return found

    def erased(self) -> set[str]:
        """Give the words of which the last night said that nothing may keep them."""
        snapshot, lost, kept = read_snapshot(self.workspace.database), set[str](), set[str]()
        for entry in load(self.workspace.registry).projects:
            record = snapshot.record(str(entry.repo))
            if record and record.repository_id is not None:
                said = self.words.get(record.repository_id, ())
                (kept if record.facts else lost).update(said)
        return lost - kept

    def memory(self) -> list[Path]:
        """List every file that may be lost at any time: in the cache, and beside the site."""
        place = self.workspace
        beside = place.output.parent.glob(f".{place.output.name}.*")
        tops = (place.cache, *(path for path in beside if path.suffix != ".lock"))
        return sorted(path for top in tops for path in (top, *top.rglob("*")) if path.is_file())

    @property
    def settings(self) -> dict[str, Any]:
        """What the registry says of the showcase."""
        found: dict[str, Any] = self.written["showcase"]
        return found

    @property
    def entries(self) -> list[dict[str, Any]]:
        """What the registry lists."""
        found: list[dict[str, Any]] = self.written["projects"]
        return found

    def entry(self, n: int) -> dict[str, Any]:
        """Choose an entry."""
        return self.entries[n % len(self.entries)]

    def public_name(self, n: int) -> str:
        """Name a repository that is listed and public; any that is public when none is listed."""
        listed = [f.full_name for e in self.entries if (f := self.world.find(e["repo"]))]
        public = {repository.full_name for repository in self.world.public}
        found = [name for name in listed if name in public] or sorted(public)
        return found[n % len(found)]

    def repository(self, name: str) -> Any:
        """Find a repository on GitHub."""
        return self.world.find(name)

    def next_number(self) -> int:
        """Give a number that nothing else had."""
        self._made += 1
        return self._made

    def write_readme(self, name: str) -> None:
        """Let a repository say something that nothing ever said."""
        number, said = self.repository(name).id, self.next_number()
        letters = string.ascii_lowercase
        word = f"quag{letters[said // 676]}{letters[said // 26 % 26]}{letters[said % 26]}oz"
        self.words.setdefault(number, []).append(word)
        text = (
            f"# Number {said}\n\nOnly here the {word} rota is told of, for beds and theatres.\n\n"
        )
        text += f"![A chart](chart{said}.png)\n\nSee [there](http://www.{BLOCKED}/{said}).\n\n"
        text += f"## Use\n\n```sh\nmake it-{said}\n```\n"
        self.world.push(name, {"README.md": text.encode()}, message=f"Say {said}")


def built(workspace: Workspace) -> Built:
    """Build a site as `aggregator build` does."""
    return build(workspace, load(workspace.registry), WEB, Hands(1), MEANT)


def judge(showcase: LivingShowcase, *strangers: str) -> None:
    """Hold the site against a clean one, and look for every word in everything."""
    place = showcase.workspace
    found = differences(tree(place.output), tree(showcase.clean()))
    assert found == sorted(strangers), found
    assert words_below(place.output) == showcase.shown()
    beside = place.output.parent.glob(f".{place.output.name}*")
    assert not words_below(place.state, place.output, *beside) & showcase.erased()
