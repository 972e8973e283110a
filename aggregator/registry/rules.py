"""The rules for single values: what a member may write, and the words when it is not that.

Each rule is a type that the models use. A rule takes the text of one value and
gives the value, or raises `complaint(what, cure)`. No rule knows where the value
stands, and none asks the network.
"""

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from aggregator.registry.mistakes import UNREADABLE
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

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

URL_LENGTH = 500
STORY_LENGTH = 20_000

# As GitHub's own topics spell them: https://github.com/topics
NAMES_WITH_SIGNS = {"c++": "cpp", "c#": "csharp", "f#": "fsharp", ".net": "dotnet"}
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PART = r"[a-z0-9-]{1,63}"
DOMAIN = re.compile(rf"(?=.{{4,253}}\Z){_PART}(\.{_PART})*\.(?![0-9-]+\Z)[a-z0-9-]{{2,63}}")
GLUED_REPO = re.compile(r"repo\s*[:=]\s*([\w.-]+/[\w.-]+)", re.IGNORECASE)
SEVERAL_REPOS = re.compile(r"[\w.-]+/[\w.-]+(?:\s*(?:[,;&+]|\band\b|\s)\s*[\w.-]+/[\w.-]+)+")
PAGES_ADDRESS = re.compile(r"(?:https?://)?([\w-]+)\.github\.io(?:/([\w.-]+))?", re.IGNORECASE)
ANY_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?((?:[\w-]+\.)+[a-z]{2,})(?:/|$)", re.IGNORECASE)
# https://git-scm.com/docs/git-check-ref-format
NO_BRANCH = re.compile(r"[\s~^:?*\[\\]|\.\.|@\{|//|^[-/.]|[/.]$|\.lock$|^@$")
# Any day tells whether a schedule has a next one.
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
HOST = re.compile(r"(?:[\w-]+(?:\.[\w-]+)*\.?|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?")
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
BRITISH_DAY = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})")
ISO_LIKE_DAY = re.compile(r"(\d{4})[/. -](\d{1,2})[/. -](\d{1,2})(?:[T ].*)?")


def complaint(what: str, cure: str) -> PydanticCustomError:
    """Make the error a rule raises; the loader adds where it stands."""
    return PydanticCustomError("registry", "{what}", {"what": what, "cure": cure})


def shown(text: str, length: int = 60) -> str:
    """Quote what somebody wrote, shortened and on one line, for a message."""
    flat = UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))
    return f"`{flat if len(flat) <= length else flat[: length - 1] + '…'}`"


def a_text(value: object) -> str:
    """Insist on one piece of readable text and tidy the white space around it."""
    if not isinstance(value, str):
        raise complaint(
            "this must be one piece of text", "write a single text after the colon, not a list"
        )
    if UNREADABLE.search(value):
        raise complaint(
            "this contains a character that cannot be shown (an invisible or control character)",
            "delete the value and type it again, and save the file as UTF-8",
        )
    if not value.strip():
        raise complaint("nothing is written here", "fill it in, or delete the line")
    return value.replace("\N{NO-BREAK SPACE}", " ").strip()


def _one_line(value: object) -> str:
    return " ".join(a_text(value).split())


def read_repo(value: object) -> RepoName:
    """Read `owner/name`, naming the exact cure for what people paste instead."""
    if isinstance(value, RepoName):
        return value
    text = _one_line(value)
    try:
        return RepoName.parse(text)
    except ValueError:
        raise _repo_complaint(text) from None


def _repo_complaint(text: str) -> PydanticCustomError:
    meant = meant_repo(text)
    device = next((part for part in text.split("/") if is_device(part)), None)
    if device:
        what = f"{shown(text)} cannot have a page, because Windows keeps {shown(device)} for itself"
        return complaint(what, "list it under another name, after renaming it on GitHub")
    glued = GLUED_REPO.match(text)
    if glued:
        what = "`repo` is followed by a colon and a space, and so is every other field's name"
        return complaint(what, f"write `repo: {glued[1]}`")
    if meant is None:
        return complaint(f"{shown(text)} is not the name of a repository", repo_cure(text))
    if "github.com" in text.lower():
        return complaint("this is an address, not a name", f"write {meant}")
    return complaint(f"{shown(text)} is not quite a repository name", f"write {meant}")


def repo_cure(text: str) -> str:
    """Say what to write instead of something that is no repository, by what it looks like."""
    names = SEVERAL_REPOS.fullmatch(text)
    website, address = PAGES_ADDRESS.match(text), ANY_ADDRESS.match(text)
    if names:
        return "list each on its own line, after a dash"
    if website:
        repo = f"{website[1]}/{website[2] or 'name'}"
        return f"that is a website; if its repository is github.com/{repo}, write {repo}"
    if address and "github.com" in address[1].lower():
        return "open the repository itself on GitHub and copy owner/name from its address"
    if address:
        return "only repositories on GitHub can be listed, as owner/name"
    return "write owner/name, as in the address github.com/owner/name"


