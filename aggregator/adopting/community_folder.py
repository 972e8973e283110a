"""The files of a community's repository, as `aggregator init` and `upgrade` write them.

    settings, organisations, first list --registry_text--> registry.yaml, the community's own
    Registry, where the action is --folder_files--> what is written for it, each file with its mark

The texts are in `texts/`; the issue forms and the schema are written from the declarations of the
fields. Pure: clock and chance come in as arguments.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from ruamel.yaml.comments import CommentedSeq

from aggregator.adopting.action_pin import ActionPin
from aggregator.adopting.first_list import ListEntry
from aggregator.adopting.marks import marked
from aggregator.github.listings import OwnerProfile
from aggregator.joining.differences import CONFIRM_BOX
from aggregator.joining.editor import add_organisation, read_back, yaml_text
from aggregator.joining.forms import issue_forms
from aggregator.joining.generated import schema_text
from aggregator.registry.models import Organisation
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.registry.validation import read_values
from aggregator.words.addresses import GITHUB
from aggregator.words.errors import RegistryError
from aggregator.words.names import slug_of

REGISTRY_FILE, GLOSSARY_FILE = "registry.yaml", "glossary.yaml"
WORKFLOWS = ".github/workflows/"
# The same as in our own workflows, which a test compares.
CHECKOUT = "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2"
# What is asked of each setting, and what stands in the place of an answer.
SETTINGS: Sequence[tuple[str, str, str]] = (
    ("tagline", "One sentence under the title", "of every page"),
    ("url", "https://example.org/showcase/", "where the site is published"),
    ("repository", "owner/name", "the repository that holds this file"),
    ("accent", '"#225faa"', "the colour of links, in quotes"),
    ("language", "en-GB", "what the pages are written in"),
)
# What GitHub takes of a schedule: docs.github.com, "Workflow syntax", on.schedule
_CRON = re.compile(r"[\d*/,-]+(?: [\d*/,-]+){4}")
_HOURS = (1, 5)  # of the night, in UTC
_LATER = 3  # hours until its second time
_MARKUP = re.compile(r"([\\`*_\[\]<>|~&#!])")


@dataclass(frozen=True)
class Beginning:
    """What is known of a community when it begins.

    Args:
        identity: What tells it from all others.
        settings: Settings of the showcase by name, `title` among them, as somebody typed them.
        organisations: Bodies that projects belong to.
        projects: The first list.
    """

    identity: str
    settings: Mapping[str, str]
    organisations: Sequence[Organisation] = ()
    projects: Sequence[ListEntry] = field(default_factory=tuple)


def setting_problem(name: str, text: str) -> str:
    """Say what is wrong with a setting by the rules of the registry; "" when nothing is."""
    _, mistakes = read_values(Showcase, {name: text})
    return "; ".join(f"{mistake.what}: {mistake.cure}" for mistake in mistakes)


def organisation_of(owner: OwnerProfile) -> Organisation | None:
    """Make an organisation of what GitHub says of an owner; what breaks a rule is left out."""
    slug = slug_of(owner.name) or slug_of(owner.login)
    said = {"slug": slug, "name": owner.name, "github": [owner.login]}
    more = {"url": owner.website, "about": owner.about}
    return read_values(Organisation, said | more)[0]


def registry_text(beginning: Beginning, *, schema: bool) -> str:
    """Write registry.yaml.

    Args:
        beginning: What is known.
        schema: A schema will stand beside it, which its first line names to editors.

    Raises:
        RegistryError: It cannot be read back as it was meant.
    """
    text = _filled(
        "registry.yaml",
        said={name: "" for name, _, _ in SETTINGS} | dict(beginning.settings),
        identity=beginning.identity,
        examples=SETTINGS,
        organisations=beginning.organisations,
        schema=schema,
    )
    if beginning.projects:
        listed = yaml_text({"projects": [_entry(one) for one in beginning.projects]})
        text = text.removesuffix("projects:\n") + listed
    for body in beginning.organisations:
        text = add_organisation(text, body)
    registry = read_back(text)
    if registry.errors or len(registry.projects) != len(beginning.projects):
        cause = str(next(iter(registry.errors), "a project is missing from it"))
        raise RegistryError("the registry cannot be written", cause, "give it other settings")
    return text


def _entry(one: ListEntry) -> Any:
    if not one.tags:
        return str(one.repo)
    tags = CommentedSeq(one.tags)
    tags.fa.set_flow_style()  # on one line, as people write them
    return {"repo": str(one.repo), "tags": tags}


def glossary_text() -> str:
    """Write glossary.yaml, which only says how to fill it."""
    return _source("glossary.yaml")


def folder_files(registry: Registry, pin: ActionPin | None, version: str) -> dict[str, str]:
    """Write every file that is not the community's own, with its mark, by path in the folder.

    Args:
        registry: The community's own registry: its words, stages and settings are used.
        pin: Where the action is; without it nothing can run by itself, and no workflow is written.
        version: Which version of the program writes them.
    """
    showcase = registry.showcase
    known = {
        "title": showcase.title,
        "tagline": showcase.tagline or "",
        "url": showcase.url or "",
        "repository": str(showcase.repository or ""),
        "branch": showcase.branch,
        "data_licence": showcase.data_licence,
        "organisations": registry.organisations,
        "web": GITHUB,
        "workflow": pin is not None,
    }
    texts = {name: _filled(name, **known) for name in ("README.md", "CONTRIBUTING.md")}
    texts[".gitignore"] = _source("gitignore")
    texts["registry.schema.json"] = schema_text()
    texts[".github/pull_request_template.md"] = _filled("pull_request.md", box=CONFIRM_BOX)
    for name, form in issue_forms(registry).items():
        texts[f".github/ISSUE_TEMPLATE/{name}"] = form
    if pin is not None:
        action = {"action": str(pin), "checkout": CHECKOUT, "branch": showcase.branch}
        cron = night_of(showcase)
        night = {"cron": cron, "second": second_time(cron)}
        texts[f"{WORKFLOWS}showcase.yml"] = _filled("showcase.yml", **night, **action)
        texts[f"{WORKFLOWS}comment.yml"] = _filled("comment.yml", **action)
    return {name: marked(name, text, version) for name, text in sorted(texts.items())}


def night_of(showcase: Showcase) -> str:
    """Say when a community's night is, as a cron expression in UTC.

    Its own, where GitHub can read that; else a minute that follows from its identity, so that not
    all communities ask at once, and never the first of an hour, at which GitHub drops the most.
    """
    if showcase.schedule and _CRON.fullmatch(showcase.schedule):
        return showcase.schedule
    number = sum((showcase.identity or showcase.title).encode())
    first, last = _HOURS
    return f"{number % 54 + 4} {first + number % (last - first)} * * *"


def second_time(cron: str) -> str | None:
    """Give the second time of a night, for when the first came to nothing.

    Three hours later, as late as GitHub is on a busy night, at another minute that is no full hour.
    None where the first has no one time a day of which that is the same day.
    """
    minute, hour, *days = cron.split()
    if not (minute.isdecimal() and hour.isdecimal() and int(hour) + _LATER < 24):
        return None
    return " ".join((str((int(minute) + 20) % 54 + 4), str(int(hour) + _LATER), *days))


def _plain(text: str) -> str:
    """Keep Markdown from reading more into a text than its words."""
    return _MARKUP.sub(r"\\\1", text)


def _source(name: str) -> str:
    return (files("aggregator.adopting") / "texts" / name).read_text("utf-8")


def _filled(name: str, **known: object) -> str:
    # Brackets with a sign that neither YAML, Markdown nor GitHub's expressions use.
    texts = Environment(
        block_start_string="[%",
        block_end_string="%]",
        variable_start_string="[=",
        variable_end_string="=]",
        comment_start_string="[#!",
        comment_end_string="!#]",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - no HTML: YAML is quoted, and Markdown is made plain above
    )
    texts.filters["plain"] = _plain
    # What JSON writes in quotes, YAML reads.
    texts.filters["quoted"] = lambda text: json.dumps(text, ensure_ascii=False)
    return texts.from_string(_source(name)).render(known)
