"""Import messages about records, their values, dates and validation, and the whole run."""

from typing import Final

from flask_babel import lazy_gettext

RECORD_MESSAGES: Final = {
    "eac_no_files": lazy_gettext("The archive contains no .xml files."),
    "eac_none": lazy_gettext("The file contains no EAC-CPF records."),
    "eac_no_person": lazy_gettext(
        "This describes something else (%(what)s). Only records about people are imported."
    ),
    "eac_life": lazy_gettext("A biography in another language (%(lang)s) was not imported: %(text)s"),
    "eac_life_cut": lazy_gettext("The biography (%(lang)s) was shortened to %(most)s characters."),
    "eac_not_taken": lazy_gettext("Not imported (%(what)s): “%(text)s”. An editor can add it."),
    "eac_more": lazy_gettext("… and %(count)s more not imported."),
    "eac_date_alone": lazy_gettext("The date “%(text)s” is neither a date of birth nor a date of death."),
    "eac_date_unread": lazy_gettext("The date “%(text)s” could not be read."),
    "eac_no_name": lazy_gettext("“%(text)s” is not a valid name."),
    "eac_name_read": lazy_gettext("The name “%(text)s” was read as “%(read)s”."),
    "split_many": lazy_gettext("The cell contains %(count)s values; the maximum is %(most)s."),
    "value_unknown": lazy_gettext("“%(text)s” is not listed under “values” in the mapping file."),
    "term_unknown": lazy_gettext("The vocabulary “%(vocabulary)s” has no term “%(text)s”."),
    "term_many": lazy_gettext(
        "“%(text)s” could be any of these: %(terms)s. Specify which one under “values”."
    ),
    "country_unknown": lazy_gettext("Unknown country: “%(text)s”."),
    "place_unknown": lazy_gettext("Place not found in the database: “%(text)s”."),
    "place_many": lazy_gettext(
        "“%(text)s” could be any of these: %(ids)s. Give the identifier or the country."
    ),
    "no_point": lazy_gettext("Invalid coordinates: %(lat)s, %(lon)s."),
    "no_degrees": lazy_gettext("“%(text)s” in the column “%(column)s” is not a number of degrees."),
    "values_many": lazy_gettext("There are %(count)s values, but only one is allowed."),
    "values_apart": lazy_gettext(
        "There are %(count)s values here but %(others)s in the related columns. The numbers must match."
    ),
    "passed_over": lazy_gettext(
        "Rows skipped because of the “where” condition in the mapping file: %(count)s."
    ),
    "no_year": lazy_gettext("“%(text)s” is not a valid year. Enter it as 1885 or -384."),
    "no_decade": lazy_gettext("“%(text)s” is not a valid decade. Enter it as 1880s."),
    "year_0": lazy_gettext("There is no year 0: the year before 1 is -1."),
    "not_as_pattern": lazy_gettext("“%(text)s” does not match the pattern %(pattern)s."),
    "read_as_year": lazy_gettext("%(text)s was interpreted as the year %(year)s."),
    "read_as_between": lazy_gettext(
        "“%(text)s” means a whole period, but a birth or death happens on one day. It was read "
        "as “between”: %(between)s."
    ),
    "wikidata_no_entity": lazy_gettext("This is not a Wikidata entity."),
    "wikidata_no_item": lazy_gettext(
        "This is not a Wikidata item. An item identifier consists of Q and a number."
    ),
    "wikidata_missing": lazy_gettext("This is missing from Wikidata."),
    "wikidata_no_human": lazy_gettext(
        "This is not a human (P31 is %(kinds)s, not Q5). Only people are imported."
    ),
    "wikidata_no_kind": lazy_gettext(
        "P31 is missing, so it is unclear whether this is a human. Only people are imported."
    ),
    "wikidata_names": lazy_gettext("There are more than %(most)s names. The rest were left out."),
    "wikidata_gender": lazy_gettext("The database has no equivalent for %(item)s."),
    "wikidata_places": lazy_gettext("Wikidata has %(count)s values: %(items)s."),
    "wikidata_place": lazy_gettext(
        "%(item)s is not a place in the database, and the file does not give its name."
    ),
    "wikidata_place_many": lazy_gettext("%(item)s (%(title)s) could be any of these: %(ids)s."),
    "wikidata_unequalled": lazy_gettext("The database has no equivalents for: %(items)s."),
    "wikidata_dates": lazy_gettext(
        "Wikidata has %(count)s dates (%(dates)s). They were read as alternatives."
    ),
    "wikidata_far": lazy_gettext("The time %(time)s is outside the supported range of years."),
    "wikidata_vague": lazy_gettext("The time %(time)s is too vague: less exact than a millennium."),
    "no_julian_day": lazy_gettext("%(day)s does not exist in the Julian calendar."),
    "popolo_many": lazy_gettext(
        "There are more than %(most)s organisations and memberships. Split the file."
    ),
    "popolo_cut": lazy_gettext("Values left out: %(count)s. A record can have at most %(most)s."),
    "popolo_alone": lazy_gettext(
        "Organisations and memberships skipped because no person in the file is linked to them: %(count)s."
    ),
    "no_name": lazy_gettext("The name is missing."),
    "gender_unknown": lazy_gettext("Unknown value: “%(text)s”."),
    "popolo_memberships": lazy_gettext(
        "Memberships left out because the organisation has no name or no known type: %(count)s."
    ),
    "joined": lazy_gettext("Combined with edits made here: %(fields)s."),
    "left_as_edited": lazy_gettext("This was edited here and has been left unchanged."),
    "repeated": lazy_gettext("“%(id)s” is already in the file: %(at)s."),
    "merged": lazy_gettext("“%(id)s” was merged into “%(other)s”. Edit that record instead."),
    "withdrawn": lazy_gettext(
        "This biography was withdrawn on request or for legal reasons and cannot be imported again."
    ),
    "values_of_record": lazy_gettext(
        "There are more than %(most)s values, which is too many for one record."
    ),
    "more_problems": lazy_gettext("… and %(count)s more errors in this record."),
    "brings_many": lazy_gettext("One record adds more than %(most)s places, organisations or sources."),
    "file_gone": lazy_gettext("The file is no longer available. Upload it again."),
    "sender_gone": lazy_gettext("The user who uploaded this file no longer has access."),
}
#: Labels of the kinds of data that a notice reports as skipped.
SKIPPED_KIND_LABELS: Final = {
    "occupation": lazy_gettext("occupation"),
    "function": lazy_gettext("function"),
    "place": lazy_gettext("place"),
    "tie": lazy_gettext("relationship"),
    "resource": lazy_gettext("resource"),
    "legal status": lazy_gettext("legal status"),
    "mandate": lazy_gettext("mandate"),
    "genealogy": lazy_gettext("genealogy"),
    "context": lazy_gettext("context"),
    "event": lazy_gettext("event"),
}


