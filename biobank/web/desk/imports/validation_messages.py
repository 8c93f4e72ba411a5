"""Translations of validation messages of records and mappings, by the English message."""

from typing import Final

from flask_babel import lazy_gettext

#: Messages that also occur in the writing form are in `writing.validation_messages`.
IMPORT_VALIDATION_MESSAGES: Final = {
    "Must be text, in quotes.": lazy_gettext("This must be text, in quotes."),
    "Must be a list.": lazy_gettext("This must be a list."),
    "Must be an object of fields.": lazy_gettext("This must be an object of fields."),
    "Must be an object of keys.": lazy_gettext("This must be an object of keys."),
    "Is null; leave the field out instead.": lazy_gettext(
        "This is null; leave the field out instead."
    ),
    "There is no such field; see the record in docs/record.md.": lazy_gettext(
        "There is no such field in a record."
    ),
    "There is no such key; see docs/import-formats.md.": lazy_gettext(
        "There is no such key in a mapping file."
    ),
    "Must be text by language: {az: …, en: …, ru: …}.": lazy_gettext(
        "This must be text by language: {az: …, en: …, ru: …}."
    ),
    "Is no language of the bank; use az, en or ru.": lazy_gettext(
        "This is no language of the bank; use az, en or ru."
    ),
    "Must be a CSL-JSON item: {type: …, title: …}.": lazy_gettext(
        "This must be a CSL-JSON item: {type: …, title: …}."
    ),
    "Holds a number that is none.": lazy_gettext("There is a number in it that is none."),
    "Is nested too deeply.": lazy_gettext("This is nested too deeply."),
    "Write it in one language.": lazy_gettext("This is needed, in one language at least."),
    "there is no date here; leave the field out if none is known": lazy_gettext(
        "There is no date here; leave the field out where none is known."
    ),
    "this can be read in two ways; write year, month, day: 1885-09-18": lazy_gettext(
        "This can be read in two ways; write year, month, day: 1885-09-18."
    ),
    "Needs both lat and lon, or neither.": lazy_gettext("Both lat and lon are needed, or neither."),
    "Must be an object: {their value: our value}.": lazy_gettext(
        "This must be an object: {their value: our value}."
    ),
    "Must be a text, a list of texts or null.": lazy_gettext(
        "This must be a text, a list of texts or null."
    ),
    "Takes one of from, template and keys.": lazy_gettext(
        "One of from, template and keys is taken, not several."
    ),
    "Reads a value as one thing: date, term, country or place.": lazy_gettext(
        "A value is read as one thing: date, term, country or place."
    ),
    "Names no column; write it in braces, or the text alone.": lazy_gettext(
        "This names no column; write one in braces, or the text alone."
    ),
    "A place that is not known cannot be kept; bring it.": lazy_gettext(
        "A place that is not known cannot be kept; bring it."
    ),
    "Is edtf, typed, year or a pattern such as dd.mm.yyyy.": lazy_gettext(
        "This is edtf, typed, year or a pattern such as dd.mm.yyyy."
    ),
    "Is required: nobody is without a name.": lazy_gettext("A person needs a name."),
    "Must be a text, or a rule: {from: column}, {template: …}.": lazy_gettext(
        "This must be a text, or a rule: {from: column}, {template: …}."
    ),
    "Not a valid boolean.": lazy_gettext("Write yes or no."),
    "Length must be 1.": lazy_gettext("This is one character."),
}
