"""Images of a README: full addresses, alternatives, sizes; badges removed.

A badge repeats a fact (a version, a licence, a passing build) as a picture on somebody else's
server, so loading it tells that server who reads which page. What badges say that is worth knowing
stands among a project's facts.
"""

import re
from collections.abc import Mapping
from posixpath import basename, splitext
from urllib.parse import unquote

from turbohtml import Element, Node, Text

from aggregator.readme.labels import LINK
from aggregator.readme.links import resolve_image, resolve_srcset
from aggregator.readme.markup import attributes_of, write_attributes
from aggregator.readme.readme import ReadmeSource
from aggregator.words.speech import say

_PIXELS = re.compile(r"^\s*(\d{1,4})(?:\.\d+)?\s*(?:px)?\s*$")
_PERCENT = re.compile(r"^\s*(\d{1,3})(?:\.\d+)?\s*%\s*$")
# What goes with the badges it was around, and what may stand between badges.
_WRAPPING = frozenset(
    {"a", "picture", "p", "b", "strong", "em", "sup", "li", "ul", "ol", "div", "figure"}
    | {"dl", "dt", "dd"}
)
_NOT_HOLLOW = "img,input,hr,table,pre,[id],[name]"
_ONLY_SEPARATORS = re.compile("[\\s|\u00b7\u2022,/\u2013\u2014\xa0-]*")

# Hosts that serve nothing but badges, counters and buttons, with whatever stands in front of them.
_HOST_NAMES = """
    shields.io badge.fury.io badgen.net forthebadge.com travis-ci.org travis-ci.com codecov.io
    coveralls.io circleci.com appveyor.com dev.azure.com cirrus-ci.com semaphoreci.com drone.io
    codacy.com codeclimate.com codefactor.io sonarcloud.io lgtm.com deepsource.io deepsource.com
    scrutinizer-ci.com snyk.io landscape.io bestpractices.coreinfrastructure.org bestpractices.dev
    api.securityscorecards.dev api.scorecard.dev api.reuse.software pypip.in pepy.tech
    repostatus.org r-pkg.org r-universe.dev badgesize.io gitter.im
    isitmaintained.com requires.io pyup.io david-dm.org depfu.com libraries.io deps.rs
    mybinder.org binder.pangeo.io colab.research.google.com nodei.co hits.dwyl.com hits.sh
    komarev.com visitor-badge.laobi.icu visitor-badge.glitch.me buymeacoffee.com ko-fi.com
    liberapay.com herokucdn.com deploy.workers.cloudflare.com open-vsx.org vsmarketplacebadge.dev
    vsmarketplacebadges.dev app.fossa.io app.fossa.com tokei.rs wakatime.com bettercodehub.com
    inch-ci.org houndci.com percy.io api.netlify.com app.netlify.com cranchecks.info
    tinyverse.netlify.app contrib.rocks api.star-history.com badges.ropensci.org
    results.pre-commit.ci badge.buildkite.com github-readme-stats.vercel.app
    hitcounter.pythonanywhere.com codetriage.com goreportcard.com godoc.org repology.org
    goodtables.io scan.coverity.com awesome.re piptrends.com codeshelter.co codeocean.com
    opencollective.com deploy.cloud.run
"""
_HOSTS = frozenset(_HOST_NAMES.split())
# Hosts that serve badges beside other pictures, and where on them the badges are.
_SERVICES = {
    "anaconda.org": re.compile(r"/badges/"),
    "archive.softwareheritage.org": re.compile(r"/badge/"),
    "chanzuckerberg.github.io": re.compile(r"/open-science/badges/"),
    "netlify.com": re.compile(r"/badges/|/button\.svg$"),
    "pkg.go.dev": re.compile(r"/badge/"),
    "readthedocs.io": re.compile(r"/badge/"),
    "readthedocs.org": re.compile(r"/badge/"),
    "theoj.org": re.compile(r"/status\.svg$"),
    "vercel.com": re.compile(r"/button$"),
    "zenodo.org": re.compile(r"/badge/"),
}
# A GitLab may have any name of its own: its addresses tell.
_GITLAB = re.compile(r"/(?:-/)?badges/(?:[^/]+/)?(?:pipeline|coverage|release)\.svg$")

