"""`aggregator announce`: tells the news of a published site elsewhere, or shows what it would tell.

    feeds of the site --read_published--> PublishedNews --Announcer--> places
                        announced.json --read_ledger--> Ledger <--'

What is told, where and when is decided in `announcing`; here it gets its clock, its variables and
its files.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from aggregator.announcing.announcer import Announcer, AnnouncingRound, OutletReport, previews
from aggregator.announcing.delivery import deliver
from aggregator.announcing.ledger import LEDGER, Ledger, read_ledger
from aggregator.announcing.newsletter import newsletter_markdown
from aggregator.announcing.outlets import PREFIX
from aggregator.announcing.planning import Planned, is_quiet
from aggregator.announcing.posts import plain_text
from aggregator.announcing.published import LARGEST_FEED, Receive, read_published
from aggregator.cli.console import say, warn
from aggregator.cli.environment import utc_now, variables_of
from aggregator.cli.loading import load_aloud
from aggregator.cli.options import (
    OUTPUT,
    registry_option,
    state_option,
    templates_option,
)
from aggregator.site.theme import load_theme
from aggregator.store.locking import hold, write_whole
from aggregator.words.errors import AbsentError, UsageError
from aggregator.words.exits import DONE, LOOK
from aggregator.words.phrases import day_of
from aggregator.words.speech import speaking

_LOCK_WAIT = 5.0
_A_DAY = click.DateTime(["%Y-%m-%d"])
_A_MONTH = click.DateTime(["%Y-%m"])
_YEARS = range(1970, 2200)  # as of days in the registry


def _in_reach(_: click.Context, __: click.Parameter, moment: datetime | None) -> datetime | None:
    """Refuse a day or a month in which no news can have happened, such as a slip in its year."""
    if moment and moment.year not in _YEARS:
        raise click.BadParameter(f"no news is of the year {moment.year}; write one of this time.")
    return moment


@click.command("announce")
@click.option(
    "--site",
    default=str(OUTPUT),
    show_default=True,
    help="The folder or the address of the site whose news is told.",
)
@registry_option
@state_option
@templates_option
@click.option("--send", is_flag=True, help="Send it; otherwise it is only shown.")
@click.option(
    "--since",
    type=_A_DAY,
    callback=_in_reach,
    metavar="DAY",
    help="Tell a place that is new what happened from this day on, such as 2026-11-01.",
)
@click.option("--again", is_flag=True, help="Send once more what nobody knows to have arrived.")
@click.option(
    "--text", is_flag=True, help="Only write the news since --since (a week) as text to copy."
)
@click.option(
    "--month",
    type=_A_MONTH,
    callback=_in_reach,
    metavar="MONTH",
    help="Only write the newsletter of a month, such as 2026-11, as Markdown to copy.",
)
def announce_command(
    site: str,
    registry: Path,
    state: Path,
    templates: Path | None,
    send: bool,
    since: datetime | None,
    again: bool,
    text: bool,
    month: datetime | None,
) -> int:
    """Tell the news of the site in chats, on social networks and by mail, each piece once."""
    listed = load_aloud(registry)
    showcase, now = listed.showcase, utc_now().astimezone(ZoneInfo(listed.showcase.timezone))
    if send and (text or month):
        raise UsageError("--send sends to places", "--text and --month only write", "say one")
    settings = showcase.announce
    if not (settings.targets or text or month):
        line = "the registry names no place under showcase.announce.targets; nothing is told"
        if listed.errors:  # which were said, and may have left the places out
            warn([f"{line}; if it should, mend the mistakes above"])
            return LOOK
        say([line])
        return DONE
    if send and is_quiet(now.time(), settings.quiet_from, settings.quiet_until):
        say(["it is quiet now, as the registry says: nothing was sent; the next run tells it"])
        return DONE
    this = AnnouncingRound(
        settings=settings,
        showcase=showcase.title,
        speech=load_theme(showcase.accent, templates, showcase.language).speech,
        news=read_published(_receiver(site)),
        variables=variables_of(PREFIX),
        now=now,
        since=since.date() if since else None,
        repeat=again,
    )
    if text or month:
        say(_to_copy(this, month.date() if month else None))
        return DONE
    return _sent(this, state) if send else _shown(this, state)


def _sent(this: AnnouncingRound, state: Path) -> int:
    path = state / LEDGER
    state.mkdir(parents=True, exist_ok=True)

    def keep(ledger: Ledger) -> None:
        write_whole(path, ledger.text().encode())

    with hold(path.with_suffix(".lock"), _LOCK_WAIT, f"what was announced ({path})"):
        return _report(Announcer(this, _known(path), keep, deliver).reports())


def _shown(this: AnnouncingRound, state: Path) -> int:
    _report(previews(this, _known(state / LEDGER)))
    say(["nothing was sent; --send sends it"])
    return DONE


def _known(path: Path) -> Ledger:
    return read_ledger(path.read_bytes() if path.is_file() else None, str(path))


def _report(reports: Iterable[OutletReport]) -> int:
    code = DONE
    for report in reports:
        (warn if report.failed else say)(report.lines)
        code = max(code, LOOK if report.failed else DONE)
    return code


def _to_copy(this: AnnouncingRound, month: date | None) -> list[str]:
    """Write the news of a month, or since a day, whoever was told of it."""
    begin, end = _period(this, month)
    if begin > this.now:
        return [f"nothing has happened yet: that time begins on {day_of(begin)}"]
    items = tuple(i for i in this.news.items if begin <= i.date.astimezone(this.now.tzinfo) < end)
    if not items:
        return ["nothing happened in that time"]
    planned = Planned(id="", at=this.now, items=items, month=month)
    with speaking(this.speech):
        told = this.worded(planned)
        return (newsletter_markdown(told) if month else plain_text(told)).splitlines()


def _period(this: AnnouncingRound, month: date | None) -> tuple[datetime, datetime]:
    zone = this.now.tzinfo or UTC
    if month is None:
        day = this.since or date.fromordinal(this.now.date().toordinal() - 7)
        return datetime(day.year, day.month, day.day, tzinfo=zone), this.now
    begin = datetime(month.year, month.month, 1, tzinfo=zone)
    year, number = (month.year + 1, 1) if month.month == 12 else (month.year, month.month + 1)
    return begin, datetime(year, number, 1, tzinfo=zone)


def _receiver(site: str) -> Receive:
    """Give what brings a file of a site: from a folder, or from an address."""
    if "://" not in site:
        folder = Path(site)
        return lambda path: (folder / path).read_bytes() if (folder / path).is_file() else None
    from aggregator.github.download import download

    def receive(path: str) -> bytes | None:
        try:
            return download(f"{site.rstrip('/')}/{path}", LARGEST_FEED).content
        except AbsentError:
            return None

    return receive
