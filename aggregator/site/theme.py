"""The look: templates and static files, from a community's own folder first.

A theme turns what a page says into a file, and knows nothing of projects; what becomes of static
files is said in `assets`. `run` makes a theme with `load_theme`, which alone reads templates and
static files; nothing is written here. A theme itself is plain data, which other processes can be
sent: each makes Jinja's part of it once.
"""

import re
import traceback
from collections.abc import Callable, Hashable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    pass_context,
)
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from aggregator.site.assets import Assets, assets_of, fingerprint
from aggregator.site.colour import DARK_SURFACES, LIGHT_SURFACES, Accent, accent_from
from aggregator.site.frame import PageContext, Site
from aggregator.site.recipes import File
from aggregator.site.translations import (
    LANGUAGES,
    TemplateText,
    attributes_of_text,
    language_attributes,
    speech_of,
    words_of,
)
from aggregator.words import addresses, phrases
from aggregator.words.errors import UsageError
from aggregator.words.speech import Speech, number, speaking

_FOLDER, _STATIC = "site_templates", "static/"
# How a template draws in another, and the form of it that says which without being run.
# Over text and not bytes: what Jinja takes for a space is more than ASCII knows.
_DRAWS_IN = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\b(.*?)%\}", re.DOTALL)
_BY_NAME = re.compile(
    r"""\s*["']([^"'\\]+)["'](?:\s+(?:import|as|ignore|with|without)\b.*|\s*[-+]?)""", re.DOTALL
)
# What a template of somebody else can do wrong; in a template of ours each is a bug.
_FAULTS = (
    *(TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
    RecursionError,  # it includes itself
)


@dataclass(frozen=True, slots=True)
class Theme:
    """Templates, static files and colours that belong together.

    Args:
        fingerprint: of all of them.
        prints: what fills one template, by its name: a page hangs on nothing else of a theme.
        accent: the community's colour on light and on dark ground.
        templates: by name, as a template names another.
        assets: the static files.
        speech: the language that the pages speak.
        override: the community's own folder, to which faults are traced; None for none.
    """

    fingerprint: str
    accent: Accent
    prints: Mapping[str, str] = field(repr=False, compare=False)
    templates: Mapping[str, TemplateText] = field(repr=False, compare=False)
    assets: Assets = field(repr=False, compare=False)
    speech: Speech = field(default=Speech(), repr=False, compare=False)
    override: Path | None = field(default=None, repr=False, compare=False)

    @property
    def environment(self) -> Environment:
        """Give Jinja's part of it, made once in each process."""
        return _environment(_Likeness(self.fingerprint, self.override, self))

    def page(self, site: Site, context: PageContext) -> File:
        """Give the file of a page: its template is filled when the file is made.

        Making it raises a UsageError when a template in the community's own folder is wrong.
        """
        return File(context.page.path, (self.look(context.template), site, context), _filled)

    def look(self, template: str, *, dressed: bool = True) -> "Look":
        """Give what a file that is made with one template hangs on; `dressed`: in static files."""
        whole = self.prints[template]
        return Look(whole if dressed else whole.partition("-")[0], self)

    def filled(self, template: str, offered: Mapping[str, object]) -> str:
        """Fill a template.

        Raises:
            UsageError: a template in the community's own folder is wrong.
        """
        try:
            with speaking(self.speech):
                return self.environment.get_template(template).render(offered)
        except _FAULTS as problem:
            if self.override is None:
                raise
            raise _wrong_template(problem, self.override, template) from problem


@dataclass(frozen=True, slots=True)
class Look:
    """A theme as one file sees it: what of it the bytes hang on, and nothing else, is told."""

    templates: str  # the print of those that fill it, with the static files
    theme: Theme = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class _Likeness:
    """What tells environments apart; equal ones are made of equal themes."""

    fingerprint: str
    override: Path | None
    theme: Theme = field(compare=False)


def _filled(values: tuple[Look, Site, PageContext]) -> bytes:
    look, site, context = values
    offered = {each.name: getattr(context, each.name) for each in fields(context)}
    return look.theme.filled(context.template, offered | {"site": site}).encode()


def load_theme(
    accent: str,
    override: Path | None = None,
    language: str = "en-GB",
    own: Mapping[str, bytes] = MappingProxyType({}),
) -> Theme:
    """Make the theme of a site.

    Args:
        accent: the community's colour, such as "#225faa".
        override: a folder whose files replace or join those of the same name.
        language: the tag of the language that its pages are to speak; they speak English where
            there is no file of messages for it.
        own: static files that the settings name, by their names below `static/`.

    Raises:
        UsageError: `override` is not a folder, or the messages of the language cannot be read.
    """
    if override is not None and not override.is_dir():
        raise UsageError(
            f"{override} is not a folder", "templates are read from it", "mend --templates"
        )
    folders = [folder for folder in (override, find_templates()) if folder is not None]
    colours = accent_from(accent)
    found = _collect(folders)
    static = {n.removeprefix(_STATIC): found[n].source for n in found if n.startswith(_STATIC)}
    speech = speech_of(language, found)
    assets = assets_of({**own, **static, **words_of(speech, found)}, colours)
    apart = (_STATIC, LANGUAGES)
    templates = {name: text for name, text in found.items() if not name.startswith(apart)}
    sources = {name: text.source for name, text in templates.items()}
    dressed = assets.folder.rpartition("/")[2]
    said = {speech.language: speech.messages}
    prints = {
        name: f"{fingerprint({n: sources[n] for n in _filling(name, sources)} | said)}-{dressed}"
        for name in sources
    }
    whole = f"{fingerprint(sources | said)}-{dressed}"
    return Theme(whole, colours, prints, templates, assets, speech, override)


def find_templates() -> Path:
    """Find the templates that come with the program: in the wheel, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    packed = package / _FOLDER
    return packed if packed.is_dir() else package.parent / _FOLDER


def _wrong_template(problem: Exception, override: Path, template: str) -> UsageError:
    """Name the file and line of a template that is at fault; Jinja puts them into the trace."""
    if isinstance(problem, TemplateSyntaxError):
        places = [f"{problem.filename}:{problem.lineno}"]
    else:
        frames = reversed(traceback.extract_tb(problem.__traceback__))
        inside = (frame for frame in frames if Path(frame.filename).is_relative_to(override))
        places = [f"{frame.filename}:{frame.lineno}" for frame in inside]
    where = places[0] if places else f"{template} with the files in {override}"
    return UsageError(
        f"{where} cannot be used",
        str(problem) or type(problem).__name__,
        "mend the template, or build without --templates; the old site is untouched",
    )


def _filling(template: str, sources: Mapping[str, bytes]) -> set[str]:
    """Name the templates that one is filled from: itself and all that it may draw in."""
    found: set[str] = set()
    waiting = [template]
    while waiting:
        name = waiting.pop()
        if name in found or name not in sources:
            continue
        found.add(name)
        for tag in _DRAWS_IN.findall(sources[name].decode(errors="replace")):
            plain = _BY_NAME.fullmatch(tag)
            if plain is None:  # the name is worked out while the page is made
                return set(sources)
            waiting.append(plain[1])
    return found


class _Loader(BaseLoader):
    """Gives the templates of a theme; each says where it stood, so that faults name that place."""

    def __init__(self, templates: Mapping[str, TemplateText]) -> None:
        self._templates = templates

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002 - the signature is Jinja's
        template: str,
    ) -> tuple[str, str, None]:
        found = self._templates.get(template)
        if found is None:
            raise TemplateNotFound(template)
        return found.source.decode(), found.place, None


class _Unchanging(Environment):
    """Jinja with templates that never change: a page draws in twenty, each found once for all."""

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name
    ) -> Template:
        """Find a template as Jinja does."""
        if globals or not isinstance(name, str):
            return super().get_template(name, parent, globals)
        return self._found(name)

    # Of the themes that `serve` showed before, what is longest ago is forgotten.
    @lru_cache(maxsize=400)  # noqa: B019 - see above
    def _found(self, name: str) -> Template:
        return super().get_template(name)


@lru_cache(maxsize=4)  # of one theme, and of the few before it that `serve` may still be showing
def _environment(likeness: _Likeness) -> Environment:
    assets = likeness.theme.assets
    environment = _Unchanging(
        loader=_Loader(likeness.theme.templates),
        autoescape=True,
        # A misspelt name would otherwise be an empty place on every page until somebody looks.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # a theme is one state of the templates
        extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    speech = likeness.theme.speech
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        speech.gettext,
        speech.ngettext,
        newstyle=True,
        pgettext=speech.pgettext,
        npgettext=speech.npgettext,
    )
    environment.globals |= {
        **dict.fromkeys(("gettext", "_"), _said_in(speech)),
        "link": _link,
        "asset": _asset_of(assets),
        "once": _once_in(environment),
        "at_github": addresses.at_github,
        "lang_of": attributes_of_text,
        "theme_colours": (LIGHT_SURFACES[0], DARK_SURFACES[0]),
    }
    environment.filters |= {
        "address": addresses.web_address,
        "doi_link": addresses.doi_link,
        "lang": language_attributes,
        "plain_day": phrases.day_of,
        "shortened": phrases.shortened,
        "clock": phrases.clock_of,
        "contact": addresses.contact_address,
        "day": phrases.day,
        "moment": phrases.moment,
        "number": _number,
        "plural": phrases.plural,
        "sentence": phrases.sentence,
        "timestamp": phrases.timestamp,
    }
    return environment


def _said_in(speech: Speech) -> Callable[..., Markup]:
    """Give what says a message in a template, as Jinja's `newstyle` does.

    Most name nothing that differs: these are the same on each page, and put together once.
    """

    def put(message: str, **named: object) -> Markup:
        return Markup(speech.gettext(message)) % named  # noqa: S704 - it is ours, or the community's

    alone = cache(put)

    def said(message: str, /, **named: object) -> Markup:
        return put(message, **named) if named else alone(message)

    return said


def _number(count: int | None) -> str:
    """Write a number as people do; what is not known is nothing."""
    return "" if count is None else number(count)


@pass_context
def _link(context: Context, path: str, asked: Sequence[tuple[str, str]] = ()) -> str:
    """Give the address of `path`, seen from the page being written, and what to ask it for."""
    question = f"?{urlencode(asked)}" if asked else ""
    return f"{context['page'].root}{addresses.quoted(path)}{question}"


def _asset_of(assets: Assets) -> Callable[[Context, str], str]:
    @pass_context
    def asset(context: Context, name: str) -> str:
        return _link(context, assets.path(name))

    return asset


@dataclass(frozen=True, slots=True)
class _Place:
    """All of a page that a macro may hang on: where it is."""

    root: str


def _once_in(environment: Environment) -> Callable[[Context, Macro, Hashable], str]:
    """Give what fills a macro once for all pages that show the same and are as deep.

    It is filled where nothing else of a page can be seen, so that it is the same on each of them.
    """

    @lru_cache(maxsize=64)
    def seen_from(place: _Place, template: str) -> TemplateModule:
        return environment.get_template(template).make_module({"page": place})

    @lru_cache(maxsize=10_000)
    def filled(place: _Place, template: str, macro: str, value: Hashable) -> str:
        markup: str = getattr(seen_from(place, template), macro)(value)
        return markup

    @pass_context
    def once(context: Context, macro: Macro, value: Hashable) -> str:
        return filled(_Place(context["page"].root), context.name or "", macro.name, value)

    return once


def _collect(folders: Sequence[Path]) -> dict[str, TemplateText]:
    """Read all files by name; the first folder that has a name wins, hidden files never do."""
    found: dict[str, TemplateText] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            hidden = any(part.startswith(".") for part in name.split("/"))
            if path.is_file() and not hidden and name not in found:
                found[name] = TemplateText(str(path), path.read_bytes())
    return found
