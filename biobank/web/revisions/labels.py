"""Labels of the fields and parts of a record on pages of changes."""

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext

from biobank.editorial.revisions.record_diff import ChangedField, RecordPath
from biobank.search.labels import LANGUAGE_LABELS
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_number

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
    return (
        LANGUAGE_LABELS[step].translate(lang) if step in LANGUAGE_LABELS else str(PART_TITLES.get(step, step))
    )


def change_kind_labels() -> Mapping[str, str]:
    """Return the labels of the kinds of changes."""
    return {"added": _("added"), "removed": _("removed"), "changed": _("changed"), "moved": _("moved")}
