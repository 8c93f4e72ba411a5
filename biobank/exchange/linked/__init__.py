"""Linked data: a description of each thing in the bank, and the RDF forms it is written in."""
