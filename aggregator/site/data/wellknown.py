"""Files that browsers, search engines and hosts look for at fixed names."""

import json
from collections.abc import Iterable, Iterator, Sequence

from aggregator.catalogue.types import Catalogue
from aggregator.registry.settings import Showcase
from aggregator.site.contents import PAGES
from aggregator.site.data.xml import document, element, escaped
from aggregator.site.frame import Frame, organisation_anchor
from aggregator.site.menus import own_folder
from aggregator.site.recipes import File
from aggregator.site.theme import Theme
from aggregator.words.addresses import quoted, split_address
from aggregator.words.blocked import plain_host
from aggregator.words.phrases import shortened
from aggregator.words.speech import say

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
# https://www.sitemaps.org/protocol.html: of one file, before it is packed.
_MOST_ADDRESSES = 50_000
_LARGEST = 50_000_000
# Addresses of hosts themselves, which need no file to be served there.
_HOSTS = (".github.io", ".gitlab.io", ".pages.dev", ".netlify.app", ".localhost")
_BESIDE_AN_ADDRESS = len(" <url>\n  <loc></loc>\n </url>\n")
# https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md: 16 characters.
_SHORT_NAME_LENGTH = 16


def wellknown_files(catalogue: Catalogue, frame: Frame, theme: Theme) -> Iterator[File]:
    """Make the files with fixed names; those that need the site's address wait for it."""
    site = frame.site
    # Without this file GitHub Pages leaves out names that begin with an underscore.
    yield File(".nojekyll", b"")
    mark = theme.assets.path(site.look.icon)
    kind = site.look.icon_type
    about = (site.title, site.tongues.usual, theme.accent.light, mark, kind)
    yield File("site.webmanifest", about, _manifest)
    # Everybody is welcome. Below the top of a host it is not read, but does no harm.
    robots = [
        "User-agent: *",
        "Allow: /",
        *([f"Sitemap: {site.url}sitemap.xml"] if site.url else []),
    ]
    yield File.of_text("robots.txt", "\n".join(robots) + "\n")
    if site.url:
        words = say("Search the projects of %(title)s", title=site.title)
        yield from sitemap_files(site.url, _paths(catalogue, frame))
        yield File("opensearch.xml", (site.title, site.url, mark, words, kind), _opensearch)
    if domain := own_domain(catalogue.showcase):
        yield File.of_text("CNAME", f"{domain}\n")


def sitemap_files(
    url: str, paths: Iterable[str], most: int = _MOST_ADDRESSES, largest: int = _LARGEST
) -> Iterator[File]:
    """Make the map of the site; where one file may not hold it, several and an index of them.

    Args:
        url: of the site, with a slash at its end.
        paths: of the pages that search engines are sent to.
        most: how many addresses may stand in one file.
        largest: how many bytes it may have.
    """
    # Pages are told by their addresses and not by what stands on them, so it changes seldom.
    parts = list(_cut((url + quoted(path) for path in paths), most, largest))
    if len(parts) == 1:
        yield File("sitemap.xml", parts[0], _sitemap)
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    yield File("sitemap.xml", tuple(url + name for name in names), _sitemap_index)
    for name, part in zip(names, parts, strict=True):
        yield File(name, part, _sitemap)


def _cut(addresses: Iterable[str], most: int, largest: int) -> Iterator[tuple[str, ...]]:
    part: list[str] = []
    around = len(_sitemap("x")) - len("x") - _BESIDE_AN_ADDRESS
    size = around
    for address in addresses:
        more = len(escaped(address)) + _BESIDE_AN_ADDRESS
        if part and (len(part) == most or size + more > largest):
            yield tuple(part)
            part, size = [], around
        part.append(address)
        size += more
    yield tuple(part)


def _paths(catalogue: Catalogue, frame: Frame) -> Iterator[str]:
    """List the folders of all pages that search engines are sent to."""
    there = (kind for kind in PAGES if kind.itself and kind.folder not in frame.empty)
    yield from (kind.folder for kind in there if kind.found)
    yield from (p.page for p in catalogue.projects if not p.standing.outcome.erases)
    yield from (organisation_anchor(group.organisation).path for group in catalogue.organisations)
    yield from frame.groups
    yield from (own_folder(page.slug) for page in catalogue.written)


def own_domain(showcase: Showcase) -> str:
    """Give the domain that GitHub Pages is to serve the site at; "" for one of a host's.

    Below the top of a domain a site is somebody's part of it, and the file `CNAME` would be wrong.
    https://docs.github.com/en/pages/configuring-a-custom-domain-for-your-github-pages-site
    """
    if showcase.domain:
        return showcase.domain
    address = split_address(showcase.url or "")
    host = plain_host(address.hostname or "") if address and address.path in {"", "/"} else ""
    is_a_name = "." in host and not host.replace(".", "").isdigit() and ":" not in host
    return host if is_a_name and not host.endswith(_HOSTS) else ""


def _manifest(about: tuple[str, str, str, str, str]) -> bytes:
    title, language, colour, mark, kind = about
    manifest = {
        "name": title,
        "short_name": shortened(title, 24),
        "lang": language,
        "start_url": "./",
        "scope": "./",
        "display": "browser",
        "theme_color": colour,
        "icons": [{"src": mark, "sizes": "any", "type": kind}],
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()


def _sitemap(addresses: Sequence[str]) -> bytes:
    urls = (element("url", [element("loc", address)]) for address in addresses)
    return document(element("urlset", urls, {"xmlns": _SITEMAP}))


def _sitemap_index(addresses: Sequence[str]) -> bytes:
    maps = (element("sitemap", [element("loc", address)]) for address in addresses)
    return document(element("sitemapindex", maps, {"xmlns": _SITEMAP}))


def _opensearch(about: tuple[str, str, str, str, str]) -> bytes:
    title, url, mark, words, kind = about
    target = {"type": "text/html", "template": f"{url}search/?q={{searchTerms}}"}
    parts = (
        element("ShortName", shortened(title, _SHORT_NAME_LENGTH)),
        element("Description", words),
        element("InputEncoding", "UTF-8"),
        element("Image", url + quoted(mark), {"type": kind}),
        element("Url", attributes=target),
    )
    return document(element("OpenSearchDescription", parts, {"xmlns": _OPENSEARCH}))