#: Messages that also occur in the writing form are in `desk.forms.messages`.
IMPORT_VALIDATION_MESSAGES: Final = {
    "Must be text, in quotes.": lazy_gettext("This must be text in quotation marks."),
    "Must be a list.": lazy_gettext("This must be a list."),
    "Must be an object with fields.": lazy_gettext("This must be an object with fields."),
    "Must be an object of keys.": lazy_gettext("This must be an object with keys."),
    "Must not be null. Leave the field out instead.": lazy_gettext(
        "The value is null. Leave the field out instead."
    ),
    "Unknown field. See docs/reference/record.md.": lazy_gettext("Unknown field."),
    "There is no such key; see docs/reference/import-formats.md.": lazy_gettext(
        "Unknown key in the mapping file."
    ),
    "Must be text by language: {az: …, en: …, ru: …}.": lazy_gettext(
        "This must be text by language: {az: …, en: …, ru: …}."
    ),
    "Unsupported language. Use az, en or ru.": lazy_gettext(
        "This language is not supported. Use az, en or ru."
    ),
    "Must be a CSL-JSON item: {type: …, title: …}.": lazy_gettext(
        "This must be a CSL-JSON item: {type: …, title: …}."
    ),
    "Contains an invalid number.": lazy_gettext("The value contains an invalid number."),
    "Nested too deeply.": lazy_gettext("This is nested too deeply."),
    "Write it in one language.": lazy_gettext("Required in at least one language."),
    "the date is empty; leave the field out if it is unknown": lazy_gettext(
        "The date is empty. Leave the field out if the date is unknown."
    ),
    "this date is ambiguous; write year, month, day: 1885-09-18": lazy_gettext(
        "This date is ambiguous. Enter it as year, month, day: 1885-09-18."
    ),
    "Needs both lat and lon, or neither.": lazy_gettext("Enter both lat and lon, or neither."),
    "Must be an object: {their value: our value}.": lazy_gettext(
        "This must be an object: {source value: Biobank value}."
    ),
    "Must be a text, a list of texts or null.": lazy_gettext("This must be text, a list of texts or null."),
    "Takes one of from, template and keys.": lazy_gettext("Use only one of from, template and keys."),
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