_CHECKED = r"""(?:build|ci|cd|code|codecov|colab|cov|coverage|cran|dependencies|docs?|doi|
    downloads?|flat|licen[cs]e|lint|logo|pypi|python|quality|release|shield|small|status|tests?|version)"""
_STAGES = r"""(?:experimental|maturing|stable|superseded|archived|questioning|deprecated|defunct|
    dormant|hibernate|retired|retiring|soft-deprecated)"""
_LICENCES = r"""(?:mit|apache|[al]?gpl|bsd|cc|cc0|mpl|isc|ogl|eupl|unlicense|wtfpl|epl|zlib|
    artistic|proprietary)"""
_TOOLS = r"""(?:bash|django|docker|electron|expo|fastapi|flask|go|hugo|javascript|jekyll|jupyter|
    kedro|latex|love|markdown|material|netlify|nextjs|next|node|numfocus|poetry|python|quarto|r|
    react|rstats|rust|sphinx|streamlit|svelte|swift|typescript|vercel|vite|vue)"""
# The whole name of a file, without its ending; words are joined by hyphens here.
_NAMES = re.compile(
    rf"""(?:{_CHECKED}-)?badge | badges?-{_CHECKED}(?:-[\w.]+)* | lifecycle-{_STAGES} |
      licen[cs]e-{_LICENCES}(?:[-.\d][\w.-]*)? | binder-?logo(?:-[\w.]+)* |
      (?:powered|made|built)-(?:by|with)-{_TOOLS} | ogl-symbol(?:-[\w.]+)* |
      (?:deploy|run|open|view|launch)[a-z-]*button""",
    re.VERBOSE,
)
# Drawings end in this; a photograph of a name badge does not.
_DRAWN_BADGE = re.compile(r"(?:[\w.-]*[-.])?badges?")
_PHOTOGRAPHS = frozenset({".jpg", ".jpeg", ".heic"})
# A badge of test coverage is kept under this name, and so is many a map.
_DOUBTFUL = frozenset({"coverage", "coverage-flat"})
_OF_TESTS = frozenset(
    {"badge", "branch", "code", "codecov", "cov", "coverage", "python", "report", "status", "test"}
    | {"tests", "percent"}
)


def place_images(root: Element, source: ReadmeSource) -> None:
    """Give images and their alternatives full addresses and a size; take badges out."""
    kept, around = [], []
    for image in root.find_all("img"):
        attributes = attributes_of(image)
        written, alt = attributes.get("src", ""), attributes.get("alt", "")
        address = resolve_image(written, source)
        if address is None and written.startswith("http://") and not is_badge(written, alt):
            image.replace_with(_link_to(image, written, alt))
        elif address is None or is_badge(written, alt):
            around.append(image.parent)
            image.decompose()
        else:
            attributes |= {"src": address, "loading": "lazy", "decoding": "async"}
            # Its host need not know which page was read.
            attributes |= {"referrerpolicy": "no-referrer", "alt": alt.strip()}
            write_attributes(image, _sized(attributes))
            kept.append(image)
    for node in around:
        _remove_hollow(node)
    for element in root.select("[srcset]"):
        # None, as an empty one, is dropped by the sanitiser.
        element.attrs["srcset"] = resolve_srcset(element.attr("srcset") or "", source)
    for image in kept:
        _name_link(image)


def _link_to(image: Element, address: str, alt: str) -> Element | Text:
    """Give a link to an image that pages cannot load, named by its alternative or its file."""
    path = re.split("[?#]", address, maxsplit=1)[0]
    words = Text(alt.strip() or unquote(basename(path)) or address)
    return words if image.closest("a") else Element("a", {"href": address}, [words])


