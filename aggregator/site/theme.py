"""The look: templates and static files, from a community's own folder first.

A theme knows how to turn a page's context into a file. It knows nothing of
projects. Every renderer in `outputs` receives one; `pipeline` makes it with
`load_theme`.
"""

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    pass_context,
)
from jinja2.runtime import Context

from aggregator.site.assets import Assets, load_assets
from aggregator.site.colour import Accent, accent_from
from aggregator.site.files import File
from aggregator.site.links import contact_address, quoted
from aggregator.site.pages.contexts import PageContext
from aggregator.words import phrases
from aggregator.words.addresses import web_address
from aggregator.words.errors import UsageError

_FOLDER = "site_templates"
# What a template of somebody else can do wrong; in a template of ours each is a bug.
_FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Theme:
    """Templates, static files and colours that belong together."""

    environment: Environment
    assets: Assets
    accent: Accent
    override: Path | None = None

    def page(self, context: PageContext) -> File:
        """Fill the template of a context, and name the file after its page.

        Raises:
            UsageError: a template in the community's own folder is wrong.
        """
        values = {field.name: getattr(context, field.name) for field in fields(context)}
        try:
            text = self.environment.get_template(context.template).render(values)
        except _FAULTS as problem:
            if self.override is None:
                raise
            raise _wrong_template(problem, self.override, context) from problem
        return File.of_text(context.page.path, text)


def load_theme(accent: str, override: Path | None = None) -> Theme:
    """Make the theme of a site.

    Args:
        accent: the community's colour, such as "#225faa".
        override: a folder whose files replace or join those of the same name.

    Raises:
        UsageError: `override` is not a folder.
    """
    if override is not None and not override.is_dir():
        raise UsageError(
            f"{override} is not a folder", "templates are read from it", "mend --templates"
        )
    folders = [folder for folder in (override, find_templates()) if folder is not None]
    colours = accent_from(accent)
    assets = load_assets(folders, colours)
    return Theme(_environment(folders, assets), assets, colours, override)


def find_templates() -> Path:
    """Find the templates that come with the program: in the wheel, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    packed = package / _FOLDER
    return packed if packed.is_dir() else package.parent / _FOLDER


def _wrong_template(problem: Exception, override: Path, context: PageContext) -> UsageError:
    where = _place_in(override, problem) or f"{context.template} with the files in {override}"
    return UsageError(
        f"{where} cannot be used",
        str(problem) or type(problem).__name__,
        "mend the template, or build without --templates; the old site is untouched",
    )


def _place_in(override: Path, problem: Exception) -> str | None:
    """Name the file and line of a template that is at fault; Jinja puts them into the trace."""
    if isinstance(problem, TemplateSyntaxError):
        return f"{problem.filename}:{problem.lineno}"
    frames = reversed(traceback.extract_tb(problem.__traceback__))
    inside = (f for f in frames if Path(f.filename).is_relative_to(override))
    return next((f"{frame.filename}:{frame.lineno}" for frame in inside), None)


def _environment(folders: Sequence[Path], assets: Assets) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.loopcontrols"],
    )
    environment.globals |= {"link": _link, "asset": _asset_of(assets)}
    environment.filters |= {
        "address": web_address,
        "contact": contact_address,
        "day": phrases.day,
        "moment": phrases.moment,
        "number": phrases.number,
        "plural": phrases.plural,
        "sentence": phrases.sentence,
        "timestamp": phrases.timestamp,
    }
    return environment


@pass_context
def _link(context: Context, path: str) -> str:
    """Give the address of `path`, seen from the page being written."""
    return f"{context['page'].root}{quoted(path)}"


def _asset_of(assets: Assets) -> Callable[[Context, str], str]:
    @pass_context
    def asset(context: Context, name: str) -> str:
        return _link(context, assets.path(name))

    return asset
