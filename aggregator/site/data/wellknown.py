"""Files that browsers, search engines and hosts look for at fixed names."""

import json
from collections.abc import Iterator
from itertools import islice

from aggregator.catalogue.types import Catalogue
from aggregator.site.contents import PAGES
from aggregator.site.data import xml
from aggregator.site.frame import Site
from aggregator.site.recipes import File
from aggregator.site.theme import Theme
from aggregator.words.addresses import quoted
from aggregator.words.phrases import shortened

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
# https://www.sitemaps.org/protocol.html: at most 50,000 addresses in one file.
_MOST_ADDRESSES = 50_000
# https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md: 16 characters.
_SHORT_NAME_LENGTH = 16


def wellknown_files(catalogue: Catalogue, site: Site, theme: Theme) -> Iterator[File]:
    """Make the files with fixed names; those that need the site's address wait for it."""
    # Without this file GitHub Pages leaves out names that begin with an underscore.
    yield File(".nojekyll", b"")
    mark = theme.assets.path("mark.svg")
    about = (site.title, site.language, theme.accent.light, mark)
    yield File("site.webmanifest", about, _manifest)
    yield File("robots.txt", site.url, _robots)
    if site.url:
        # Pages are told by their addresses and not by what stands on them, so it changes seldom.
        addresses = [site.url + quoted(path) for path in islice(_paths(catalogue), _MOST_ADDRESSES)]
        yield File("sitemap.xml", addresses, _sitemap)
        yield File("opensearch.xml", (site.title, site.url, mark), _opensearch)


def _paths(catalogue: Catalogue) -> Iterator[str]:
    """List the folders of all pages that search engines are sent to."""
    yield from (kind.folder for kind in PAGES if kind.itself and kind.found)
    yield from (p.page for p in catalogue.projects if not p.standing.outcome.erases)
    yield from (f"organisations/{g.organisation.slug}/" for g in catalogue.organisations)
    named = (("tags", catalogue.tags), ("languages", catalogue.languages))
    for folder, groups in (*named, ("stages", catalogue.stages)):
        yield from (f"{folder}/{group.slug}/" for group in groups if group.slug)


def _manifest(about: tuple[str, str, str, str]) -> bytes:
    title, language, colour, mark = about
    manifest = {
        "name": title,
        "short_name": shortened(title, 24),
        "lang": language,
        "start_url": "./",
        "scope": "./",
        "display": "browser",
        "theme_color": colour,
        "icons": [{"src": mark, "sizes": "any", "type": "image/svg+xml"}],
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()


def _robots(url: str | None) -> bytes:
    """Welcome everybody; a robots.txt below the top of a host is not read, but does no harm."""
    lines = ["User-agent: *", "Allow: /", *([f"Sitemap: {url}sitemap.xml"] if url else [])]
    return ("\n".join(lines) + "\n").encode()


def _sitemap(addresses: list[str]) -> bytes:
    urlset = xml.root("urlset", _SITEMAP)
    for address in addresses:
        xml.add(xml.add(urlset, "url"), "loc", address)
    return xml.document(urlset)


def _opensearch(about: tuple[str, str, str]) -> bytes:
    title, url, mark = about
    description = xml.root("OpenSearchDescription", _OPENSEARCH)
    xml.add(description, "ShortName", shortened(title, _SHORT_NAME_LENGTH))
    xml.add(description, "Description", f"Search the projects of {title}")
    xml.add(description, "InputEncoding", "UTF-8")
    xml.add(description, "Image", url + quoted(mark), {"type": "image/svg+xml"})
    target = {"type": "text/html", "template": f"{url}search/?q={{searchTerms}}"}
    xml.add(description, "Url", None, target)
    return xml.document(description)
