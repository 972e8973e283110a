"""The pages: contexts for the templates, and one module per kind of page."""
