"""Files for programs: exports, feeds, badges, the sitemap and the search index."""
