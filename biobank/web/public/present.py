"""The current value of the field that a correction is about, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from biobank.bootstrap import Services
from biobank.editorial.differences import Path, leaves
from biobank.editorial.summary import TEXTS
from biobank.errors import NotFound
from biobank.i18n import LANGUAGES, best_with_language
from biobank.records.people import queries
from biobank.records.people.mapping import preferred_name
from biobank.web.names import NameForm, shown_name
from biobank.web.revisions.titles import FIELDS, field_title
from biobank.web.revisions.values import Part, names_of, parts
from biobank.web.text import _
from biobank.web.words import language_name

#: Fields that the public may correct.
CORRECTED = tuple(name for name in FIELDS if name != "checked")


@dataclass(frozen=True)
class Present:
    """A person and the value of a field: one row per item of a list, or a text.

    `path` is the field and the language of a text: `birth`, `biography.az`.
    """

    id: str
    name: NameForm
    path: str
    title: str
    rows: tuple[tuple[Part, ...], ...] = ()
    text: str = ""
    text_lang: str = ""

    @property
    def field(self) -> str:
        return self.path.partition(".")[0]


def present(services: Services, person_id: str, field: str, lang: str) -> Present:
    """Return the value of `field` of a public person; an unknown field means the whole record.

    Raises:
        NotFound: if there is no such person.
    """
    catalogue = services.catalogue()
    with services.database.read() as session:
        record = queries.record(session, person_id)
        if record is None:
            raise NotFound(_("There is no such person in the bank."))
        name = shown_name(record["names"], preferred_name(record, lang), lang)
        field, _dot, its_lang = field.partition(".")
        if field not in CORRECTED:
            return Present(person_id, name, "", "")
        if field in TEXTS:
            return _text(person_id, name, field, record.get(field), its_lang, lang)
        names = names_of(session, leaves(record), catalogue, lang)
        rows = tuple(parts(path, value, names) for path, value in _items(record, field))
    return Present(person_id, name, field, field_title(field), rows=rows)


def _text(
    person_id: str,
    name: NameForm,
    field: str,
    texts: Mapping[str, str] | None,
    its_lang: str,
    lang: str,
) -> Present:
    """Return the text in the requested language, else in the best one for the page."""
    text, found = best_with_language(texts, lang)
    if its_lang in LANGUAGES:
        text, found = (texts or {}).get(its_lang, ""), its_lang
    title = f"{field_title(field)} ({language_name(found, lang)})"
    return Present(person_id, name, f"{field}.{found}", title, text=text, text_lang=found)


def _items(record: Mapping[str, Any], field: str) -> Iterable[tuple[Path, Any]]:
    value = record.get(field)
    if isinstance(value, list):
        return [((field, place), _without_cites(item)) for place, item in enumerate(value)]
    return [((field,), _without_cites(value))] if value else []


def _without_cites(value: Any) -> Any:
    """Return a value without its citations, which the page shows as footnotes."""
    if not isinstance(value, Mapping):
        return value
    return {key: part for key, part in value.items() if key != "cites"}