def _login(value: object) -> str:
    text = _one_line(value)
    if is_owner(text):
        return text
    bare = re.sub(r"^(https?://)?(www\.)?github\.com/", "", text.strip(CURLY_QUOTES + "\"'"))
    bare = bare.strip("@/ ")
    if is_owner(bare):
        raise complaint(f"{shown(text)} is not a GitHub login", f"write {bare}")
    raise complaint(
        f"{shown(text)} is not a GitHub login",
        "write the part after github.com/ of the person's or organisation's page",
    )


def _slug(value: object) -> str:
    text = _one_line(value)
    if is_slug(text):
        return text
    meant = slug_of(text)
    cure = f"write {meant}" if meant else "use small letters, digits and single hyphens"
    if len(text) > SLUG_LENGTH:
        cure = f"use at most {SLUG_LENGTH} characters"
    raise complaint(
        f"{shown(text)} cannot be part of a web address (small letters, digits, hyphens)", cure
    )


def _tag(value: object) -> str:
    """Read a label as the slug that it plainly means; ask about any other."""
    text = _one_line(value).lstrip("#").strip()
    known = NAMES_WITH_SIGNS.get(text.lower())
    plain = len(text) <= SLUG_LENGTH and re.fullmatch(r"[\w\s&'\u2019/-]+", text)
    return known or (slug_of(text) if plain else "") or _slug(text or value)


def _stage(value: object) -> str:
    text = _one_line(value)
    if len(text) > SLUG_LENGTH or not is_slug(slug_of(text)):
        raise complaint(
            f"{shown(text)} cannot name a stage",
            f"use letters, digits and spaces, at most {SLUG_LENGTH} characters",
        )
    return text


def _url(value: object) -> str:
    text = _one_line(value)
    cure = "write the whole address, beginning with https://"
    if len(text) > URL_LENGTH:
        raise complaint(f"this address is longer than {URL_LENGTH} characters", "use a shorter one")
    if not re.match(r"https?://", text):
        if re.match(r"(?:www\.)?[\w-]+(\.[\w-]+)+(/\S*)?$", text):
            cure = f"write https://{text}"
        raise complaint(f"{shown(text)} is not a web address", cure)
    if not _is_sound_address(text):
        raise complaint(f"{shown(text)} is not a web address that works", cure)
    return text


def _is_sound_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:
        return False
    host_is_sound = HOST.fullmatch(parts.netloc) is not None
    return host_is_sound and port_is_sound and not re.search(r"[\s<>\"\\^`{|}]", text)


def _site_url(value: object) -> str:
    repo = meant_repo(_one_line(value)) if "github.com" in str(value).lower() else None
    if repo:
        what = "this is the address of the repository, not of the site"
        pages = f"https://{repo.owner.lower()}.github.io/{repo.name}/"
        raise complaint(what, f"write `repository: {repo}`, and here where visitors go: {pages}")
    return _url(value).split("#")[0].split("?")[0].rstrip("/") + "/"


def _contact(value: object) -> str:
    text = _one_line(value)
    return text if EMAIL.fullmatch(text) and len(text) <= 254 else _url(text)


def _domain(value: object) -> str:
    text = _one_line(value).lower().rstrip(".")
    if DOMAIN.fullmatch(plain_host(text)):
        return text
    host = host_of(text) or plain_host(text.split("/")[0].removeprefix("*."))
    cure = f"write {host}" if DOMAIN.fullmatch(host) else "write a domain, as example.org"
    raise complaint(f"{shown(text)} is not a domain alone", cure)


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    text = _one_line(value)
    iso = ISO_DAY.fullmatch(text)
    day = _calendar_day(*iso.groups()) if iso else None
    if day is not None:
        return day
    raise complaint(f"{shown(text)} is not a date", _day_cure(text))


def _day_cure(text: str) -> str:
    british, turned = BRITISH_DAY.fullmatch(text), ISO_LIKE_DAY.fullmatch(text)
    meant = None
    if british:
        meant = _calendar_day(british[3], british[2], british[1])
    elif turned:
        meant = _calendar_day(turned[1], turned[2], turned[3])
    day = meant.isoformat() if meant else "a day that exists, as 2026-10-28"
    return f"write {day} (year-month-day)"


def _calendar_day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if 1970 <= found.year <= 2199 else None


def _accent(value: object) -> str:
    text = _one_line(value).lower()
    short = re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])", text)
    if short:
        return "#" + "".join(digit * 2 for digit in short.groups())
    if re.fullmatch(r"#[0-9a-f]{6}", text):
        return text
    raise complaint(
        f"{shown(text)} is not a colour as the pages need it",
        'write # and six digits or letters a to f, in quotes: "#225faa"',
    )


