"""Values of reference fields: displayed as `Şuşa (susa)`, parsed from an id or a label."""

from collections.abc import Iterator
from typing import Any, Final

from flask import g

from biobank.extensions import services
from biobank.names.alphabet import sort_key
from biobank.web.desk.reference.fields import Field, Ref
from biobank.web.desk.writing.picks import LABELLED, Picks

#: Maximum number of choices of a datalist; beyond it a label or id is typed.
CHOICES_MOST: Final = 3_000


def pick_of(field: Ref, vocabulary: str) -> str:
    """Return the kind of reference of a field, as `ReferenceLookup` names it."""
    return vocabulary if field.to == "terms" else "place"


def meant(field: Field, shown: Any, vocabulary: str) -> Any:
    """Return the input with ids in place of unambiguous references, otherwise as it was typed."""
    if not isinstance(field, Ref) or (of := pick_of(field, vocabulary)) not in LABELLED:
        return shown
    picks = Picks(g.lang)
    if isinstance(shown, list):
        return list(dict.fromkeys(picks.one(of, text) or text for text in shown))
    return shown and (picks.one(of, shown) or shown)


def said(field: Field, shown: Any, vocabulary: str) -> Any:
    """Return the text of the input: each id with its label."""
    if not isinstance(field, Ref) or (of := pick_of(field, vocabulary)) not in LABELLED:
        return shown
    picks = Picks(g.lang)
    if isinstance(shown, list):
        return [picks.say(of, id_) for id_ in shown]
    return shown and picks.say(of, shown)


def choices(to: str, vocabulary: str) -> list[str]:
    """Return the possible values of a field as displayed, sorted by name."""
    of, picks = vocabulary if to == "terms" else "place", Picks(g.lang)
    called = (picks.say(of, id_) for id_ in _ids(to, vocabulary))
    return sorted(called, key=sort_key)[:CHOICES_MOST]


def _ids(to: str, vocabulary: str) -> Iterator[str]:
    catalogue = services.catalogue()
    if to != "terms":
        yield from catalogue.places
        return
    for term in catalogue.terms.values():
        if term["vocabulary"] == vocabulary:
            yield term["id"]
