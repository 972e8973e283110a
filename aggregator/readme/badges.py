"""Which images are badges, judged by their host and by the name of their file.

A badge repeats a fact (a version, a licence, a passing build) as a picture on somebody else's
server, so loading it tells that server who reads which page. What badges say that is worth knowing
stands among a project's facts; the images are removed.
"""

import re
from posixpath import basename, splitext
from urllib.parse import unquote

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


def is_badge(url: str, alt: str = "") -> bool:
    """Tell whether an image only repeats a fact or counts visitors.

    Only its host and its file's own name tell: a repository, an owner or a folder may be called
    after badges and hold any picture.

    Args:
        url: The address of the image, complete or relative.
        alt: Its alternative text, which decides where the name alone does not.
    """
    host, path = _host_of(url), re.split("[?#]", url, maxsplit=1)[0]
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


def _host_of(url: str) -> str:
    if "//" not in url:
        return ""
    return url.split("/", 3)[2].rpartition("@")[2].partition(":")[0].lower()


def _serves_badges(host: str, path: str) -> bool:
    if not host:
        return False
    labels = host.split(".")
    if labels[0] in {"badge", "badges"} and len(labels) > 2:
        return True
    if "gitlab" in labels and _GITLAB.search(path):
        return True
    names = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    if any(name in _HOSTS for name in names):
        return True
    return any(name in _SERVICES and _SERVICES[name].search(path) for name in names)