def _kept(value: object) -> str:
    """Read a path or pattern below the output folder; nothing outside it can be meant."""
    text = _one_line(value)
    bare = text.removeprefix("./").rstrip("/")
    parts = bare.split("/")
    if re.search(r"^[~/]|\\|:", text) or any(part in {"", ".", ".."} for part in parts):
        raise complaint(
            f"{shown(text)} is not a path inside the output folder",
            "write it from the top of that folder, with forward slashes: `.well-known/`",
        )
    if all(set(part) <= {"*", "?"} for part in parts):
        raise complaint(
            f"{shown(text)} means every file, and old pages would never go away",
            "name the files or the folder to keep",
        )
    return re.sub(r"(?:\*\*/)+", "**/", bare)


def _language(value: object) -> str:
    text = _one_line(value)
    if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", text):
        return text
    raise complaint(f"{shown(text)} is not a language code", "write it as en-GB or cy")


def _schedule(value: object) -> str:
    text = _one_line(value)
    try:
        trigger_of(text)
    except ValueError as problem:
        cure = 'write minute, hour, day, month and day of the week, as "17 3 * * *" for 03:17'
        raise complaint(f"{shown(text)} is not a schedule ({problem})", cure) from None
    return text


def trigger_of(expression: str, timezone: str = "UTC") -> "CronTrigger":
    """Read a crontab line of five fields, such as "17 3 * * *".

    Raises:
        ValueError: The line or the time zone is not one, or the day never comes.
    """
    # Few registries have a schedule, and every command would wait for this.
    from apscheduler.triggers.cron import CronTrigger  # noqa: PLC0415

    try:
        trigger = CronTrigger.from_crontab(expression, timezone=timezone)
    except LookupError as problem:
        raise ValueError(f"{timezone!r} is not a time zone") from problem
    if trigger.get_next_fire_time(None, SOME_DAY) is None:
        raise ValueError("such a day never comes")
    return trigger


def _branch(value: object) -> str:
    text = _one_line(value)
    if NO_BRANCH.search(text):
        what = f"{shown(text)} cannot be the name of a branch"
        raise complaint(what, "write it as on GitHub, for example main")
    return text


def _as_list(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return value
    raise PydanticCustomError("not_a_list", "this must be a list")


def _schema(**parts: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **parts})


Item = TypeVar("Item")

Listed = Annotated[tuple[Item, ...], BeforeValidator(_as_list)]
Line = Annotated[str, BeforeValidator(_one_line), Field(min_length=1)]
Schedule = Annotated[str, BeforeValidator(_schedule), _schema(minLength=9)]
Branch = Annotated[str, BeforeValidator(_branch), _schema(minLength=1)]
Markdown = Annotated[str, BeforeValidator(a_text), Field(min_length=1, max_length=STORY_LENGTH)]
Repo = Annotated[
    RepoName,
    PlainValidator(read_repo),
    PlainSerializer(str),
    _schema(pattern=f"^{OWNER.pattern}/{NAME.pattern}$"),
]
Login = Annotated[str, BeforeValidator(_login), _schema(pattern=f"^{OWNER.pattern}$")]
Slug = Annotated[
    str, BeforeValidator(_slug), _schema(pattern=f"^{SLUG.pattern}$", maxLength=SLUG_LENGTH)
]
Reference = Annotated[
    str,
    BeforeValidator(_one_line),
    Field(max_length=150),
    _schema(pattern=f"^{SLUG.pattern}$", maxLength=SLUG_LENGTH),
]
Tag = Annotated[str, BeforeValidator(_tag), _schema(minLength=1, maxLength=SLUG_LENGTH)]
Tags = Annotated[
    tuple[Tag, ...],
    BeforeValidator(_as_list),
    AfterValidator(lambda tags: tuple(dict.fromkeys(tags))),
]
Stage = Annotated[str, BeforeValidator(_stage), _schema(minLength=1, maxLength=SLUG_LENGTH)]
Url = Annotated[str, BeforeValidator(_url), _schema(pattern="^https?://", maxLength=URL_LENGTH)]
SiteUrl = Annotated[
    str, BeforeValidator(_site_url), _schema(pattern="^https?://", maxLength=URL_LENGTH)
]
Domain = Annotated[str, BeforeValidator(_domain), _schema(minLength=4, maxLength=253)]
Contact = Annotated[str, BeforeValidator(_contact), _schema(maxLength=URL_LENGTH)]
Day = Annotated[
    date,
    BeforeValidator(_day),
    _schema(format="date"),
]
Accent = Annotated[
    str, BeforeValidator(_accent), _schema(pattern="^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$")
]
Kept = Annotated[str, BeforeValidator(_kept), _schema(minLength=1), Field(max_length=200)]
Language = Annotated[str, BeforeValidator(_language), _schema(minLength=2, maxLength=35)]
