"""Link previews: rendered cards, page metadata, share links and sitemaps."""
