"""Labels of the fields and parts of a record, and its values as localised text."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from biobank.common.i18n import LANGUAGES, best_with_language
from biobank.editorial.review.desk_queries import latest_names
from biobank.editorial.revisions.record_diff import ChangedField, RecordChange, RecordPath, iter_leaves
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name
from biobank.records.people.browse_queries import load_cards, load_csl_items
from biobank.records.people.mapping import preferred_name
from biobank.search.labels import GENDER_LABELS, LANGUAGE_LABELS
from biobank.web.core.gettext import _
from biobank.web.core.labels import (
    CALENDAR_LABELS,
    format_edtf_date,
    format_number,
    language_name,
    script_name,
)

#: Titles of the fields, in the order of the record.
FIELD_TITLES = {
    "names": lazy_gettext("Names"),
    "gender": lazy_gettext("Gender"),
    "birth": lazy_gettext("Birth"),
    "death": lazy_gettext("Death"),
    "floruit": lazy_gettext("Active"),
    "professions": lazy_gettext("Professions"),
    "countries": lazy_gettext("Countries"),
    "connection": lazy_gettext("Why included"),
    "headline": lazy_gettext("Headline"),
    "biography": lazy_gettext("Biography"),
    "events": lazy_gettext("Events"),
    "relations": lazy_gettext("Related people"),
    "memberships": lazy_gettext("Education, positions, memberships"),
    "works": lazy_gettext("Works"),
    "awards": lazy_gettext("Awards"),
    "media": lazy_gettext("Pictures and recordings"),
    "identifiers": lazy_gettext("In other catalogues"),
    "sources": lazy_gettext("Sources"),
    "checked": lazy_gettext("Last verified"),
}
#: Titles of the parts of fields, by key.
PART_TITLES = {
    "text": lazy_gettext("Text"),
    "lang": lazy_gettext("Language"),
    "script": lazy_gettext("Script"),
    "family": lazy_gettext("Family name"),
    "given": lazy_gettext("Given name"),
    "kind": lazy_gettext("Type"),
    "type": lazy_gettext("Type"),
    "date": lazy_gettext("Date"),
    "on": lazy_gettext("Date"),
    "place": lazy_gettext("Place"),
    "original": lazy_gettext("In the source"),
    "calendar": lazy_gettext("Calendar"),
    "cites": lazy_gettext("Citation"),
    "source": lazy_gettext("Source"),
    "against": lazy_gettext("Source"),
    "locator": lazy_gettext("Page or section"),
    "person": lazy_gettext("Person"),
    "organisation": lazy_gettext("Organisation"),
    "role": lazy_gettext("Role"),
    "title": lazy_gettext("Title of the work"),
    "award": lazy_gettext("Award"),
    "url": lazy_gettext("Web address"),
    "licence": lazy_gettext("Licence"),
    "author": lazy_gettext("Author"),
    "alt": lazy_gettext("Description"),
}
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


def field_title(field: str) -> str:
    return str(FIELD_TITLES.get(field, field))


def part_title(path: RecordPath, lang: str) -> str:
    """Return the title of `path` within its field: "Text, English"; empty for the whole field."""
    return ", ".join(_step_title(step, lang) for step in path[1:] if isinstance(step, str))


def sort_fields(fields: Iterable[str]) -> list[str]:
    """Sort fields in the order of the record; unknown ones come last."""
    order = {field: position for position, field in enumerate(FIELD_TITLES)}
    return sorted(fields, key=lambda field: order.get(field, len(order)))


def changed_field_label(changed: ChangedField, lang: str) -> str:
    """Return a changed field with details: "Biography (English)", "Sources (2)"."""
    details = [LANGUAGE_LABELS[code].translate(lang) for code in changed.languages if code in LANGUAGE_LABELS]
    details += [format_number(changed.items)] if changed.items > 1 else []
    title = field_title(changed.field)
    return f"{title} ({', '.join(details)})" if details else title


def _step_title(step: str, lang: str) -> str:
    if step in LANGUAGE_LABELS:
        return LANGUAGE_LABELS[step].translate(lang)
    return str(PART_TITLES.get(step, step))


def change_kind_labels() -> Mapping[str, str]:
    """Return the labels of the kinds of changes."""
    return {"added": _("added"), "removed": _("removed"), "changed": _("changed"), "moved": _("moved")}


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
