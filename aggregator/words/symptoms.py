"""What `aggregator doctor` may say, topic by topic, as causes like those of the log. Pure.

What is wrong with a run has its words in `causes`; the doctor says those where they fit. Which of
all these holds is judged in `run.doctor`. docs/messages.md lists them.
"""

from collections.abc import Mapping

from aggregator.words.causes import (
    HELD,
    MISTAKES,
    RESTORE,
    STRANGER,
    TOKEN_REFUSED,
    UNREACHABLE,
    WRONG_CLOCK,
    Cause,
    Grade,
)

_OK, _BROKEN, _UNKNOWN = Grade.OK, Grade.BROKEN, Grade.UNKNOWN

NOT_ASKED = Cause(
    "nobody was asked: {why}",
    "this could not be looked at, so nothing is claimed about it",
    "run `aggregator doctor` where the network is, without `--offline`",
    _UNKNOWN,
)
# The token and what it may still do.
TOKEN_ABSENT = Cause(
    "there is no token",
    "GitHub answers 60 requests an hour: each run does what fits, and the rest waits",
    "set GITHUB_TOKEN to a token without any scope; in GitHub Actions `github.token` is enough",
)
TOKEN_FINE = Cause("GitHub accepts the token, which has no scope at all", grade=_OK)
TOKEN_UNSAID = Cause(
    "GitHub accepts the token, and does not say what it may do",
    "tokens of apps, of Actions and fine-grained ones name no scopes",
    grade=_OK,
)
TOKEN_TOO_MUCH = Cause(
    "the token may do more than is needed: {scopes}",
    "reading public repositories needs no scope; whoever gets hold of the token gets all it may do",
    "make one without any scope and put it in its place",
)
LIMIT_FINE = Cause("{left} of {limit} requests of this hour are left", grade=_OK)
LIMIT_LOW = Cause(
    "{left} of {limit} requests of this hour are left, and a night needs about {needed}",
    "a run now would ask about a part of the entries; the rest waits for the next one",
    "nothing: GitHub fills it up at {resets_at}",
)
LIMIT_UNSAID = Cause(
    "GitHub does not say what is left of this hour",
    "a refused token is told nothing, and a GitHub Enterprise may set no limit",
    "nothing, where the token above is well",
    _UNKNOWN,
)
# The site.
SITE_NOWHERE = Cause(
    "nobody has said where the site is",
    "feeds, the sitemap and pictures beside links need its address, and so does `--restore`",
    "set `showcase.url`; in GitHub Actions the workflow asks Pages",
)
SITE_SILENT = Cause(
    "{url} does not answer: {why}",
    "visitors may find nothing there, or only this machine cannot reach it",
    "open it in a browser; on GitHub, Settings, Pages says what was published last",
    _BROKEN,
)
SITE_OTHER = Cause(
    "{url} answers, without the proof of a showcase",
    "another site stands there, or the showcase was never published",
    "check `showcase.url`; publish with the workflow, or copy the output folder there",
    _BROKEN,
)
SITE_BEHIND = Cause(
    "{url} shows publication {theirs}, and here is publication {ours}",
    "the last build was not published",
    "publish the output folder; on GitHub, run the workflow",
)
SITE_OLD = Cause(
    "{url} shows facts of {day}",
    "its pages say since {days} days that their facts are old",
    "look at the last runs, below",
)
SITE_FINE = Cause("{url} shows this showcase: {projects}, facts of {day}", grade=_OK)
PAGES_OFF = Cause(
    "GitHub Pages is off in {repository}",
    "what the workflow builds is published nowhere",
    "Settings, Pages, Source: choose GitHub Actions",
    _BROKEN,
)
PAGES_ON = Cause("GitHub Pages is on in {repository}", grade=_OK)
# The machine.
CLOCK_FINE = Cause("the clock agrees with {server}, by {seconds} s", grade=_OK)
CLOCK_DRIFTS = Cause(
    "the clock is {minutes} away from that of {server}",
    "dates on the pages are off by that; from a day on nothing is written",
    "let the machine set its clock from the network",
)
CLOCK_UNSAID = Cause(
    "no server said what time it is",
    "nothing is claimed about the clock",
    "run `aggregator doctor` again where GitHub answers it",
    _UNKNOWN,
)
DISK_FINE = Cause("{free} are free at {place}", grade=_OK)
DISK_LOW = Cause(
    "{free} are free at {place}",
    "a build needs room for the new site beside the old one, here {needed}",
    "free some space; the folder `cache` in the state may go",
)
DISK_FULL = Cause(
    "{free} are free at {place}, and the next build needs {needed}",
    "nothing new can be written; the old site stays",
    "free some space; the folder `cache` in the state may go",
    _BROKEN,
)
VERSIONS_FINE = Cause("aggregator {version} on Python {python}, with all it asks for", grade=_OK)
VERSIONS_UNKNOWN = Cause(
    "aggregator {version} on Python {python}",
    "it was not installed as a package, so nobody can tell what it asks for",
    grade=_UNKNOWN,
)
VERSIONS_OFF = Cause(
    "what this program asks for is not here: {packages}",
    "commands may fail half-way, or render otherwise than they should",
    "install it anew, with `-c constraints.txt` where that file is",
    _BROKEN,
)
# The registry and the memory.
REGISTRY_FINE = Cause("{projects} in {registry}, without a mistake", grade=_OK)
REGISTRY_UNREADABLE = Cause(
    "{registry} cannot be used: {why}",
    "no run can begin; the site stays as it is",
    "`aggregator check` names line and cure",
    _BROKEN,
)
STATE_FINE = Cause("the memory is whole: {entries}", grade=_OK)
STATE_ABSENT = Cause(
    "there is no memory at {place}",
    "a run here would begin anew, without first days, news and numbers over time",
    f"{RESTORE} brings back what was published; on a first night, nothing",
)
STATE_UNREADABLE = Cause(
    "the memory cannot be used: {why}",
    "neither a build nor a run can begin",
    f"move it away, then {RESTORE}",
    _BROKEN,
)
STATE_NO_ROOM = Cause(
    "the memory cannot be read while the disk is full: {why}",
    "reading it takes a little room too; nothing says that it is damaged",
    "leave it where it is, make room, and ask the doctor again",
    _BROKEN,
)
STATE_NEWER = Cause(
    "{what}",
    "this version leaves it aside and publishes what it knows",
    "bring this program up to date",
)
# The nights.
NIGHT_FINE = Cause("the last run was on {day}", grade=_OK)
NIGHT_NEVER = Cause(
    "no run was ever made with this memory",
    "the site shows what members wrote, and nothing of what GitHub says",
    "`aggregator run`",
)
NIGHT_CUT_OFF = Cause(
    "the last run did not finish",
    "it was killed, or the power failed; what it had fetched is kept",
    "`aggregator run`; where it happens again, give it more time or memory",
)
NIGHT_STOPPED = Cause(
    "the last run, of {day}, was stopped by hand",
    "what it had fetched is kept, and the site stays as it was",
    "`aggregator run` goes on with the rest",
)
NIGHT_REFUSED = Cause(
    "the last run, of {day}, was refused: {failure}",
    "the program would not go on; what was published before stays as it was",
    "do what it says, then `aggregator run`",
)
NIGHT_FAILED = Cause(
    "the last run, of {day}, ended with {code}: {failure}",
    "what was published before stays where nothing better could take its place",
    "do what it says, then `aggregator run`; `aggregator runs` tells when it began",
)
NIGHT_OLD = Cause(
    "the last run that learnt anything was on {day}",
    "the facts are {days} days old, and every page says so from {limit} days on",
    "see below whether the schedule runs; else `aggregator run` and read what it says",
)
NIGHT_AHEAD = Cause(
    "the last run that learnt anything is of {day}, which is yet to come",
    "the clock of this machine is wrong, or was wrong then",
    "set the clock, then `aggregator run`: it mends dates that are yet to come",
)
NIGHT_NOTICE = Cause(
    "the last run left a notice: {notice}",
    "visitors see it on the status page",
    "read the list; when it is true, `aggregator run --accept-losses`",
)
NIGHT_SILENT = Cause(
    "the last run learnt nothing about some entries: {silent}",
    "what was known of them is still shown",
    "nothing after a planned limit; `aggregator status` says what each needs",
)
SCHEDULE_ABSENT = Cause(
    "no workflow here runs every night",
    "a site that nobody builds grows old; on a server `aggregator schedule` may do it",
    "`aggregator init --keep` writes a workflow, or let `aggregator schedule` run",
)
SCHEDULE_FINE = Cause("{workflow} runs by the schedule {cron}", grade=_OK)
SCHEDULE_OFF = Cause(
    "GitHub has switched {workflow} off ({state})",
    "nothing runs at night any more; GitHub does so after 60 days without a push, or a person did",
    "Actions, choose the workflow, Enable workflow",
    _BROKEN,
)
SCHEDULE_SOON_OFF = Cause(
    "nothing was pushed to {repository} since {day}, and no workflow enabled",
    "60 days later GitHub switches scheduled workflows off, which is on {end}",
    "push anything before that day; `aggregator upgrade` brings a workflow that enables itself",
)
SCHEDULE_LATE = Cause(
    "{workflow} ran last on {day}",
    "a nightly job drifts by hours, not by days: some nights were left out",
    "Actions says whether it waits, failed or is off; run it by hand",
)
SCHEDULE_FAILED = Cause(
    "{workflow} failed on {day}",
    "it publishes first and fails last, so the site is there; somebody must look",
    "open {address}: the summary says why",
)

