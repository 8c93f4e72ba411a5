"""Entities of Wikidata as JSON: https://www.mediawiki.org/wiki/Wikibase/DataModel/JSON."""
