"""Text analysis: from a text in one language to the terms that index and query share."""

from biobank.search.analysis.analyser import Token, analyse, terms_of

__all__ = ["Token", "analyse", "terms_of"]
