"""Which images are badges or decoration, judged by their address alone.

A badge repeats a fact (a version, a licence, a passing build) as a picture on somebody else's
server, so loading it tells that server who reads which page. What badges say that is worth knowing
stands among a project's facts; the images are removed.
"""

import re

# Hosts that serve nothing but badges, counters and buttons, with whatever stands in front of them.
_HOST_NAMES = """
    shields.io badge.fury.io badgen.net forthebadge.com travis-ci.org travis-ci.com codecov.io
    coveralls.io circleci.com appveyor.com dev.azure.com cirrus-ci.com semaphoreci.com drone.io
    codacy.com codeclimate.com codefactor.io sonarcloud.io lgtm.com deepsource.io deepsource.com
    scrutinizer-ci.com snyk.io landscape.io bestpractices.coreinfrastructure.org bestpractices.dev
    api.securityscorecards.dev api.scorecard.dev api.reuse.software pypip.in pepy.tech
    repostatus.org r-pkg.org r-universe.dev joss.theoj.org badgesize.io gitter.im
    isitmaintained.com requires.io pyup.io david-dm.org depfu.com libraries.io deps.rs
    mybinder.org binder.pangeo.io colab.research.google.com nodei.co hits.dwyl.com hits.sh
    komarev.com visitor-badge.laobi.icu visitor-badge.glitch.me buymeacoffee.com ko-fi.com
    liberapay.com herokucdn.com deploy.workers.cloudflare.com open-vsx.org vsmarketplacebadge.dev
    vsmarketplacebadges.dev app.fossa.io app.fossa.com tokei.rs wakatime.com bettercodehub.com
    inch-ci.org houndci.com percy.io api.netlify.com app.netlify.com cranchecks.info
    tinyverse.netlify.app contrib.rocks api.star-history.com badges.ropensci.org
    results.pre-commit.ci badge.buildkite.com github-readme-stats.vercel.app
    hitcounter.pythonanywhere.com
"""
_HOSTS = frozenset(_HOST_NAMES.split())
_PATHS = re.compile(
    r"""badges?[/._-] | [/._-]badges?(?:$|[?.#]) | /workflows/[^/]+/badge |
      /actions/workflows/.*\.svg | /pipeline\.svg | /coverage[\w-]*\.svg | lifecycle-[\w-]+\.svg |
      binder[-_]?logo[\w.-]*\.svg | colab-badge | /deploy[\w-]*button | /button\.svg |
      powered[-_]by | made[-_]with | built[-_]with | opencollective\.com/.*\.svg |
      licen[cs]e[-_][\w.-]+\.svg | ogl-symbol | /shields?/ """,
    re.VERBOSE | re.IGNORECASE,
)
# One of these is in whatever the pattern above finds.
_PATH_HINTS = (
    *("badge", "/workflows/", "/pipeline", "/coverage", "lifecycle", "logo", "button", "powered"),
    *("made", "built", "opencollective", "licen", "ogl-symbol", "/shield"),
)


def is_badge(url: str) -> bool:
    """Tell whether an image only repeats a fact or counts visitors."""
    return _serves_badges(_host_of(url)) or _is_at_badge_path(url)


def _is_at_badge_path(url: str) -> bool:
    lowered = url.lower()
    return any(hint in lowered for hint in _PATH_HINTS) and _PATHS.search(url) is not None


def _host_of(url: str) -> str:
    if "//" not in url:
        return ""
    return url.split("/", 3)[2].rpartition("@")[2].partition(":")[0].lower()


def _serves_badges(host: str) -> bool:
    if host.startswith(("badge.", "badges.")):
        return True
    labels = host.split(".")
    return any(".".join(labels[start:]) in _HOSTS for start in range(len(labels) - 1))
