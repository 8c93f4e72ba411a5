"""Frames for other sites, which need no script, and the page that generates embed code."""
