"""Commands for whoever looks after a showcase, once a week: links and care.

    registry + catalogue --addresses--> links (asks websites) --websites.json--> care (asks nobody)

`care` says what could be mended and, when somebody chooses, writes it into the registry; what comes
of it is looked at in a pull request like every change.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import click

from aggregator.care.care_report import as_markdown, as_terminal_lines
from aggregator.care.linked import OutwardLink, linked_addresses
from aggregator.care.mends import Mend, applied, chosen, mends_of
from aggregator.care.rounds import Round, Websites, go_round, keep_websites, read_websites
from aggregator.care.websites import Condition
from aggregator.cli.console import say, warn
from aggregator.cli.environment import agent_of, environment, utc_now
from aggregator.cli.loading import load_aloud
from aggregator.cli.options import registry_option, state_option
from aggregator.joining.proposal import rewrite
from aggregator.registry.registry import Registry
from aggregator.store.locking import write_whole
from aggregator.store.schema import CATALOGUE
from aggregator.store.store import read_snapshot
from aggregator.words.names import RepoName
from aggregator.words.phrases import day_of, plural

_BRING = "`aggregator restore` brings what was published, `aggregator run` asks GitHub"
_TOLD = tuple(one for one in Condition if one not in {Condition.FINE, Condition.UNCLEAR})


@click.command("links")
@registry_option
@state_option
@click.option(
    "--time-budget",
    type=click.FloatRange(min=1),
    default=600.0,
    show_default=True,
    help="Seconds that visits may take; the rest waits for the next round.",
)
def links_command(registry: Path, state: Path, time_budget: float) -> int:
    """Look whether the websites that the showcase leads to still answer, once a week each."""
    from aggregator.github.visiting import Visitor

    listed, surroundings = load_aloud(registry), environment()
    linked = linked_addresses(listed, read_snapshot(state / CATALOGUE), surroundings.web)
    deadline = time.monotonic() + time_budget
    agent = agent_of(
        listed.showcase, surroundings.web, "looks once a week whether links still work"
    )
    visitor = Visitor(agent)
    done = go_round(
        list(dict.fromkeys(one.url for one in linked)),
        read_websites(state),
        utc_now().date(),
        visitor.visit,
        time_is_up=lambda: time.monotonic() > deadline,
        anybody=f"{surroundings.web}/",
    )
    keep_websites(state, done.websites)
    if done.offline:
        warn(["no website answered, nor did anybody else: this machine has no network"])
    say(_of_round(linked, done))
    return 0


@click.command("care")
@registry_option
@state_option
@click.option("--report", type=Path, help="Also write it as Markdown, the body of an issue.")
@click.option(
    "--apply",
    "ids",
    multiple=True,
    metavar="ID",
    help="Write this mend into the registry; repeatable.",
)
def care_command(registry: Path, state: Path, report: Path | None, ids: tuple[str, ...]) -> int:
    """Say what could be mended in the showcase, with lines that are ready."""
    from aggregator.catalogue.assemble import Rendered, assemble

    listed, web = load_aloud(registry), environment().web
    snapshot = read_snapshot(state / CATALOGUE)
    if not snapshot.records:
        warn([f"{state} remembers nothing of GitHub, so the registry alone is looked at: {_BRING}"])
    catalogue = assemble(listed, snapshot, Rendered(), web)
    linked = linked_addresses(listed, snapshot, web)
    mends = mends_of(catalogue, listed, linked, read_websites(state))
    if ids:
        say(_write(chosen(mends, ids), listed, registry))
        return 0
    if report:
        asked = snapshot.fetched_at.date() if snapshot.fetched_at else None
        write_whole(report, as_markdown(mends, utc_now().date(), asked).encode())
    say(as_terminal_lines(mends))
    return 0


def _of_round(linked: Sequence[OutwardLink], done: Round) -> Iterator[str]:
    places: dict[str, list[str]] = defaultdict(list)
    for one in linked:
        places[one.url].append(f"{one.about}, {one.place}")
    yield from _conditions(places, done.websites)
    known = (done.websites.of(url) for url in places)
    counts = Counter(one.condition if one else None for one in known)
    told = [f"{counts[one]} {one}" for one in Condition if counts[one]]
    if counts[None]:
        told.append(f"{counts[None]} not visited yet")
    yield ", ".join([plural(len(places), "address", "addresses"), *told])
    yield f"{done.visited} visited now, {done.waiting} left for the next round"


def _conditions(places: dict[str, list[str]], websites: Websites) -> Iterator[str]:
    for condition in _TOLD:
        for url, where in sorted(places.items()):
            known = websites.of(url)
            if known and known.condition is condition:
                to = f" to {known.target}" if known.target else ""
                visits = plural(known.times, "visit")
                since = f"since {day_of(known.since)}, {visits}"
                yield f"{condition}{to}: {url} ({known.why}; {since})"
                yield from (f"    {place}" for place in where)


def _write(mends: Sequence[Mend], registry: Registry, path: Path) -> Iterator[str]:
    for mend in mends:
        entry = registry.entry(RepoName.parse(mend.about))
        file = Path(entry.where.file) if entry and entry.where.file else path
        rewrite(file, partial(applied, mend=mend))
        yield f"wrote {mend.id} into {file}"
