"""The rules for single values: what a member may write, and the words when it is not that.

A rule takes the text of one value and gives the value, or raises `RefusedError`; `models` declares
the fields by them. No rule knows where the value stands, and none asks the network.
"""

import re
from datetime import UTC, date, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Any

from aggregator.registry.declaration import RefusedError, Rule
from aggregator.registry.mistakes import near, shown
from aggregator.words.addresses import PUBLISHED_CATALOGUE, is_web_address, split_address
from aggregator.words.blocked import host_of, plain_host
from aggregator.words.names import (
    CURLY_QUOTES,
    NAME,
    OWNER,
    SLUG,
    SLUG_LENGTH,
    RepoName,
    is_device,
    is_owner,
    is_slug,
    meant_repo,
    slug_of,
)
from aggregator.words.phrases import listed

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

_URL_LENGTH = 500
_STORY_LENGTH = 20_000
_EMAIL_LENGTH = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets
# As GitHub's own topics spell them: https://github.com/topics
_NAMES_WITH_SIGNS = {"c++": "cpp", "c#": "csharp", "f#": "fsharp", ".net": "dotnet"}
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PART = r"[a-z0-9-]{1,63}"
_DOMAIN = re.compile(rf"(?=.{{4,253}}\Z){_PART}(\.{_PART})*\.(?![0-9-]+\Z)[a-z0-9-]{{2,63}}")
# No user and password before it: what looks like one site would lead to another.
_HOST = re.compile(r"(?:[\w-]+(?:\.[\w-]+)*\.?|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?")
_GLUED_REPO = re.compile(r"repo\s*[:=]\s*([\w.-]+/[\w.-]+)", re.IGNORECASE)
_SEVERAL_REPOS = re.compile(r"[\w.-]+/[\w.-]+(?:\s*(?:[,;&+]|\band\b|\s)\s*[\w.-]+/[\w.-]+)+")
# Whatever of it is named: a page, what git clones, or a file.
_GIST = re.compile(r"(?<![\w.-])gist\.github(?:usercontent)?\.com(?![\w.-])", re.IGNORECASE)
_OF_A_GIST = "press New repository on GitHub, put its files there, and write owner/name of that"
_PAGES_ADDRESS = re.compile(r"(?:https?://)?([\w-]+)\.github\.io(?:/([\w.-]+))?", re.IGNORECASE)
_ANY_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?((?:[\w-]+\.)+[a-z]{2,})(?:/|$)", re.IGNORECASE)
# https://git-scm.com/docs/git-check-ref-format
_NO_BRANCH = re.compile(r"[\s~^:?*\[\\]|\.\.|@\{|//|^[-/.]|[/.]$|\.lock$|^@$")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_BRITISH_DAY = re.compile(r"(?P<day>\d{1,2})[/. -](?P<month>\d{1,2})[/. -](?P<year>\d{4})")
_ISO_LIKE_DAY = re.compile(
    r"(?P<year>\d{4})[/. -](?P<month>\d{1,2})[/. -](?P<day>\d{1,2})(?:[T ].*)?"
)
# As crontab(5) counts them; APScheduler counts from Monday, but knows the names.
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NUMBERED_WEEKDAYS = re.compile(r"(?:\*|([0-7])(?:-([0-7]))?)(?:/([1-7]))?")
# Any day tells whether a schedule has a next one.
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def _repo(text: str) -> RepoName:
    """Read `owner/name`, naming the exact cure for what people paste instead."""
    try:
        return RepoName.parse(text)
    except ValueError:
        raise _repo_refused(text) from None


def _repo_refused(text: str) -> RefusedError:
    meant = meant_repo(text)
    device = next((part for part in text.split("/") if is_device(part)), None)
    if device:
        what = f"{shown(text)} cannot have a page, because Windows keeps {shown(device)} for itself"
        return RefusedError(what, "list it under another name, after renaming it on GitHub")
    if glued := _GLUED_REPO.match(text):
        what = "`repo` is followed by a colon and a space, and so is every other field's name"
        return RefusedError(what, f"write `repo: {glued[1]}`")
    if meant is None:
        return RefusedError(f"{shown(text)} is not the name of a repository", repo_cure(text))
    if "github.com" in text.lower():
        return RefusedError("this is an address, not a name", f"write {meant}")
    return RefusedError(f"{shown(text)} is not quite a repository name", f"write {meant}")


