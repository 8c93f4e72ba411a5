"""Translations of validation messages of records and mappings, by the English message."""

from typing import Final

from flask_babel import lazy_gettext

#: Messages that also occur in the writing form are in `writing.validation_messages`.
IMPORT_VALIDATION_MESSAGES: Final = {
    "Must be text, in quotes.": lazy_gettext("This must be text in quotation marks."),
    "Must be a list.": lazy_gettext("This must be a list."),
    "Must be an object of fields.": lazy_gettext("This must be an object with fields."),
    "Must be an object of keys.": lazy_gettext("This must be an object with keys."),
    "Is null; leave the field out instead.": lazy_gettext(
        "The value is null. Leave the field out instead."
    ),
    "There is no such field; see the record in docs/reference/record.md.": lazy_gettext(
        "Unknown field."
    ),
    "There is no such key; see docs/reference/import-formats.md.": lazy_gettext(
        "Unknown key in the mapping file."
    ),
    "Must be text by language: {az: …, en: …, ru: …}.": lazy_gettext(
        "This must be text by language: {az: …, en: …, ru: …}."
    ),
    "Is no language of the bank; use az, en or ru.": lazy_gettext(
        "This language is not supported. Use az, en or ru."
    ),
    "Must be a CSL-JSON item: {type: …, title: …}.": lazy_gettext(
        "This must be a CSL-JSON item: {type: …, title: …}."
    ),
    "Holds a number that is none.": lazy_gettext("The value contains an invalid number."),
    "Is nested too deeply.": lazy_gettext("This is nested too deeply."),
    "Write it in one language.": lazy_gettext("Required in at least one language."),
    "there is no date here; leave the field out if none is known": lazy_gettext(
        "The date is empty. Leave the field out if the date is unknown."
    ),
    "this can be read in two ways; write year, month, day: 1885-09-18": lazy_gettext(
        "This date is ambiguous. Enter it as year, month, day: 1885-09-18."
    ),
    "Needs both lat and lon, or neither.": lazy_gettext("Enter both lat and lon, or neither."),
    "Must be an object: {their value: our value}.": lazy_gettext(
        "This must be an object: {source value: Biobank value}."
    ),
    "Must be a text, a list of texts or null.": lazy_gettext(
        "This must be text, a list of texts or null."
    ),
    "Takes one of from, template and keys.": lazy_gettext(
        "Use only one of from, template and keys."
    ),
    "Reads a value as one thing: date, term, country or place.": lazy_gettext(
        "Use only one of date, term, country and place."
    ),
    "Names no column; write it in braces, or the text alone.": lazy_gettext(
        "The template contains no column. Put a column name in braces, or write plain text instead."
    ),
    "A place that is not known cannot be kept; bring it.": lazy_gettext(
        "An unknown place cannot be kept as is. Use bring to add it."
    ),
    "Is edtf, typed, year or a pattern such as dd.mm.yyyy.": lazy_gettext(
        "Use edtf, typed, year or a pattern such as dd.mm.yyyy."
    ),
    "Is required: nobody is without a name.": lazy_gettext("Enter a name for the person."),
    "Must be a text, or a rule: {from: column}, {template: …}.": lazy_gettext(
        "This must be text or a rule: {from: column}, {template: …}."
    ),
    "Not a valid boolean.": lazy_gettext("Enter yes or no."),
    "Length must be 1.": lazy_gettext("This must be exactly one character."),
}
