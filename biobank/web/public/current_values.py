"""The current value of the field that a correction is about, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES, best_with_language
from biobank.editorial.revisions.change_summary import LOCALIZED_FIELDS
from biobank.editorial.revisions.record_diff import RecordPath, iter_leaves
from biobank.errors import NotFound
from biobank.records.people import queries
from biobank.records.people.mapping import preferred_name
from biobank.web.core.gettext import _
from biobank.web.core.labels import language_name
from biobank.web.core.name_forms import NameForm, find_name_form
from biobank.web.revisions.labels import FIELD_TITLES, field_title
from biobank.web.revisions.value_labels import ValuePart, load_record_names, value_parts

#: Fields that the public may correct.
CORRECTABLE_FIELDS = tuple(name for name in FIELD_TITLES if name != "checked")


@dataclass(frozen=True)
class CurrentValue:
    """A person and the value of a field: one row per item of a list, or a text.

    `path` is the field and the language of a text: `birth`, `biography.az`.
    """

    id: str
    name: NameForm
    path: str
    title: str
    rows: tuple[tuple[ValuePart, ...], ...] = ()
    text: str = ""
    text_lang: str = ""

    @property
    def field(self) -> str:
        return self.path.partition(".")[0]


def current_value(services: Services, person_id: str, field: str, lang: str) -> CurrentValue:
    """Return the value of `field` of a public person; an unknown field means the whole record.

    Raises:
        NotFound: if there is no such person.
    """
    catalogue = services.catalogue()
    with services.database.read() as session:
        record = queries.load_record(session, person_id)
        if record is None:
            raise NotFound(_("Biography not found."))
        name = find_name_form(record["names"], preferred_name(record, lang), lang)
        field, _dot, requested_lang = field.partition(".")
        if field not in CORRECTABLE_FIELDS:
            return CurrentValue(person_id, name, "", "")
        if field in LOCALIZED_FIELDS:
            return _text_value(person_id, name, field, record.get(field), requested_lang, lang)
        names = load_record_names(session, iter_leaves(record), catalogue, lang)
        rows = tuple(value_parts(path, value, names) for path, value in _items(record, field))
    return CurrentValue(person_id, name, field, field_title(field), rows=rows)


def _text_value(
    person_id: str,
    name: NameForm,
    field: str,
    texts: Mapping[str, str] | None,
    requested_lang: str,
    lang: str,
) -> CurrentValue:
    """Return the text in the requested language, else in the best one for the page."""
    text, text_lang = best_with_language(texts, lang)
    if requested_lang in LANGUAGES:
        text, text_lang = (texts or {}).get(requested_lang, ""), requested_lang
    title = f"{field_title(field)} ({language_name(text_lang, lang)})"
    return CurrentValue(
        person_id, name, f"{field}.{text_lang}", title, text=text, text_lang=text_lang
    )


def _items(record: Mapping[str, Any], field: str) -> Iterable[tuple[RecordPath, Any]]:
    value = record.get(field)
    if isinstance(value, list):
        return [((field, index), _without_cites(item)) for index, item in enumerate(value)]
    return [((field,), _without_cites(value))] if value else []


def _without_cites(value: Any) -> Any:
    """Return a value without its citations, which the page shows as footnotes."""
    if not isinstance(value, Mapping):
        return value
    return {key: part for key, part in value.items() if key != "cites"}