TOPICS: Mapping[str, tuple[Cause, ...]] = {
    "token": (TOKEN_FINE, TOKEN_UNSAID, TOKEN_ABSENT, TOKEN_TOO_MUCH, TOKEN_REFUSED),
    "limits": (LIMIT_FINE, LIMIT_LOW, LIMIT_UNSAID, UNREACHABLE),
    "site": (SITE_FINE, SITE_NOWHERE, SITE_SILENT, SITE_OTHER, STRANGER, SITE_BEHIND, SITE_OLD),
    "pages": (PAGES_ON, PAGES_OFF),
    "clock": (CLOCK_FINE, CLOCK_DRIFTS, CLOCK_UNSAID, WRONG_CLOCK),
    "disk": (DISK_FINE, DISK_LOW, DISK_FULL),
    "versions": (VERSIONS_FINE, VERSIONS_UNKNOWN, VERSIONS_OFF),
    "registry": (REGISTRY_FINE, MISTAKES, REGISTRY_UNREADABLE),
    "memory": (STATE_FINE, STATE_ABSENT, STATE_UNREADABLE, STATE_NO_ROOM, STATE_NEWER, HELD),
    "runs": (
        NIGHT_FINE,
        NIGHT_NEVER,
        NIGHT_CUT_OFF,
        NIGHT_STOPPED,
        NIGHT_REFUSED,
        NIGHT_FAILED,
        NIGHT_OLD,
        NIGHT_AHEAD,
        NIGHT_NOTICE,
        NIGHT_SILENT,
    ),
    "schedule": (
        SCHEDULE_FINE,
        SCHEDULE_ABSENT,
        SCHEDULE_OFF,
        SCHEDULE_SOON_OFF,
        SCHEDULE_LATE,
        SCHEDULE_FAILED,
    ),
}
"""What the doctor may say under each heading, besides NOT_ASKED, which may stand under any."""
