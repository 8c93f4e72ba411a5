"""The map of search results: viewport, outlines of land, clusters and labels."""