def _sized(attributes: Mapping[str, str]) -> dict[str, str]:
    """Keep sizes in pixels; show a width in per cent through a class, to the nearest ten."""
    sized: dict[str, str] = {}
    for name, written in attributes.items():
        percent = _PERCENT.match(written) if name == "width" else None
        nearest = round(int(percent[1]) / 10) * 10 if percent else 0
        if name not in {"width", "height"}:
            sized[name] = written
        elif pixels := _PIXELS.match(written):
            sized[name] = pixels[1]
        elif 0 < nearest < 100:
            sized["class"] = f"width-{nearest}"
    return sized


def _remove_hollow(node: Node | None) -> None:
    """Remove the links, paragraphs and emphasis that held nothing but images which are gone."""
    while isinstance(node, Element) and node.tag in _WRAPPING and node.parent:
        if node.select_one(_NOT_HOLLOW) or not _ONLY_SEPARATORS.fullmatch(node.text):
            return
        hollow, node = node, node.parent
        hollow.decompose()


def _name_link(image: Element) -> None:
    """Name the link of an image that holds nothing but images without an alternative."""
    link = image.closest("a") if not image.attrs["alt"] else None
    if link and not link.text.strip() and not any(one.attr("alt") for one in link.find_all("img")):
        leads_to = re.split("[?#]", link.attr("href") or "", maxsplit=1)[0].rstrip("/")
        link.attrs["aria-label"] = unquote(basename(leads_to)) or say(LINK)


def is_badge(url: str, alt: str = "") -> bool:
    """Tell whether an image only repeats a fact or counts visitors.

    Only its host and its file's own name tell: a repository, an owner or a folder may be called
    after badges and hold any picture.

    Args:
        url: The address of the image, complete or relative.
        alt: Its alternative text, which decides where the name alone does not.
    """
    host, path = "", re.split("[?#]", url, maxsplit=1)[0]
    if "//" in url:
        host = url.split("/", 3)[2].rpartition("@")[2].partition(":")[0].lower()
    return _serves_badges(host, path) or _is_named_badge(host, unquote(basename(path)), alt)


def _is_named_badge(host: str, file: str, alt: str) -> bool:
    stem, ending = splitext(file.lower())
    name = stem.replace("_", "-").replace(" ", "-")
    words = re.findall(r"[^\W\d_]+", alt.lower())
    if name in _DOUBTFUL and ending == ".svg":
        return _OF_TESTS.issuperset(words)
    if re.fullmatch(_STAGES, name, re.VERBOSE) and ending == ".svg":
        return {"status", "lifecycle", "stage", "badge", name}.issuperset(words)
    if name == "button":  # ours to press: "deploy this" on somebody's server
        return host != "" and not host.endswith(("github.com", "githubusercontent.com"))
    if ending in _PHOTOGRAPHS:
        return False
    is_drawn = ending == ".svg" and _DRAWN_BADGE.fullmatch(name) is not None
    return is_drawn or _NAMES.fullmatch(name) is not None


def _serves_badges(host: str, path: str) -> bool:
    labels = host.split(".")
    names = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    return (
        (labels[0] in {"badge", "badges"} and len(labels) > 2)
        or ("gitlab" in labels and _GITLAB.search(path) is not None)
        or any(name in _HOSTS for name in names)
        or any(name in _SERVICES and _SERVICES[name].search(path) for name in names)
    )


def undo_github(root: Element) -> None:
    """Take out of HTML that GitHub made what is only for its own pages.

    Its pictures come from a server that hides where they are from, badges too; each of its headings
    holds a link without words.
    """
    for image in root.select("img[data-canonical-src]"):
        image.attrs["src"] = image.attr("data-canonical-src") or ""
    for link in root.select("a[href^='#']"):
        if not link.text.strip() and link.find() is None:
            link.decompose()
