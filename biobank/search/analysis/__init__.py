"""Text analysis: conversion of text in one language to the terms shared by index and query."""

from biobank.search.analysis.analyser import AnalysedToken, analyse, stem_terms

__all__ = ["AnalysedToken", "analyse", "stem_terms"]
