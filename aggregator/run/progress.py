"""How far a run is: a bar on a terminal, a plain line now and then elsewhere.

Gives a callable that the fetcher calls; wired by ``cli``. Lines go out when a stage begins, when it
ends and every ten seconds between, so that a log of a nightly run stays short.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from aggregator.fetch.state import Progress

LINE_EVERY = 10.0

Watcher = Callable[[Progress], None]


@contextmanager
def open_progress(console: Console) -> Iterator[Watcher]:
    """Open a watcher that suits the console: a bar on a terminal, plain lines elsewhere."""
    if not console.is_terminal:
        yield _lines(
            lambda line: console.print(line, markup=False, highlight=False, soft_wrap=True)
        )
        return
    bar = Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[bill]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    with bar:
        yield _drawn(bar)


def _drawn(bar: Bar) -> Watcher:
    task = bar.add_task("asking GitHub", total=None, bill="")

    def show(progress: Progress) -> None:
        if bar.tasks[0].description != progress.stage:
            bar.reset(task, total=progress.total, description=progress.stage)
        bar.update(task, completed=progress.done, total=progress.total, bill=bill(progress))

    return show


def _lines(write: Callable[[str], None]) -> Watcher:
    last: dict[str, float] = {}

    def show(progress: Progress) -> None:
        ended = progress.done >= progress.total
        since = last.get(progress.stage, float("inf")) - progress.seconds_left
        if progress.stage not in last or ended or since >= LINE_EVERY:
            last[progress.stage] = progress.seconds_left
            write(f"{progress.stage}: {progress.done:,} of {progress.total:,}, {bill(progress)}")

    return show


def bill(progress: Progress) -> str:
    """Say what was spent and what is left."""
    spent = progress.spent
    left = f", {spent.left:,} points left" if spent.left is not None else ""
    return f"{spent.requests:,} requests{left}"