def repo_cure(text: str) -> str:
    """Say what to write instead of something that is no repository, by what it looks like."""
    if _SEVERAL_REPOS.fullmatch(text):
        return "list each on its own line, after a dash"
    if _GIST.search(text):
        return f"a gist is no repository, so make one of it: {_OF_A_GIST}"
    if website := _PAGES_ADDRESS.match(text):
        repo = f"{website[1]}/{website[2] or 'name'}"
        return f"that is a website; if its repository is github.com/{repo}, write {repo}"
    address = _ANY_ADDRESS.match(text)
    if address and "github.com" in address[1].lower():
        return "open the repository itself on GitHub and copy owner/name from its address"
    if address:
        return "only repositories on GitHub can be listed, as owner/name"
    return "write owner/name, as in the address github.com/owner/name"


def _login(text: str) -> str:
    if is_owner(text):
        return text
    bare = re.sub(r"^(https?://)?(www\.)?github\.com/", "", text.strip(CURLY_QUOTES + "\"'"))
    bare = bare.strip("@/ ")
    cure = "write the part after github.com/ of the person's or organisation's page"
    raise RefusedError(
        f"{shown(text)} is not a GitHub login", f"write {bare}" if is_owner(bare) else cure
    )


def _slug(text: str) -> str:
    if is_slug(text):
        return text
    meant = slug_of(text)
    cure = f"write {meant}" if meant else "use small letters, digits and single hyphens"
    if len(text) > SLUG_LENGTH:
        cure = f"use at most {SLUG_LENGTH} characters"
    what = f"{shown(text)} cannot be part of a web address (small letters, digits, hyphens)"
    raise RefusedError(what, cure)


def _tag(written: str) -> str:
    """Read a label as the slug that it plainly means; ask about any other."""
    text = written.lstrip("#").strip()
    known = _NAMES_WITH_SIGNS.get(text.lower())
    plain = len(text) <= SLUG_LENGTH and re.fullmatch(r"[\w\s&'\u2019/-]+", text)
    return known or (slug_of(text) if plain else "") or _slug(text or written)


def _stage(text: str) -> str:
    if len(text) <= SLUG_LENGTH and is_slug(slug_of(text)):
        return text
    cure = f"use letters, digits and spaces, at most {SLUG_LENGTH} characters"
    raise RefusedError(f"{shown(text)} cannot name a stage", cure)


def _url(text: str) -> str:
    cure = "write the whole address, beginning with https://"
    if len(text) > _URL_LENGTH:
        what = f"this address is longer than {_URL_LENGTH} characters"
        raise RefusedError(what, "use a shorter one")
    # Pages link to it, so no other scheme may pass, `javascript:` above all.
    if not re.match(r"https?://", text):
        if re.match(r"(?:www\.)?[\w-]+(\.[\w-]+)+(/\S*)?$", text):
            cure = f"write https://{text}"
        raise RefusedError(f"{shown(text)} is not a web address", cure)
    if not _is_sound_address(text):
        raise RefusedError(f"{shown(text)} is not a web address that works", cure)
    return text


def _is_sound_address(text: str) -> bool:
    """Ask more than the pages do: what a browser would mend, a member can still put right."""
    address = split_address(text) if is_web_address(text) else None
    if address is None or address.port == 0 or not _HOST.fullmatch(address.netloc):
        return False
    return not re.search(r"[\s<>\"\\^`{|}]", text)


def _site_url(text: str) -> str:
    repo = meant_repo(text) if "github.com" in text.lower() else None
    if repo:
        what = "this is the address of the repository, not of the site"
        pages = f"https://{repo.owner.lower()}.github.io/{repo.name}/"
        raise RefusedError(what, f"write `repository: {repo}`, and here where visitors go: {pages}")
    return _url(text).split("#")[0].split("?")[0].rstrip("/") + "/"


def _catalogue(text: str) -> str:
    """Read where a showcase publishes its catalogue; the address of its first page will do."""
    file = _url(text).split("#")[0]
    address = split_address(file)
    names_a_file = address is not None and address.path.endswith(".json")
    return file if names_a_file else f"{_site_url(text)}{PUBLISHED_CATALOGUE}"


def _contact(text: str) -> str:
    return text if _EMAIL.fullmatch(text) and len(text) <= _EMAIL_LENGTH else _url(text)


