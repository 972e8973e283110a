"""The look: templates and static files, from a community's own folder first.

A theme knows how to turn a page's context into a file. It knows nothing of
projects. Every renderer in `outputs` receives one; `pipeline` makes it with
`load_theme`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from aggregator.errors import UsageError
from aggregator.outputs import words
from aggregator.outputs.assets import Assets, load_assets
from aggregator.outputs.colour import Accent, accent_from
from aggregator.outputs.files import File
from aggregator.outputs.links import contact_address, quoted, web_address
from aggregator.outputs.pages.contexts import PageContext

_FOLDER = "site_templates"


@dataclass(frozen=True, slots=True)
class Theme:
    """Templates, static files and colours that belong together."""

    environment: Environment
    assets: Assets
    accent: Accent

    def page(self, context: PageContext) -> File:
        """Fill the template of a context, and name the file after its page."""
        template = self.environment.get_template(context.template)
        values = {field.name: getattr(context, field.name) for field in fields(context)}
        return File.of_text(context.page.path, template.render(values))


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
    return Theme(_environment(folders, assets), assets, colours)


def find_templates() -> Path:
    """Find the templates that come with the program: in the wheel, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    packed = package / _FOLDER
    return packed if packed.is_dir() else package.parent / _FOLDER


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
        "day": words.day,
        "moment": words.moment,
        "number": words.number,
        "plural": words.plural,
        "sentence": words.sentence,
        "timestamp": words.timestamp,
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
