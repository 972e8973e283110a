"""What the showcase holds in the words of schema.org, and of CodeMeta, which adds to them.

https://schema.org and https://codemeta.github.io/terms/ (3.0). Only what somebody said is told: who
wrote a program comes from its own files, and a name whose kind nobody gave has none. Called by
`heads` and, for CodeMeta, by `renderers`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from aggregator.catalogue.assemble import labels
from aggregator.catalogue.citation import Citation, citation_of
from aggregator.catalogue.types import Project
from aggregator.facts.statement import Author
from aggregator.registry.community import Person
from aggregator.registry.models import Organisation
from aggregator.site.frame import Frame, organisation_anchor
from aggregator.site.menus import OWN_FOLDER
from aggregator.site.recipes import File
from aggregator.site.talks import ListedTalk
from aggregator.words.addresses import doi_link, quoted, web_address
from aggregator.words.phrases import timestamp
from aggregator.words.speech import say

Linked = dict[str, object]

_CODEMETA = "https://w3id.org/codemeta/3.0"
# An expression has spaces or brackets, and what SPDX does not list has a name of its own.
_ONE_LICENCE = re.compile(r"(?!LicenseRef-)[\w.+-]+", re.ASCII)
# What would end a script element or begin another one: https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
_IN_A_SCRIPT = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})


@dataclass(frozen=True, slots=True)
class _Software:
    """A project in JSON, ready to be written into a file."""

    told: str


def codemeta_path(page: str) -> str:
    """Name the file that tells of the project whose page is in this folder."""
    return f"{page}codemeta.json"


def codemeta_files(frame: Frame, projects: Iterable[Project]) -> Iterator[File]:
    """Make the CodeMeta of each project that was not taken down."""
    for project in projects:
        if told := software(project, frame.site.url):
            whole = {"@context": _CODEMETA} | told
            text = json.dumps(whole, ensure_ascii=False, indent=1)
            yield File(codemeta_path(project.page), _Software(text), _written)


def in_a_script(things: Sequence[Linked]) -> Markup:
    """Write what stands in the script element of a page; no text of anybody can end it."""
    whole = {"@context": "https://schema.org", "@graph": list(things)}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_IN_A_SCRIPT))  # noqa: S704 - the signs of markup are gone


def software(project: Project, site: str | None) -> Linked | None:
    """Tell of a project; None for one that was taken down.

    Args:
        project: The project.
        site: The address of the site with a slash at its end; None while it is not known.
    """
    citation = citation_of(project)
    if citation is None:
        return None
    glance = project.facts.glance if project.facts else None
    body = project.organisation
    return _told(
        {
            "@type": "SoftwareSourceCode",
            "name": project.title,
            "description": project.summary.text if project.summary else None,
            "url": f"{site}{quoted(project.page)}" if site else project.url,
            "codeRepository": project.url,
            "programmingLanguage": list(project.languages),
            "license": _licence(_certain_licence(project)),
            "version": project.evidence.value("version"),
            "identifier": _doi(project.evidence.value("doi")),
            "keywords": list(labels(project)),
            "author": _authors(citation),
            "sourceOrganization": organisation(body, site) if body else None,
            "dateCreated": _day(glance.created_at if glance else None),
            "dateModified": _day(glance.pushed_at if glance else None),
            "referencePublication" if citation.instead else "": _publication(citation),
        }
    )


def organisation(body: Organisation, site: str | None, web: str = "") -> Linked:
    """Tell of a body; `web` is the GitHub where its accounts are, "" to leave them out."""
    accounts = [f"{web}/{login}" for login in body.github] if web else []
    path = organisation_anchor(body).path
    return _told(
        {
            "@type": "Organization",
            "name": body.name,
            "alternateName": body.acronym,
            "description": body.about if web else None,
            "url": web_address(body.url) or (f"{site}{quoted(path)}" if site else None),
            "sameAs": accounts,
        }
    )


def person(login: str, described: Person | None, web: str) -> Linked:
    """Tell of somebody whom members named, by more than the login only if they asked for it."""
    return _told(
        {
            "@type": "Person",
            "name": (described.name if described else None) or login,
            "description": described.about if described else None,
            "url": web_address(described.url) if described else None,
            "sameAs": [f"{web}/{login}"],
        }
    )


def article(project: Project, headline: str, site: str | None, language: str = "") -> Linked:
    """Tell of the story of a project; `language` is "" where it is that of the page."""
    picture = project.story_picture
    return _told(
        {
            "@type": "Article",
            "headline": headline,
            "author": {"@type": "Person", "name": project.story_by} if project.story_by else None,
            "datePublished": project.story_date and project.story_date.isoformat(),
            "inLanguage": language,
            "image": f"{site}{quoted(OWN_FOLDER + picture.file)}" if site and picture else None,
            "about": f"{site}{quoted(project.page)}" if site else project.url,
        }
    )


def event(listed: ListedTalk, site: str | None) -> Linked | None:
    """Tell of a talk on a known day."""
    talk, about = listed.talk, listed.project
    if talk.date is None:
        return None
    begins = timestamp(listed.begins) if listed.begins else talk.date.isoformat()
    recording = web_address(talk.recording)
    return _told(
        {
            "@type": "Event",
            "name": talk.title,
            "startDate": begins,
            "location": {"@type": "Place", "name": talk.place} if talk.place else None,
            "performer": [{"@type": "Person", "name": name} for name in talk.speakers],
            "url": web_address(talk.url),
            "about": f"{site}{quoted(about.path)}" if site and about else None,
            "recordedIn": {"@type": "CreativeWork", "url": recording} if recording else None,
        }
    )


def described_in(told: Linked, language: str) -> Linked:
    """Say which language a description is in; `language` is "" where it is that of the page.

    https://www.w3.org/TR/json-ld11/#dfn-language-tagged-string
    """
    if not language or "description" not in told:
        return told
    return told | {"description": {"@language": language, "@value": told["description"]}}


def dataset(frame: Frame, licence: str) -> Linked:
    """Tell of the catalogue as data; without the address of the site it is nowhere to be had."""
    site = frame.site
    made_by = {"@type": "Organization", "name": site.title}
    distribution = [
        {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{site.url}data/{name}"}
        for kind, name in (("application/json", "catalogue.json"), ("text/csv", "catalogue.csv"))
    ]
    return _told(
        {
            "@type": "Dataset",
            "name": say("%(title)s: the catalogue", title=site.title),
            "description": say(
                "All projects that %(title)s lists, with what is known of each: its licence, "
                "languages, tags, stage and activity.",
                title=site.title,
            ),
            "url": site.url,
            "license": _licence(licence),
            "creator": made_by | ({"url": site.home} if site.home else {}),
            "isAccessibleForFree": True,
            "distribution": distribution if site.url else None,
        }
    )


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> Linked:
    """Tell the way to a page: names with their addresses, from the first page on."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name, "item": address}
            for at, (name, address) in enumerate(steps, 1)
        ],
    }


