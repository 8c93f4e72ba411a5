"""The search engine on Whoosh 2.7.4: index and postings, evaluated with numpy.

Whoosh analyses, writes and finds postings. Its own searcher is not used, because it is not
thread-safe and walks postings one Python call at a time (see docs/adr/0001).
"""

from biobank.search.whoosh_engine.engine import WhooshEngine

__all__ = ["WhooshEngine"]
