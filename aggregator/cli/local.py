"""Commands for looking on one's own machine: demo, serve, sandbox."""

import threading
import webbrowser
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from aggregator.catalogue.types import Catalogue
from aggregator.cli.building import announce_built
from aggregator.cli.console import guarded, say, warn
from aggregator.cli.environment import environment, utc_now, workers
from aggregator.cli.loading import load_aloud
from aggregator.cli.options import (
    host_option,
    output_option,
    port_option,
    registry_option,
    state_option,
    templates_option,
)
from aggregator.demo.corpus import load_corpus
from aggregator.demo.sample import NIGHTS, OTHER_ADDRESS, OTHER_CATALOGUE, sample_community
from aggregator.demo.sample import REGISTRY as SAMPLE_REGISTRY
from aggregator.demo.server import Server, run_forever, serve_json
from aggregator.demo.server import serve as serve_sandbox
from aggregator.fetch.conversation import Clock
from aggregator.github.download import Downloaded, FileStamp
from aggregator.github.opening import Endpoint
from aggregator.github.public_file import download_public
from aggregator.github.public_web import PublicWeb
from aggregator.registry.beside import files_beside
from aggregator.registry.community import Inclusion
from aggregator.registry.loader import load
from aggregator.registry.registry import Registry
from aggregator.run.crews import Hands
from aggregator.run.guard import Guard
from aggregator.run.health import Health
from aggregator.run.neighbouring import LARGEST_LISTING, SECONDS_EACH, ask_neighbours
from aggregator.run.pipeline import Built, build, draft
from aggregator.run.reloading import Reloads, watch
from aggregator.run.report import Report, as_lines
from aggregator.run.serve import HERE, address_for_others, serving
from aggregator.run.site_folder import refuse_unsafe_output
from aggregator.run.update import Network, fetch_facts
from aggregator.run.workspace import Workspace
from aggregator.site.theme import find_templates
from aggregator.store.neighbours_file import keep_neighbours
from aggregator.words.addresses import GITHUB, PUBLISHED_CATALOGUE
from aggregator.words.errors import UsageError
from aggregator.words.exits import DONE

_DEMO_TOKEN = "demo"  # noqa: S105 - the sandbox takes any word
_DEMO_IDENTITY = "demo"
_DEMO_SECONDS = 60.0
_SANDBOX_PORT = 8790
_SITE_PORT = 8000
# What a site is made from besides the registry; a glossary of another name is told by it.
_BESIDE_THE_REGISTRY = (*("registry.d", "glossary.yaml", "judgements.jsonl", "pages"),)
# How long a page that is open has to load the new look before all pages get it.
_SECONDS_TO_OPEN = 1.0


@click.command("demo")
@output_option
@click.option("--serve", is_flag=True, help="Keep serving the site until Ctrl-C.")
@port_option(default=_SITE_PORT)
def demo_command(output: Path, serve: bool, port: int) -> int:
    """Show the whole flow with a made-up community: no network, no token, no account."""
    refuse_unsafe_output(output, [SAMPLE_REGISTRY])
    say([f"A made-up community on a stand-in for GitHub: {len(NIGHTS)} nights, then the site."])
    with TemporaryDirectory(prefix="aggregator-demo-") as state:
        # Whoever keeps it open may be changing our templates (`make dev`): named as a folder of
        # their own, a slip in one is told with its file and line, not as a bug to report.
        look = find_templates() if serve else None
        workspace = Workspace(SAMPLE_REGISTRY, Path(state), output, look)
        registry = _demo_registry()
        reports = [_demo_night(workspace, registry, night) for night in NIGHTS]
        say(f"  {report.now:%d %B}: {as_lines(report)[0]}" for report in reports)
        say(["The last night in full:", *(f"  {line}" for line in as_lines(reports[-1]))])

        say(_demo_other_showcase(workspace, registry))

        def rebuild() -> Built:
            return build(workspace, _demo_registry(), GITHUB, Hands(workers()), Guard(fresh=True))

        built = rebuild()
        projects = len(built.catalogue.projects)
        say([f"{projects} projects, {built.files} files"])
        say([f"Look at {(output / 'index.html').resolve()}"])
        code = announce_built(built)
        if serve:
            _serve_live(_Preview(workspace, [find_templates()], rebuild, port), built)
        else:
            say(["or serve it: aggregator demo --serve (make demo ARGS=--serve)"])
    return code


@click.command("serve")
@registry_option
@state_option
@output_option
@templates_option
@host_option
@port_option(default=_SITE_PORT)
@click.option(
    "--open/--no-open",
    "opens",
    default=None,
    help="Open the site in the browser; without either, where somebody watches.",
)
def serve_command(
    registry: Path,
    state: Path,
    output: Path,
    templates: Path | None,
    host: str,
    port: int,
    opens: bool | None,
) -> int:
    """Build, serve on this machine, and build again whenever the registry or a template changes."""
    from aggregator.cli.operating import job_health

    workspace = Workspace(registry, state, output, templates)
    surroundings = environment()

    def rebuild() -> Built:
        guard = Guard(repository_id=surroundings.repository_id, now=utc_now())
        return build(workspace, load_aloud(registry), surroundings.web, Hands(workers()), guard)

    built = rebuild()
    _told(built)
    looks = [templates] if templates else []
    opening = surroundings.interactive if opens is None else opens
    health = job_health(workspace)
    _serve_live(_Preview(workspace, looks, rebuild, port, host, opening, health), built)
    return 0


@click.command("sandbox")
@click.option(
    "--data",
    type=Path,
    help="A folder with repositories.jsonl; else the made-up community.",
)
@port_option(default=_SANDBOX_PORT)
def sandbox_command(data: Path | None, port: int) -> int:
    """Stand in for GitHub on this machine until Ctrl-C."""
    world = load_corpus(data) if data else sample_community()
    run_forever(world, _announce_sandbox, port)
    return 0


