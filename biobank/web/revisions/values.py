"""Values of a record as localised text."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from biobank.editorial.desk import newest_names
from biobank.editorial.differences import Change, Path, leaves
from biobank.i18n import LANGUAGES, best_with_language
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name
from biobank.records.people.browsing import cards, cited
from biobank.records.people.mapping import preferred_name
from biobank.search.labels import GENDERS
from biobank.web.revisions.titles import part_title
from biobank.web.text import _
from biobank.web.words import CALENDARS, date_words, language_name, script_name

NAME_KINDS = {
    "preferred": lazy_gettext("preferred name"),
    "birth": lazy_gettext("name at birth"),
    "pen": lazy_gettext("pen name"),
    "stage": lazy_gettext("stage name"),
    "title": lazy_gettext("title"),
    "former": lazy_gettext("former name"),
    "variant": lazy_gettext("other spelling"),
}
MEDIA_TYPES = {
    "image": lazy_gettext("picture"),
    "video": lazy_gettext("film"),
    "audio": lazy_gettext("sound"),
}
#: Vocabularies of the `type` of list items, by field.
VOCABULARIES = {"events": "event", "relations": "relation", "works": "work"}


@dataclass(frozen=True)
class Part:
    """A value as text, with a label where needed."""

    label: str
    text: str
    lang: str = ""


@dataclass(frozen=True)
class Names:
    """Names of the ids in a record; people are named only if they are known here."""

    catalogue: Catalogue
    lang: str
    people: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    def person(self, person_id: str) -> str:
        return self.people.get(person_id) or _("someone who is not public here")


def names_of(
    session: Session,
    values: Iterable[tuple[Path, Any]],
    catalogue: Catalogue,
    lang: str,
    *,
    public: bool = True,
) -> Names:
    """Load the names of people and sources in `values`; if `public`, only of public people."""
    people, sources = set(), set()
    for path, value in values:
        if _key(path) == "person":
            people.add(value)
        elif _is_source(path):
            sources.add(value)
    titles = {id_: csl.get("title") or id_ for id_, csl in cited(session, sources).items()}
    named = {id_: card.name(lang) for id_, card in cards(session, sorted(people)).items()}
    if not public:
        hidden = sorted(people - set(named))
        found = newest_names(session, hidden)
        named |= {id_: preferred_name({"names": found[id_]}, lang) for id_ in found}
        named |= {id_: id_ for id_ in hidden if id_ not in found}
    return Names(catalogue, lang, named, titles)


def values_of(changes: Iterable[Change], *records: Mapping[str, Any]) -> list[tuple[Path, Any]]:
    """Return every scalar value of the records and of their changes, with its path."""
    found = [it for record in records for it in leaves(record)]
    for change in changes:
        if change.kind != "moved":
            found += [*leaves(change.before, change.path), *leaves(change.after, change.path)]
    return [(path, value) for path, value in found if value is not None]


def parts(path: Path, value: Any, names: Names) -> tuple[Part, ...]:
    """Return the scalar parts of the value at `path` as text."""
    return tuple(
        Part(part_title(inner[len(path) - 1 :], names.lang), *words(inner, leaf, names))
        for inner, leaf in leaves(value, path)
    )


def words(path: Path, value: Any, names: Names) -> tuple[str, str]:
    """Return a scalar value as text, and its language if it may differ from the page's."""
    key, text = _key(path), str(value)
    if key in LANGUAGES:
        return text, key
    if path[0] == "identifiers":
        return text, ""
    if _is_source(path):
        return names.sources.get(text, text), ""
    if key == "type":
        return _type(str(path[0]), text, names), ""
    say = _SAID.get(key)
    return (say(text, names) if say else text), ""


def item_words(path: Path, item: Any, names: Names) -> str:
    """Return a short label of a list item: the title of a work, the name of a person, or the
    description of a picture.
    """
    if not isinstance(item, Mapping):
        return words(path, item, names)[0]
    told = [
        words((*path, key), item[key], names)[0]
        for key in ("person", "organisation", "award", "date", "type", "url", "source")
        if isinstance(item.get(key), str)
    ]
    text = item.get("title") or item.get("text") or item.get("alt")
    text = text if isinstance(text, str) else best_with_language(text, names.lang)[0]
    return " · ".join([*([text] if text else []), *told][:2])


def _key(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _is_source(path: Path) -> bool:
    key = _key(path)
    return key in ("sources", "against") or (key == "source" and path[0] != "media")


def _type(field: str, value: str, names: Names) -> str:
    if field in VOCABULARIES:
        return names.catalogue.term_label(VOCABULARIES[field], value, names.lang)
    return str(MEDIA_TYPES.get(value, value))


#: Formatters of values by key.
_SAID: Mapping[str, Callable[[str, Names], str]] = {
    "date": lambda value, names: date_words(value, names.lang),
    "on": lambda value, names: date_words(value, names.lang),
    "place": lambda value, names: names.catalogue.place_name(value, names.lang),
    "person": lambda value, names: names.person(value),
    "organisation": lambda value, names: names.catalogue.organisation_name(value, names.lang),
    "award": lambda value, names: names.catalogue.term_label("award", value, names.lang),
    "professions": lambda value, names: names.catalogue.term_label("profession", value, names.lang),
    "countries": lambda value, names: country_name(value, names.lang),
    "gender": lambda value, names: GENDERS.get(value, {}).get(names.lang, value),
    "lang": lambda value, names: language_name(value, names.lang),
    "script": lambda value, names: script_name(value, names.lang),
    "kind": lambda value, _names: str(NAME_KINDS.get(value, value)),
    "calendar": lambda value, _names: str(CALENDARS.get(value, value)),
}