def _told(values: Mapping[str, object]) -> Linked:
    """Leave out what nobody said."""
    return {name: value for name, value in values.items() if name and value}


def _written(software: _Software) -> bytes:
    return f"{software.told}\n".encode()


def _certain_licence(project: Project) -> str | None:
    """Give its licence, of which "only" is no part where just the text was read."""
    return project.licence_label if project.evidence.value("licence") else None


def _licence(expression: str | None) -> object:
    if not expression:
        return None
    if _ONE_LICENCE.fullmatch(expression):
        return f"https://spdx.org/licenses/{expression}"
    return {"@type": "CreativeWork", "name": expression}


def _doi(doi: str | None) -> str | None:
    return doi_link(doi) if doi else None


def _day(moment: object) -> str | None:
    return str(moment)[:10] if moment else None


def _authors(citation: Citation) -> list[Linked]:
    """Tell who wrote it, where its own files say so."""
    return list(map(_author, citation.people)) if citation.source and not citation.instead else []


def _author(author: Author) -> Linked:
    if not author.family:
        return {"name": author.whole}
    last = " ".join(filter(None, (author.particle, author.family)))
    named = {"givenName": author.given, "familyName": last, "honorificSuffix": author.suffix}
    return {"@type": "Person"} | _told(named)


def _publication(citation: Citation) -> Linked:
    is_paper = citation.kind in {"article", "conference-paper"}
    return _told(
        {
            "@type": "ScholarlyArticle" if is_paper else "CreativeWork",
            "name": citation.title,
            "author": list(map(_author, citation.people)),
            "datePublished": str(citation.year or ""),
            "identifier": _doi(citation.doi),
            "url": citation.url,
        }
    )
