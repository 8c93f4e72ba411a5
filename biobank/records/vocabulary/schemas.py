"""Schema of a term, and conversion between record and row."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, post_load, validate

from biobank.common.i18n import LANGUAGES
from biobank.records.fields import Country, Id, Localized, RecordSchema, Text, drop_empty
from biobank.records.vocabulary.models import VOCABULARIES, Term, TermBroader, term_id, term_key


class TermSchema(RecordSchema):
    vocabulary = fields.String(
        required=True,
        validate=validate.OneOf(VOCABULARIES, error="{input} is not a vocabulary. Use {choices}."),
    )
    id = Id(required=True)
    labels = Localized(required=True)
    #: Labels for women, in languages where the general label is not used for them.
    feminine = Localized(100)
    #: Alternative labels: synonyms, further feminine forms.
    alt = fields.Dict(keys=fields.String(validate=validate.OneOf(LANGUAGES)), values=fields.List(Text(100)))
    broader = fields.List(Id())
    inverse = Id(allow_none=True)
    country = Country(allow_none=True)

    @post_load
    def canonical(self, record: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Sort the set of broader terms as the store does, so that both compare equal."""
        if "broader" in record:
            record["broader"] = sorted(set(record["broader"]))
        return record


term_schema = TermSchema()


def term_row(record: Mapping[str, Any]) -> Term:
    """Return the row of a record."""
    key = term_key(record["vocabulary"], record["id"])
    return Term(
        key=key,
        vocabulary=record["vocabulary"],
        labels=record["labels"],
        alt=record.get("alt", {}),
        feminine=record.get("feminine"),
        inverse=record.get("inverse"),
        country=record.get("country"),
        broader=[
            TermBroader(term_key=key, broader_key=term_key(record["vocabulary"], broader))
            for broader in record.get("broader", [])
        ],
    )


def term_record(term: Term) -> dict[str, Any]:
    """Return the record of a row."""
    record = {
        "vocabulary": term.vocabulary,
        "id": term.id,
        "labels": term.labels,
        "feminine": term.feminine,
        "alt": term.alt,
        "broader": [term_id(row.broader_key) for row in term.broader],
        "inverse": term.inverse,
        "country": term.country,
    }
    return drop_empty(record)
