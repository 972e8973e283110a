"""Other showcases that the registry includes: asked at the end of an update, brought back with it.

    registry, neighbours.json --ask_others--> lines for people, neighbours.json
    the last published site --bring_others--> neighbours.json, where there is none

Whoever includes nobody is told nothing, asks nobody, and keeps nothing. That another showcase does
not answer is worth a warning and no more: what it said last is kept.
"""

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

from aggregator.cli.console import say, warn
from aggregator.cli.environment import agent_of, environment, utc_now
from aggregator.registry.registry import Registry
from aggregator.run.workspace import Workspace
from aggregator.store.neighbours_file import (
    LARGEST_FILE,
    keep_neighbours,
    neighbours_in,
    read_neighbours,
)
from aggregator.store.schema import NEIGHBOURS
from aggregator.words.errors import AbsentError, SourceError

_MOST_SECONDS = 300.0  # for all of them together
_FEWEST_SECONDS = 2.0  # in which one that is asked at all can answer
_LONGEST_LINE = 2_000
_DOES = "shows projects of other showcases, as theirs"


def ask_others(
    workspace: Workspace,
    registry: Registry,
    seconds: float = _MOST_SECONDS,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Ask the other showcases, keep what they said, and say what came of it.

    Args:
        workspace: Where it is kept.
        registry: Names them.
        seconds: How long all of them may take at most.
        stopped: Asked before each: somebody ends the run, and nobody else is asked.
    """
    included = registry.showcase.include
    if not included:
        workspace.neighbours.unlink(missing_ok=True)  # what nobody includes is not kept
        return
    # Half a second of imports, and most showcases include nobody.
    from aggregator.github.public_file import download_public
    from aggregator.github.public_web import PublicWeb
    from aggregator.run.neighbouring import LARGEST_LISTING, SECONDS_EACH, ask_neighbours

    web = PublicWeb(agent_of(registry.showcase, environment().web, _DOES))
    deadline = time.monotonic() + min(seconds, _MOST_SECONDS)

    def left() -> float:
        return deadline - time.monotonic()

    done = ask_neighbours(
        included,
        read_neighbours(workspace.state),
        lambda url, stamp: download_public(
            url, LARGEST_LISTING, stamp, web, min(SECONDS_EACH, max(left(), _FEWEST_SECONDS))
        ),
        utc_now(),
        lambda: stopped() or left() < 0,
    )
    keep_neighbours(workspace.state, done.neighbours)
    say(done.told)
    warn(done.failed)
    _add_to_summary(done.failed)


def bring_others(published: str, workspace: Workspace, registry: Registry) -> None:
    """Bring back what other showcases said, from beside a catalogue that was found.

    Args:
        published: The address of the published catalogue.db, or its path on this machine.
        workspace: Where it goes; what is there already stays.
        registry: Names them.
    """
    if not registry.showcase.include or workspace.neighbours.is_file():
        return
    try:
        content = _beside(published)
    except (AbsentError, FileNotFoundError):
        return  # nothing of the kind was published yet, and they are asked anyway
    except (SourceError, OSError) as problem:
        warn([f"what other showcases said is not restored: {problem}"])
        return
    keep_neighbours(workspace.state, neighbours_in(content))


def _beside(published: str) -> bytes:
    if "://" not in published:
        return Path(published).with_name(NEIGHBOURS).read_bytes()
    from aggregator.github.download import download

    return download(urljoin(published, NEIGHBOURS), LARGEST_FILE).content


def _add_to_summary(lines: tuple[str, ...]) -> None:
    """Say on the job's page of a workflow, where there is one, who did not answer."""
    summary = environment().step_summary
    if not (lines and summary):
        return
    from aggregator.joining.renderings import escaped

    try:
        with summary.open("a", encoding="utf-8") as page:
            page.writelines(f"- {escaped(line, _LONGEST_LINE)}\n" for line in lines)
    except OSError as problem:
        warn([f"the summary is not written: {problem.filename}: {problem.strerror}"])