def _domain(written: str) -> str:
    text = written.lower().rstrip(".")
    if _DOMAIN.fullmatch(plain_host(text)):
        return text
    host = host_of(text) or plain_host(text.split("/")[0].removeprefix("*."))
    cure = f"write {host}" if _DOMAIN.fullmatch(host) else "write a domain, as example.org"
    raise RefusedError(f"{shown(text)} is not a domain alone", cure)


def _day(text: str) -> date:
    iso = _ISO_DAY.fullmatch(text)
    day = _calendar_day(*iso.groups()) if iso else None
    if day is not None:
        return day
    other = _BRITISH_DAY.fullmatch(text) or _ISO_LIKE_DAY.fullmatch(text)
    meant = _calendar_day(**other.groupdict()) if other else None
    example = meant.isoformat() if meant else "a day that exists, as 2026-10-28"
    raise RefusedError(f"{shown(text)} is not a date", f"write {example} (year-month-day)")


def _calendar_day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    # A year such as 0206 is a slip of the finger, and no talk or listing is that old.
    return found if 1970 <= found.year <= 2199 else None


def _time(text: str) -> time:
    found = re.fullmatch(r"([01]?\d|2[0-3])[:.h]([0-5]\d)", text)
    if found:
        return time(int(found[1]), int(found[2]))
    raise RefusedError(f"{shown(text)} is not a time of day", 'write it in quotes, as "14:00"')


def _zone(text: str) -> str:
    zones = _zones()
    if text in zones:
        return text
    cities = {zone.rpartition("/")[2].lower(): zone for zone in sorted(zones)}
    meant = cities.get(text.lower().replace(" ", "_"))
    if "/" in text:
        meant = near(text, sorted(zones))
    cure = f"did you mean {meant}?" if meant else "write a name such as Europe/London"
    raise RefusedError(f"{shown(text)} is not a time zone of the IANA list", cure)


@cache
def _zones() -> frozenset[str]:
    """Give the names that are the same everywhere.

    A machine knows others too: "localtime" is its own, and "right/UTC" counts leap seconds.
    """
    from importlib.resources import files  # noqa: PLC0415 - few registries name a time zone

    names = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return frozenset(names) - {"Factory"}


def _spdx(text: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.+-]*", text):
        return text
    cure = "write it as CC0-1.0 or OGL-UK-3.0, from https://spdx.org/licenses/"
    raise RefusedError(f"{shown(text)} is not an SPDX identifier", cure)


def _accent(written: str) -> str:
    text = written.lower()
    if short := re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])", text):
        return "#" + "".join(digit * 2 for digit in short.groups())
    if re.fullmatch(r"#[0-9a-f]{6}", text):
        return text
    cure = 'write # and six digits or letters a to f, in quotes: "#225faa"'
    raise RefusedError(f"{shown(text)} is not a colour as the pages need it", cure)


def _kept(text: str) -> str:
    """Read a path or pattern below the output folder; nothing outside it can be meant."""
    bare = text.removeprefix("./").rstrip("/")
    folders = bare.split("/")
    if re.search(r"^[~/]|\\|:", text) or any(name in {"", ".", ".."} for name in folders):
        cure = "write it from the top of that folder, with forward slashes: `.well-known/`"
        raise RefusedError(f"{shown(text)} is not a path inside the output folder", cure)
    if all(set(name) <= {"*", "?"} for name in folders):
        what = f"{shown(text)} means every file, and old pages would never go away"
        raise RefusedError(what, "name the files or the folder to keep")
    return re.sub(r"(?:\*\*/)+", "**/", bare)


def _language(text: str) -> str:
    # The shape of RFC 5646, which the attribute `lang` of a page takes.
    if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", text):
        return text
    raise RefusedError(f"{shown(text)} is not a language code", "write it as en-GB or cy")


def _branch(text: str) -> str:
    if not _NO_BRANCH.search(text):
        return text
    what = f"{shown(text)} cannot be the name of a branch"
    raise RefusedError(what, "write it as on GitHub, for example main")


def _schedule(text: str) -> str:
    try:
        trigger_of(text)
    except ValueError as problem:
        cure = 'write minute, hour, day, month and day of the week, as "17 3 * * *" for 03:17'
        raise RefusedError(f"{shown(text)} is not a schedule ({problem})", cure) from None
    return text


