"""Tests of link previews, sitemaps and feeds."""
