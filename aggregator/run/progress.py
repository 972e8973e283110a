"""How far a run is: a bar on a terminal, a plain line now and then elsewhere or in a log.

Gives a callable that the fetcher calls; wired by ``cli``. Lines go out when a stage begins, when it
ends and every ten seconds between, so that a log of a nightly run stays short.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from aggregator.fetch.state import Progress
from aggregator.words.phrases import plural

LINE_EVERY = 10.0

Watcher = Callable[[Progress], None]


@contextmanager
def open_progress(console: Console, write: Callable[[str], object] | None) -> Iterator[Watcher]:
    """Open a watcher that suits the console: a bar on a terminal, plain lines elsewhere.

    `write` takes the lines where they go to a log, whatever the console is.
    """
    if write or not console.is_terminal:
        plain = partial(console.print, markup=False, highlight=False, soft_wrap=True)
        yield _lines(write or plain)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[bill]}"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("asking GitHub", total=None, bill="")

        def show(progress: Progress) -> None:
            if bar.tasks[0].description != progress.stage:
                bar.reset(task, total=progress.total, description=progress.stage)
            bar.update(task, completed=progress.done, total=progress.total, bill=_bill(progress))

        yield show


def _lines(write: Callable[[str], object]) -> Watcher:
    last: dict[str, float] = {}

    def show(progress: Progress) -> None:
        ended = progress.done >= progress.total
        since = last.get(progress.stage, float("inf")) - progress.seconds_left
        if progress.stage not in last or ended or since >= LINE_EVERY:
            last[progress.stage] = progress.seconds_left
            write(f"{progress.stage}: {progress.done:,} of {progress.total:,}, {_bill(progress)}")

    return show


def _bill(progress: Progress) -> str:
    spent = progress.spent
    left = f", {spent.left:,} points left" if spent.left is not None else ""
    return f"{plural(spent.requests, 'request')}{left}"
