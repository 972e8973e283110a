"""The registry that `aggregator init` writes to start from; short, because it is one text."""

STARTER = """\
# Projects of our community. To add yours, put a line with its name on GitHub under
# `projects:` at the end, with two spaces before the dash:
#
#   - owner/name
#
# That is enough. To say more, begin with `repo:` instead, for example:
#
#   - repo: owner/name
#     summary: What it does and for whom, in one sentence.
#     stage: in use
#     tags: [maps, reporting]
#
# `aggregator check` finds every mistake and says what to write instead.

showcase:
  title: TITLE
  identity: IDENTITY   # tells this showcase from others; keep it
  # tagline: One sentence under the title
  # url: https://example.org/showcase/       # where the site is published
  # repository: owner/name                   # the repository that holds this file
  # accent: "#225faa"                        # the colour of links, in quotes

# organisations:
#   - slug: example-guild
#     name: Example Guild
#     kind: Guild
#     github: [example-guild]                # its owners on GitHub

projects:
"""
