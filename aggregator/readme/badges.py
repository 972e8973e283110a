"""Which images are badges or decoration, judged by their address alone.

A badge repeats a fact (a version, a licence, a passing build) as a picture on somebody else's
server, so loading it tells that server who reads which page. What badges say that is worth knowing
stands among a project's facts; the images are removed.
"""

import re

_HOSTS = re.compile(
    r"""^https?://(?:[\w-]+\.)*(?:
      shields\.io | badge\.fury\.io | badgen\.net | forthebadge\.com | badges?\.[\w.-]+ |
      travis-ci\.(?:org|com) | codecov\.io | coveralls\.io | circleci\.com | ci\.appveyor\.com |
      appveyor\.com | dev\.azure\.com | cirrus-ci\.com | semaphoreci\.com | drone\.io |
      api\.codacy\.com | app\.codacy\.com | codeclimate\.com | codefactor\.io | sonarcloud\.io |
      lgtm\.com | deepsource\.(?:io|com) | scrutinizer-ci\.com | snyk\.io | landscape\.io |
      bestpractices\.(?:coreinfrastructure\.org|dev) | api\.securityscorecards\.dev |
      api\.scorecard\.dev | api\.reuse\.software | pypip\.in | pepy\.tech | repostatus\.org |
      r-pkg\.org | r-universe\.dev | ropensci\.org |
      joss\.theoj\.org | img\.badgesize\.io | gitter\.im | isitmaintained\.com |
      requires\.io | pyup\.io | david-dm\.org | depfu\.com | libraries\.io | deps\.rs | docs\.rs |
      mybinder\.org | binder\.pangeo\.io | colab\.research\.google\.com | nodei\.co |
      hits\.dwyl\.com | hitcounter\.pythonanywhere\.com | komarev\.com | visitor-badge\.[\w.]+ |
      buymeacoffee\.com | ko-fi\.com | liberapay\.com | herokucdn\.com |
      deploy\.workers\.cloudflare\.com | open-vsx\.org | vsmarketplacebadges?\.dev |
      app\.fossa\.(?:io|com) | tokei\.rs | wakatime\.com |
      tinyverse\.netlify\.app | bettercodehub\.com | inch-ci\.org | houndci\.com | percy\.io |
      app\.netlify\.com | api\.netlify\.com | cranchecks\.info | cranlogs\.r-pkg\.org
    )(?:[:/]|$)""",
    re.VERBOSE | re.IGNORECASE,
)
_PATHS = re.compile(
    r"""/badges?[/._-] | [/._-]badges?\.(?:svg|png) | /badge(?:\?|$) | badge\.svg |
      /workflows/[^/]+/badge | /actions/workflows/.*\.svg | /pipeline\.svg | /coverage\.svg |
      lifecycle-[\w-]+\.svg | binder[-_]?(?:badge|logo)[\w.-]*\.svg | colab-badge |
      codespaces?/badge |
      /deploy(?:tobutton|-button|button)?\.(?:svg|png) | powered[-_]by[\w-]*\.(?:svg|png) |
      made[-_]with[\w-]*\.(?:svg|png) | contrib\.rocks/ | opencollective\.com/.*\.svg |
      api\.star-history\.com | github-readme-stats |
      license-[\w.-]+\.svg | /ogl-symbol[\w.-]*\. """,
    re.VERBOSE | re.IGNORECASE,
)


def is_badge(url: str) -> bool:
    """Tell whether an image only repeats a fact or counts visitors."""
    return _HOSTS.match(url) is not None or _PATHS.search(url) is not None
