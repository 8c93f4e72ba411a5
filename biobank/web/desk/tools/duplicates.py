"""Duplicate candidates of the person being written, as JSON."""

from typing import Any

from flask import url_for

from biobank.access import identity
from biobank.editorial.choices import person_choice
from biobank.editorial.distinct import AT_ONCE_MOST
from biobank.editorial.duplicates import NAMES_MOST
from biobank.editorial.heads import Head
from biobank.editorial.sameness import Compared, Reason, Suspect, compared
from biobank.extensions import services
from biobank.names.explain import why
from biobank.records.catalogue import Catalogue
from biobank.records.edtf import DateError
from biobank.records.typed_dates import TYPED_MOST, read_typed
from biobank.web.desk.tools.asked import asked, asked_all
from biobank.web.desk.tools.choices import choice_shown
from biobank.web.links import person_url
from biobank.web.text import _
from biobank.web.words import date_words

NAME_MOST, ID_MOST = 200, 120


def suspects_asked_for(lang: str) -> list[dict[str, Any]]:
    """Return the candidates for the submitted form, best match first, with reasons."""
    found = services.duplicates.like(
        identity(), _given(), besides=asked_all("distinct", AT_ONCE_MOST, ID_MOST)
    )
    catalogue = services.catalogue() if found else Catalogue()
    return [_shown(suspect, head, catalogue, lang) for suspect, head in found]


def _given() -> Compared:
    names = asked_all("name", NAMES_MOST, NAME_MOST)
    record = {
        "names": [{"text": name} for name in names],
        "birth": {"date": _date("born")},
        "death": {"date": _date("died")},
        "gender": asked("gender", 10) or None,
    }
    return compared(record, asked("id", ID_MOST))


def _date(name: str) -> str | None:
    """Return a typed date as EDTF; None if it cannot be parsed."""
    try:
        return read_typed(asked(name, TYPED_MOST))
    except DateError:
        return None


def _shown(suspect: Suspect, head: Head, catalogue: Catalogue, lang: str) -> dict[str, Any]:
    return {
        **choice_shown("person", person_choice(head, lang)),
        "reasons": reasons_in_words(suspect, catalogue, lang),
        "url": record_url(head, lang),
    }


def record_url(head: Head, lang: str) -> str:
    """Return the URL of a record: the public page, or the desk page if it is not public."""
    if head.public:
        return person_url(head.person_id, lang)
    return url_for("web.desk_person", lang=lang, person_id=head.person_id)


def reasons_in_words(suspect: Suspect, catalogue: Catalogue, lang: str) -> list[str]:
    """Return the reasons why two records may be the same person, the name first."""
    name = [why(suspect.match, lang)] if suspect.match else []
    return name + [_reason(reason, catalogue, lang) for reason in suspect.reasons]


def _reason(reason: Reason, catalogue: Catalogue, lang: str) -> str:
    value = reason.value
    if reason.kind == "place":
        return _("born in the same place: %(place)s", place=catalogue.place_name(value, lang))
    if reason.kind == "profession":
        label = catalogue.term_label("profession", value, lang)
        return _("the same profession: %(profession)s", profession=label)
    date = date_words(value, lang)
    return {
        "identifier": _("the same identifier: %(identifier)s", identifier=value),
        "birth_day": _("born on the same day: %(date)s", date=date),
        "birth": _("born in the same year: %(date)s", date=date),
        "birth_perhaps": _("perhaps born in the same year: %(date)s", date=date),
        "death_day": _("died on the same day: %(date)s", date=date),
        "death": _("died in the same year: %(date)s", date=date),
        "death_perhaps": _("perhaps died in the same year: %(date)s", date=date),
    }[reason.kind]
