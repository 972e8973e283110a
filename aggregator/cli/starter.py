"""The registry that `aggregator init` writes for a community to start from."""

STARTER = """\
# Projects of our community. To add yours, put one line under `projects:`:
#
#   - owner/name
#
# That is enough. Everything else that you can say stands in docs/registry.md.

showcase:
  title: TITLE
  # tagline: One sentence under the title
  # url: https://example.org/showcase/       # where the site is published
  # repository: owner/name                   # the repository that holds this file
  # accent: "#225faa"                        # the colour of links, in quotes

# organisations:
#   - slug: example-trust
#     name: Example Trust
#     kind: Trust
#     github: [example-trust]                # its owners on GitHub

projects: []
"""