def _demo_night(workspace: Workspace, registry: Registry, night: str) -> Report:
    """Ask the world of one night, at the time of that night, so that every demo is the same."""
    at = datetime.fromisoformat(night)
    clock = Clock(now=lambda: at)
    with serve_sandbox(sample_community(night), clock=clock.now) as server:
        to = Endpoint(server.api_url, server.graphql_url, _DEMO_TOKEN)
        network = Network(to, clock, _DEMO_SECONDS, lambda _: None)
        guard = Guard(accept_losses=True, newcomer=_DEMO_IDENTITY, fresh=True)
        return fetch_facts(workspace, registry, network, guard)


def _demo_registry() -> Registry:
    """Load the sample, and let it include another showcase.

    Not in its file, with which a run asks the sandbox: under that name nobody would answer it.
    """
    registry = load(SAMPLE_REGISTRY)
    showcase = replace(registry.showcase, include=(Inclusion(from_=OTHER_ADDRESS),))
    return replace(registry, showcase=showcase)


def _demo_other_showcase(workspace: Workspace, registry: Registry) -> tuple[str, ...]:
    """Ask the other showcase at the time of the last night, and keep what it said.

    It is asked and read as any other one is. Only the way to its name is a stand-in: nobody has
    that name, and this machine is one that no run may ask.
    """
    with serve_json(f"/{PUBLISHED_CATALOGUE}", OTHER_CATALOGUE.read_bytes()) as server:
        web = PublicWeb("aggregator demo", lambda _host, _port: [("127.0.0.1", server.port)])

        def ask(url: str, stamp: FileStamp) -> Downloaded | None:
            # The stand-in has no certificate.
            plain = f"http{url.removeprefix('https')}"
            return download_public(plain, LARGEST_LISTING, stamp, web, SECONDS_EACH)

        at = datetime.fromisoformat(NIGHTS[-1])
        done = ask_neighbours(registry.showcase.include, (), ask, at)
    keep_neighbours(workspace.state, done.neighbours)
    return (*done.told, *done.failed)


def _told(built: Built) -> int:
    """Say what a build made; whatever could not be done as asked, it is served all the same."""
    say([f"built {built.files} files"])
    announce_built(built)
    return 0


def _drafted(catalogue: Catalogue, templates: Path | None, path: str) -> bytes | None:
    """Make a page as the templates are now; None where it cannot be, so that the old one is served.

    What is wrong with a template is told by the build under way, once, however often pages are
    asked for.
    """
    made: list[bytes | None] = []

    def make() -> int:
        with suppress(UsageError):
            made.append(draft(catalogue, templates, path))
        return DONE

    guarded(make)
    return next(iter(made), None)


@dataclass(frozen=True, slots=True)
class _Preview:
    """A site that is built again whenever one of its sources changes."""

    workspace: Workspace
    templates: Sequence[Path]
    rebuild: Callable[[], Built]
    port: int
    host: str = HERE
    opens: bool = False
    health: Callable[[], Health] | None = None
    reloads: Reloads = field(default_factory=Reloads)

    def sources(self, built: Built) -> list[Path]:
        """List what a change of which is looked for, whether it is there or not."""
        registry, showcase = self.workspace.registry, built.catalogue.showcase
        named = [showcase.glossary] if showcase.glossary else []
        besides = [registry.parent / name for name in (*_BESIDE_THE_REGISTRY, *named)]
        return [registry, *besides, *files_beside(registry, showcase), *self.templates]

    def again(self, shown: list[Built], changed: Collection[Path]) -> int:
        """Build what changed, and let open pages load it; `shown` holds the last site."""
        reloads, looks = self.reloads, [folder.resolve() for folder in self.templates]
        if all(any(path.is_relative_to(look) for look in looks) for path in changed):
            # Only the look is another: whoever has a page open need not wait for all of them.
            reloads.opened.clear()
            reloads.draft = partial(_drafted, shown[0].catalogue, self.workspace.templates)
            reloads.announce()
            reloads.opened.wait(_SECONDS_TO_OPEN)
        try:
            shown[0] = self.rebuild()
        finally:
            drawn, reloads.draft = reloads.draft, None
        code = _told(shown[0])
        if drawn is None:
            reloads.announce()
        return code


def _serve_live(preview: _Preview, built: Built) -> None:
    """Serve until Ctrl-C; build again and reload open pages when a source changes."""
    stop, shown = threading.Event(), [built]

    def changed(paths: Collection[Path]) -> None:
        guarded(partial(preview.again, shown, paths))

    def sources() -> list[Path]:
        return preview.sources(shown[0])

    watcher = threading.Thread(target=watch, args=(sources, changed, stop))
    watcher.start()
    output, host = preview.workspace.output, preview.host
    try:
        with serving(
            output, preview.port, preview.reloads, host=host, health=preview.health
        ) as address:
            say([f"Serving {address} until Ctrl-C"])
            if others := address_for_others(host, address):
                say([f"On a phone or another machine of this network: {others}"])
            if preview.opens:
                webbrowser.open(address)
            try:
                threading.Event().wait()
            except KeyboardInterrupt:
                warn(["stopped serving"])
    finally:
        stop.set()
        watcher.join()


def _announce_sandbox(server: Server) -> None:
    say(
        [
            f"A stand-in for GitHub with {len(server.world)} repositories, until Ctrl-C.",
            f"  export GITHUB_API_URL={server.api_url}",
            f"  export GITHUB_GRAPHQL_URL={server.graphql_url}",
            "  export GITHUB_TOKEN=any-word   # leave it out to see how it goes without a token",
        ]
    )
