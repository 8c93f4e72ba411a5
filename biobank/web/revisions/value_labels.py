"""Values of a record as localised text."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from biobank.common.i18n import LANGUAGES, best_with_language
from biobank.editorial.review.desk_queries import latest_names
from biobank.editorial.revisions.record_diff import RecordChange, RecordPath, iter_leaves
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name
from biobank.records.people.browse_queries import load_cards, load_csl_items
from biobank.records.people.mapping import preferred_name
from biobank.search.labels import GENDER_LABELS
from biobank.web.core.gettext import _
from biobank.web.core.labels import CALENDAR_LABELS, format_edtf_date, language_name, script_name
from biobank.web.revisions.labels import part_title

NAME_KIND_DESCRIPTIONS = {
    "preferred": lazy_gettext("preferred name"),
    "birth": lazy_gettext("name at birth"),
    "pen": lazy_gettext("pen name"),
    "stage": lazy_gettext("stage name"),
    "title": lazy_gettext("title"),
    "former": lazy_gettext("former name"),
    "variant": lazy_gettext("other spelling"),
}
MEDIA_TYPE_LABELS = {
    "image": lazy_gettext("picture"),
    "video": lazy_gettext("video"),
    "audio": lazy_gettext("audio"),
}
#: Vocabularies of the `type` of list items, by field.
FIELD_VOCABULARIES = {"events": "event", "relations": "relation", "works": "work"}


@dataclass(frozen=True)
class ValuePart:
    """A value as text, with a label where needed."""

    label: str
    text: str
    lang: str = ""


@dataclass(frozen=True)
class RecordNames:
    """Names of the ids in a record; people are named only if they are known here."""

    catalogue: Catalogue
    lang: str
    people: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    def person_name(self, person_id: str) -> str:
        return self.people.get(person_id) or _("unpublished person")


def load_record_names(
    session: Session,
    values: Iterable[tuple[RecordPath, Any]],
    catalogue: Catalogue,
    lang: str,
    *,
    public: bool = True,
) -> RecordNames:
    """Load the names of people and sources in `values`; if `public`, only of public people."""
    people, sources = set(), set()
    for path, value in values:
        if _key(path) == "person":
            people.add(value)
        elif _is_source(path):
            sources.add(value)
    titles = {id_: csl.get("title") or id_ for id_, csl in load_csl_items(session, sources).items()}
    people_names = {id_: card.name(lang) for id_, card in load_cards(session, sorted(people)).items()}
    if not public:
        hidden = sorted(people - set(people_names))
        hidden_names = latest_names(session, hidden)
        people_names |= {id_: preferred_name({"names": hidden_names[id_]}, lang) for id_ in hidden_names}
        people_names |= {id_: id_ for id_ in hidden if id_ not in hidden_names}
    return RecordNames(catalogue, lang, people_names, titles)


def changed_values(
    changes: Iterable[RecordChange], *records: Mapping[str, Any]
) -> list[tuple[RecordPath, Any]]:
    """Return every scalar value of the records and of their changes, with its path."""
    values = [leaf for record in records for leaf in iter_leaves(record)]
    for change in changes:
        if change.kind != "moved":
            values += [*iter_leaves(change.before, change.path), *iter_leaves(change.after, change.path)]
    return [(path, value) for path, value in values if value is not None]


def value_parts(path: RecordPath, value: Any, names: RecordNames) -> tuple[ValuePart, ...]:
    """Return the scalar parts of the value at `path` as text."""
    return tuple(
        ValuePart(part_title(leaf_path[len(path) - 1 :], names.lang), *value_text(leaf_path, leaf, names))
        for leaf_path, leaf in iter_leaves(value, path)
    )


def value_text(path: RecordPath, value: Any, names: RecordNames) -> tuple[str, str]:
    """Return a scalar value as text, and its language if it may differ from the page's."""
    key, text = _key(path), str(value)
    if key in LANGUAGES:
        return text, key
    if path[0] == "identifiers":
        return text, ""
    if _is_source(path):
        return names.sources.get(text, text), ""
    if key == "type":
        return _type_label(str(path[0]), text, names), ""
    formatter = _FORMATTERS.get(key)
    return (formatter(text, names) if formatter else text), ""


def item_label(path: RecordPath, item: Any, names: RecordNames) -> str:
    """Return a short label of a list item: the title of a work, the name of a person, or the
    description of a picture.
    """
    if not isinstance(item, Mapping):
        return value_text(path, item, names)[0]
    details = [
        value_text((*path, key), item[key], names)[0]
        for key in ("person", "organisation", "award", "date", "type", "url", "source")
        if isinstance(item.get(key), str)
    ]
    text = item.get("title") or item.get("text") or item.get("alt")
    text = text if isinstance(text, str) else best_with_language(text, names.lang)[0]
    return " · ".join([*([text] if text else []), *details][:2])


def _key(path: RecordPath) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _is_source(path: RecordPath) -> bool:
    key = _key(path)
    return key in ("sources", "against") or (key == "source" and path[0] != "media")


def _type_label(field: str, value: str, names: RecordNames) -> str:
    if field in FIELD_VOCABULARIES:
        return names.catalogue.term_label(FIELD_VOCABULARIES[field], value, names.lang)
    return str(MEDIA_TYPE_LABELS.get(value, value))


#: Formatters of values by key.
_FORMATTERS: Mapping[str, Callable[[str, RecordNames], str]] = {
    "date": lambda value, names: format_edtf_date(value, names.lang),
    "on": lambda value, names: format_edtf_date(value, names.lang),
    "place": lambda value, names: names.catalogue.place_name(value, names.lang),
    "person": lambda value, names: names.person_name(value),
    "organisation": lambda value, names: names.catalogue.organisation_name(value, names.lang),
    "award": lambda value, names: names.catalogue.term_label("award", value, names.lang),
    "professions": lambda value, names: names.catalogue.term_label("profession", value, names.lang),
    "countries": lambda value, names: country_name(value, names.lang),
    "gender": lambda value, names: (
        GENDER_LABELS[value].translate(names.lang) if value in GENDER_LABELS else value
    ),
    "lang": lambda value, names: language_name(value, names.lang),
    "script": lambda value, names: script_name(value, names.lang),
    "kind": lambda value, _names: str(NAME_KIND_DESCRIPTIONS.get(value, value)),
    "calendar": lambda value, _names: str(CALENDAR_LABELS.get(value, value)),
}
