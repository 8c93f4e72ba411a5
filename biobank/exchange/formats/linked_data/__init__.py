"""Linked data: descriptions of the bank's entities, and their RDF serialisations."""