def trigger_of(expression: str) -> "CronTrigger":
    """Read a crontab line of five fields, in UTC, such as "17 3 * * *"; 0 and 7 are Sunday.

    Raises:
        ValueError: The line is not one, or the day never comes.
    """
    # Few registries hold a schedule, and this costs as much time as all else that reads one.
    from apscheduler.triggers.cron import CronTrigger  # noqa: PLC0415 - see above

    *fields, weekdays = expression.split() or [""]
    named = ",".join(map(_named_weekdays, weekdays.split(",")))
    trigger = CronTrigger.from_crontab(" ".join([*fields, named]), timezone="UTC")
    if trigger.get_next_fire_time(None, _SOME_DAY) is None:
        raise ValueError("such a day never comes")
    return trigger


def _named_weekdays(part: str) -> str:
    """Name the days of the week that numbers stand for; what is no such number stays as it is."""
    found = _NUMBERED_WEEKDAYS.fullmatch(part)
    if not found or part == "*":
        return part
    first, last, step = found.groups()
    start = int(first or 0)
    end = int(last or (6 if step or not first else start))
    days = _WEEKDAYS[start : end + 1 : int(step or 1)]
    return ",".join(dict.fromkeys(days)) or part


def _is(kind: str = "string", **form: Any) -> dict[str, Any]:
    """Tell editors the form of a value; the rule itself tells the member."""
    return {"type": kind, **form}


def one_of(*words: str) -> Rule:
    """Make the rule of a field that takes one of some words."""

    def read(text: str) -> str:
        if text in words:
            return text
        meant = near(text, words) or near(text.replace(" ", "-"), words)
        choices = f"one of {listed(words)}" if len(words) > 1 else words[0]
        cure = f"did you mean {meant}?" if meant else f"write {choices}"
        raise RefusedError(f"{shown(text)} is not a choice here", cure)

    return Rule(read, _is(enum=list(words)))


def whole_number(least: int, most: int) -> Rule:
    """Make the rule of a field that takes a number."""

    def read(text: str) -> int:
        # Bounded before it is read: `int` refuses thousands, and takes those of any script.
        digits = re.fullmatch("0*([0-9]{1,9})", text)
        if digits and least <= int(digits[1]) <= most:
            return int(digits[1])
        cure = f"write a whole number from {least} to {most}"
        raise RefusedError(f"{shown(text)} does not fit", cure)

    return Rule(read, _is("integer", minimum=least, maximum=most))


_ADDRESS = _is(pattern="^https?://", maxLength=_URL_LENGTH)
_SLUG = _is(pattern=f"^{SLUG.pattern}$", maxLength=SLUG_LENGTH)
_LABEL = _is(minLength=1, maxLength=SLUG_LENGTH)

WORD = Rule(str, _is(minLength=1))
LINE = Rule(str, _is(minLength=1), free_text=True)
MARKDOWN = Rule(
    str, _is(minLength=1, maxLength=_STORY_LENGTH), _STORY_LENGTH, lines=True, free_text=True
)
REPO = Rule(_repo, _is(pattern=f"^{OWNER.pattern}/{NAME.pattern}$"))
LOGIN = Rule(_login, _is(pattern=f"^{OWNER.pattern}$"))
SHORT_NAME = Rule(_slug, _SLUG)
# Whether there is such an organisation shows only when all are read.
REFERENCE = Rule(str, _SLUG, at_most=150)
TAG = Rule(_tag, _LABEL, free_text=True)
# The stages of a showcase are made up by its people; an entry names one of them.
STAGE_NAME = Rule(_stage, _LABEL, free_text=True)
STAGE = Rule(_stage, _LABEL)
URL = Rule(_url, _ADDRESS)
SITE_URL = Rule(_site_url, _ADDRESS)
CATALOGUE = Rule(_catalogue, _ADDRESS)
DOMAIN = Rule(_domain, _is(minLength=4, maxLength=253))
CONTACT = Rule(_contact, _is(maxLength=_URL_LENGTH))
DAY = Rule(_day, _is(format="date"))
TIME = Rule(_time, _is(pattern="^([01]?[0-9]|2[0-3])[:.h][0-5][0-9]$"))
ZONE = Rule(_zone, _is(minLength=1), at_most=60)
SPDX = Rule(_spdx, _is(minLength=1), at_most=60)
LABEL = Rule(str, _LABEL, at_most=SLUG_LENGTH, free_text=True)
ACCENT = Rule(_accent, _is(pattern="^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$"))
KEPT = Rule(_kept, _is(minLength=1), at_most=200)
LANGUAGE = Rule(_language, _is(minLength=2, maxLength=35))
BRANCH = Rule(_branch, _is(minLength=1))
SCHEDULE = Rule(_schedule, _is(minLength=9))
