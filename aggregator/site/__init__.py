"""The site: pages for people (`pages`), files for programs (`data`, which never imports pages)."""
