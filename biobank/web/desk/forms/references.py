"""Lookup of references: an id, a label with its id, `Şuşa (susa)`, or a label alone.

Typed text is looked up by id, then by label in any language. Text with several matches or none is
returned with the possible choices.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from flask_babel import lazy_gettext

from biobank.editorial.reference.autocomplete import AutocompleteOption
from biobank.editorial.revisions import lookup
from biobank.errors import SearchUnavailable
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.names.alphabet import sort_key
from biobank.names.folding import fold
from biobank.names.slug import slugify
from biobank.records.fields import ID_PATTERN
from biobank.records.people.browse_queries import PersonListItem, load_csl_items
from biobank.search.language.label_index import EVENT_TYPE, RELATION_TYPE, WORK_TYPE
from biobank.search.query_context import resolve_person
from biobank.web.core.labels import ORGANISATION_KIND_LABELS
from biobank.web.desk.forms.schema import Field, Group
from biobank.web.desk.forms.tree import Tree, iter_fields, map_fields

UNPUBLISHED_STATE_LABELS = {"draft": lazy_gettext("draft"), "review": lazy_gettext("in review")}
PLACE_KIND_LABELS = {
    "city": lazy_gettext("city"),
    "town": lazy_gettext("town"),
    "village": lazy_gettext("village"),
    "settlement": lazy_gettext("settlement"),
    "region": lazy_gettext("region"),
    "country": lazy_gettext("country"),
}
#: Kinds of references and the label kind of each.
LABEL_KINDS: Final = {
    "place": "place",
    "profession": "profession",
    "award": "award",
    "organisation": "organisation",
    "country": "country",
    "relation": RELATION_TYPE,
    "event": EVENT_TYPE,
    "work": WORK_TYPE,
}
BRACKETED_ID: Final = re.compile(r"\(([A-Za-z0-9-]{1,120})\)\s*\Z")
#: Maximum number of namesakes that are looked up.
MAX_LOOKUP_NAMESAKES: Final = 20
#: Maximum length of a displayed source title, in characters.
MAX_SOURCE_TITLE_CHARS: Final = 100
#: Maximum number of choices of a datalist; beyond it a label or id is typed.
MAX_DATALIST_CHOICES: Final = 3_000


def extract_id(text: str) -> str:
    """Return the id in a reference field: typed alone, or in brackets as in `Bakı (baku)`."""
    match = BRACKETED_ID.search(text)
    return match[1] if match else text.strip()


@dataclass(frozen=True)
class ReferenceChoice:
    """A possible match; `note` distinguishes it from namesakes."""

    id: str
    text: str
    note: str


@dataclass(frozen=True)
class AmbiguousReference:
    """A typed reference that does not match exactly one record."""

    kind: str
    text: str
    choices: tuple[ReferenceChoice, ...]


@dataclass
class ReferenceLookup:
    """Batch lookup of references in a few database queries."""

    lang: str
    people: dict[str, PersonListItem] = field(default_factory=dict)
    sources: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    ids_by_title: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Titles of new sources defined in the same form, by id.
    new_sources: dict[str, str] = field(default_factory=dict)

    def load(self, references: Iterable[tuple[str, str]]) -> None:
        """Load the people and sources that the references may mean, by id or typed text."""
        wanted: dict[str, set[str]] = {"person": set(), "source": set()}
        typed: dict[str, set[str]] = {"person": set(), "source": set()}
        for kind, text in references:
            if kind in wanted:
                typed[kind].add(text)
                ids = (text, *_bracketed_ids(kind, text))
                wanted[kind] |= {id_ for id_ in ids if ID_PATTERN.fullmatch(id_)}
                wanted[kind] |= set(self._namesakes(text)) if kind == "person" else set()
        with services.database.read() as session:
            self.people |= lookup.get_person_cards(session, wanted["person"])
            self.sources |= load_csl_items(session, wanted["source"])
            unknown = {title for title in typed["source"] if title and not self.find_ids("source", title)}
            if unknown:
                self.ids_by_title |= lookup.find_sources_by_title(session, unknown)
                titled_ids = {id_ for ids in self.ids_by_title.values() for id_ in ids}
                self.sources |= load_csl_items(session, titled_ids)

    def find_ids(self, kind: str, text: str) -> tuple[str, ...]:
        """Return all ids that a text matches."""
        for id_ in (*_bracketed_ids(kind, text), text):
            if self._exists(kind, id_):
                return (id_,)
        if kind == "person":
            return tuple(id_ for id_ in self._namesakes(text) if id_ in self.people)
        if kind == "source":
            return (*self._new_sources_titled(text), *self.ids_by_title.get(text, ()))
        return services.facet_values.desk_labels.find(LABEL_KINDS[kind], text)

    def find_id(self, kind: str, text: str) -> str:
        """Return the id that a text matches; empty if it matches none or several.

        A person is matched by the whole name only, as a surname may belong to a person not yet in
        the bank.
        """
        ids = self.find_ids(kind, text)
        if len(ids) != 1 or (kind == "person" and not self._matches_name(ids[0], text)):
            return ""
        return ids[0]

    def _matches_name(self, person_id: str, text: str) -> bool:
        names = (name["text"] for name in self.people[person_id].names)
        ids = (person_id, *_bracketed_ids("person", text))
        return text in ids or person_id in ids[1:] or fold(text) in map(fold, names)

    def display_text(self, kind: str, id_: str) -> str:
        """Return the text of a field that refers to `id_`."""
        label = " ".join(self.label(kind, id_).split())
        return f"{label} ({id_})" if label and label != id_ else id_

    def label(self, kind: str, id_: str) -> str:
        """Return the label of `id_`; empty or the id if there is none."""
        if kind == "person":
            return self.people[id_].name(self.lang) if id_ in self.people else ""
        if kind == "source":
            title = str(self.sources.get(id_, {}).get("title", ""))
            return (
                title if len(title) <= MAX_SOURCE_TITLE_CHARS else title[: MAX_SOURCE_TITLE_CHARS - 1] + "…"
            )
        if kind in ("event", "work"):
            return services.facet_values.desk_labels.catalogue.term_label(kind, id_, self.lang)
        return services.facet_values.desk_labels.label(LABEL_KINDS[kind], id_, self.lang)

    def ambiguous_reference(self, kind: str, text: str) -> AmbiguousReference:
        """Return the typed text with the choices that autocomplete offers for it."""
        if kind == "country":
            return AmbiguousReference(kind, text, tuple(self._similar_countries(text)))
        candidates: list[AutocompleteOption] = []
        with suppress(SearchUnavailable):  # a form is never lost for want of what it might mean
            candidates = services.autocomplete.find(identity(), kind, text, self.lang)
        payloads = (choice_payload(kind, candidate) for candidate in candidates)
        choices = (
            ReferenceChoice(payload["id"], f"{payload['label']} ({payload['id']})", payload["note"])
            for payload in payloads
        )
        return AmbiguousReference(kind, text, tuple(choices))

    def _similar_countries(self, text: str) -> Iterator[ReferenceChoice]:
        labels = services.facet_values.desk_labels
        for label in labels.similar_labels("country", text, self.lang):
            for code in labels.find("country", label):
                yield ReferenceChoice(code, self.display_text("country", code), "")

    def _exists(self, kind: str, id_: str) -> bool:
        if kind == "person":
            return id_ in self.people
        if kind == "source":
            return id_ in self.sources or (id_ in self.new_sources and bool(id_))
        return services.facet_values.desk_labels.find(LABEL_KINDS[kind], id_) == (id_,)

    def _new_sources_titled(self, title: str) -> tuple[str, ...]:
        new_sources = self.new_sources.items()
        return tuple(id_ for id_, new_title in new_sources if id_ and fold(new_title) == fold(title))

    def _namesakes(self, text: str) -> tuple[str, ...]:
        """Return ids of people with the name: public ones, and the id generated from the name."""
        if not text or ID_PATTERN.fullmatch(text):
            return ()
        by_name: frozenset[str] = frozenset()
        with suppress(SearchUnavailable):
            by_name = resolve_person(services.names.matcher(), text)
        return (*sorted(by_name)[:MAX_LOOKUP_NAMESAKES], *({slugify(text)} - by_name))


def load_references(
    schema: Group, tree: Tree, lang: str, new_sources: Mapping[str, str] | None = None
) -> ReferenceLookup:
    """Load all records that the fields of a form may refer to; `new_sources` are titles by id."""
    lookup = ReferenceLookup(lang, new_sources=dict(new_sources or {}))
    lookup.load(
        (form_field.target, text.strip())
        for _, form_field, text in iter_fields(schema, tree)
        if form_field.kind == "pick"
    )
    return lookup


def resolve_references(
    schema: Group, tree: Tree, lookup: ReferenceLookup
) -> tuple[Tree, dict[str, AmbiguousReference]]:
    """Return the form with references as label and id, and the ambiguous ones by field name."""
    ambiguous: dict[str, AmbiguousReference] = {}

    def resolve(name: str, form_field: Field, text: str) -> str:
        typed = text.strip()
        if form_field.kind != "pick" or not typed:
            return text
        if id_ := lookup.find_id(form_field.target, typed):
            return lookup.display_text(form_field.target, id_)
        ambiguous[name] = lookup.ambiguous_reference(form_field.target, typed)
        return text

    resolved: Tree = map_fields(schema, tree, resolve)
    return resolved, ambiguous


def reference_choices(kind: str, lang: str) -> list[tuple[str, str]]:
    """Return the places or the terms of a vocabulary as displayed, sorted by name, for a datalist."""
    catalogue, lookup = services.catalogue(), ReferenceLookup(lang)
    terms = (term["id"] for term in catalogue.terms.values() if term["vocabulary"] == kind)
    ids = catalogue.places if kind == "place" else terms
    labels = sorted((lookup.display_text(kind, id_) for id_ in ids), key=sort_key)
    return [(label, "") for label in labels[:MAX_DATALIST_CHOICES]]


def _bracketed_ids(kind: str, text: str) -> tuple[str, ...]:
    """Return the id in brackets at the end of a text."""
    match = BRACKETED_ID.search(text)
    return (match[1],) if match and (kind == "country" or ID_PATTERN.fullmatch(match[1])) else ()


def choice_payload(kind: str, choice: AutocompleteOption) -> dict[str, str]:
    """Return an autocomplete choice with its label and a note that distinguishes it."""
    kinds = PLACE_KIND_LABELS if kind == "place" else ORGANISATION_KIND_LABELS
    kind_label = str(kinds.get(choice.kind, choice.kind))
    note_parts = (unpublished_state_label(choice.state), kind_label, *choice.about)
    return {"id": choice.id, "label": choice.label, "note": " · ".join(part for part in note_parts if part)}


def unpublished_state_label(state: str) -> str:
    """Return the label of an unpublished state; empty for a published record."""
    return str(UNPUBLISHED_STATE_LABELS.get(state, ""))
