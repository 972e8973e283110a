"""A showcase of a community's GitHub projects: registry in, static site out."""

__version__ = "0.1.0"
