"""Text analysis: conversion of text in one language to the terms shared by index and query."""

from biobank.search.analysis.analyser import Token, analyse, terms_of

__all__ = ["Token", "analyse", "terms_of"]
