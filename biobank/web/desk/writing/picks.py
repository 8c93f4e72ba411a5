"""Lookup of references: an id, a label with its id, `Şuşa (susa)`, or a label alone.

Typed text is looked up by id, then by label in any language. Text with several matches or none is
returned with the possible choices.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from biobank.access import identity
from biobank.editorial import called
from biobank.editorial.reference_choices import Choice as Offered
from biobank.errors import SearchUnavailable
from biobank.extensions import services
from biobank.names.folding import fold
from biobank.names.slug import slug
from biobank.records.fields import ID_PATTERN
from biobank.records.people.browsing import Card, cited
from biobank.search.knowing import people_called
from biobank.search.language.values import EVENT_TYPE, TIE, WORK_TYPE
from biobank.web.desk.tools.choices import choice_shown
from biobank.web.desk.writing.csl import csl_of
from biobank.web.desk.writing.shape import SELF, Leaf
from biobank.web.desk.writing.tree import Tree, changed, leaves

#: Kinds of references and the label kind of each.
LABELLED: Final = {
    "place": "place",
    "profession": "profession",
    "award": "award",
    "organisation": "organisation",
    "country": "country",
    "relation": TIE,
    "event": EVENT_TYPE,
    "work": WORK_TYPE,
}
IN_BRACKETS: Final = re.compile(r"\(([A-Za-z0-9-]{1,120})\)\s*\Z")
#: Maximum number of namesakes that are looked up.
NAMESAKES_MOST: Final = 20
#: Maximum length of a displayed source title, in characters.
TITLE_MOST: Final = 100


def id_picked(text: str) -> str:
    """Return the id in a reference field: typed alone, or in brackets as in `Bakı (baku)`."""
    found = IN_BRACKETS.search(text)
    return found[1] if found else text.strip()


@dataclass(frozen=True)
class Choice:
    """A possible match; `note` distinguishes it from namesakes."""

    id: str
    text: str
    note: str


@dataclass(frozen=True)
class Unclear:
    """A typed reference that does not match exactly one record."""

    of: str
    text: str
    choices: tuple[Choice, ...]


@dataclass
class Picks:
    """Batch lookup of references in a few database queries."""

    lang: str
    people: dict[str, Card] = field(default_factory=dict)
    sources: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    titled: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Titles of new sources defined in the same form, by id.
    new_sources: dict[str, str] = field(default_factory=dict)

    def look_up(self, asked: Iterable[tuple[str, str]]) -> None:
        """Load the people and sources that the references may mean, by id or typed text."""
        wanted: dict[str, set[str]] = {"person": set(), "source": set()}
        typed: dict[str, set[str]] = {"person": set(), "source": set()}
        for of, text in asked:
            if of in wanted:
                typed[of].add(text)
                ids = (text, *_ids_in(of, text))
                wanted[of] |= {id_ for id_ in ids if ID_PATTERN.fullmatch(id_)}
                wanted[of] |= set(self._namesakes(text)) if of == "person" else set()
        with services.database.read() as session:
            self.people |= called.people(session, wanted["person"])
            self.sources |= cited(session, wanted["source"])
            unknown = {it for it in typed["source"] if it and not self.ids("source", it)}
            if unknown:
                self.titled |= called.sources_titled(session, unknown)
                more = {id_ for ids in self.titled.values() for id_ in ids}
                self.sources |= cited(session, more)

    def ids(self, of: str, text: str) -> tuple[str, ...]:
        """Return all ids that a text matches."""
        for id_ in (*_ids_in(of, text), text):
            if self._known(of, id_):
                return (id_,)
        if of == "person":
            return tuple(id_ for id_ in self._namesakes(text) if id_ in self.people)
        if of == "source":
            return (*self._told_of_as(text), *self.titled.get(text, ()))
        return services.values.desk_labels.find(LABELLED[of], text)

    def one(self, of: str, text: str) -> str:
        """Return the id that a text matches; empty if it matches none or several.

        A person is matched by the whole name only, as a surname may belong to a person not yet in
        the bank.
        """
        found = self.ids(of, text)
        if len(found) != 1 or (of == "person" and not self._is_called(found[0], text)):
            return ""
        return found[0]

    def _is_called(self, person_id: str, text: str) -> bool:
        names = (name["text"] for name in self.people[person_id].names)
        ids = (person_id, *_ids_in("person", text))
        return text in ids or person_id in ids[1:] or fold(text) in map(fold, names)

    def say(self, of: str, id_: str) -> str:
        """Return the text of a field that refers to `id_`."""
        label = " ".join(self.label(of, id_).split())
        return f"{label} ({id_})" if label and label != id_ else id_

    def label(self, of: str, id_: str) -> str:
        """Return the label of `id_`; empty or the id if there is none."""
        if of == "person":
            return self.people[id_].name(self.lang) if id_ in self.people else ""
        if of == "source":
            title = str(self.sources.get(id_, {}).get("title", ""))
            return title if len(title) <= TITLE_MOST else title[: TITLE_MOST - 1] + "…"
        if of in ("event", "work"):
            return services.values.desk_labels.catalogue.term_label(of, id_, self.lang)
        return services.values.desk_labels.label(LABELLED[of], id_, self.lang)

    def unclear(self, of: str, text: str) -> Unclear:
        """Return the typed text with the choices that autocomplete offers for it."""
        if of == "country":
            return Unclear(of, text, tuple(self._countries_like(text)))
        found: list[Offered] = []
        with suppress(SearchUnavailable):  # a form is never lost for want of what it might mean
            found = services.choices.find(identity(), of, text, self.lang)
        shown = (choice_shown(of, one) for one in found)
        choices = (Choice(it["id"], f"{it['label']} ({it['id']})", it["note"]) for it in shown)
        return Unclear(of, text, tuple(choices))

    def _countries_like(self, text: str) -> Iterator[Choice]:
        labels = services.values.desk_labels
        for label in labels.near("country", text, self.lang):
            for code in labels.find("country", label):
                yield Choice(code, self.say("country", code), "")

    def _known(self, of: str, id_: str) -> bool:
        if of == "person":
            return id_ in self.people
        if of == "source":
            return id_ in self.sources or (id_ in self.new_sources and bool(id_))
        return services.values.desk_labels.find(LABELLED[of], id_) == (id_,)

    def _told_of_as(self, title: str) -> tuple[str, ...]:
        new = self.new_sources.items()
        return tuple(id_ for id_, its in new if id_ and fold(its) == fold(title))

    def _namesakes(self, text: str) -> tuple[str, ...]:
        """Return ids of people with the name: public ones, and the id generated from the name."""
        if not text or ID_PATTERN.fullmatch(text):
            return ()
        by_name: frozenset[str] = frozenset()
        with suppress(SearchUnavailable):
            by_name = people_called(services.names.matcher(), text)
        return (*sorted(by_name)[:NAMESAKES_MOST], *({slug(text)} - by_name))


def picks_of(tree: Tree, lang: str) -> Picks:
    """Load all records that the fields of a form may refer to."""
    picks = Picks(lang)
    told_of = [row for row in tree["sources"] if csl_of(row["csl"])]
    picks.new_sources = {row[SELF].strip(): row["csl"]["title"].strip() for row in told_of}
    picks.look_up((leaf.of, text.strip()) for _, leaf, text in leaves(tree) if leaf.kind == "pick")
    return picks


def name_new_sources(tree: Tree) -> None:
    """Generate ids for new sources without one, from their titles."""
    for row in tree["sources"]:
        title = row["csl"]["title"].strip()
        if title and not row[SELF].strip():
            with services.database.read() as session:
                row[SELF] = called.free_source_id(session, title)


def settled(tree: Tree, picks: Picks) -> tuple[Tree, dict[str, Unclear]]:
    """Return the form with references as label and id, and the ambiguous ones by field name."""
    unclear: dict[str, Unclear] = {}

    def settle(name: str, leaf: Leaf, text: str) -> str:
        typed = text.strip()
        if leaf.kind != "pick" or not typed:
            return text
        if id_ := picks.one(leaf.of, typed):
            return picks.say(leaf.of, id_)
        unclear[name] = picks.unclear(leaf.of, typed)
        return text

    made: Tree = changed(tree, settle)
    return made, unclear


def _ids_in(of: str, text: str) -> tuple[str, ...]:
    """Return the id in brackets at the end of a text."""
    found = IN_BRACKETS.search(text)
    return (found[1],) if found and (of == "country" or ID_PATTERN.fullmatch(found[1])) else ()
