"""Import messages about records, their values and dates, and the run as a whole."""

from typing import Final

from flask_babel import lazy_gettext

RECORD_MESSAGES: Final = {
    "eac_no_files": lazy_gettext("There is no file in it that ends with .xml."),
    "eac_none": lazy_gettext("There is no record of EAC-CPF in it."),
    "eac_no_person": lazy_gettext(
        "This describes another thing (%(what)s); only a person is read."
    ),
    "eac_life": lazy_gettext("A life in another language (%(lang)s) was not taken over: %(text)s"),
    "eac_life_cut": lazy_gettext("The life (%(lang)s) was cut to %(most)s characters."),
    "eac_not_taken": lazy_gettext(
        "This was not taken over (%(what)s): “%(text)s”. An editor can add it."
    ),
    "eac_more": lazy_gettext("… and %(count)s more that were not taken over."),
    "eac_date_alone": lazy_gettext("The date “%(text)s” says neither birth nor death."),
    "eac_date_unread": lazy_gettext("The date “%(text)s” could not be read."),
    "eac_no_name": lazy_gettext("“%(text)s” is no name that a record can hold."),
    "eac_name_read": lazy_gettext("The name “%(text)s” was read as “%(read)s”."),
    "split_many": lazy_gettext(
        "There are %(count)s values in one cell; at most %(most)s are read."
    ),
    "value_unknown": lazy_gettext("“%(text)s” is not among the “values” of the mapping."),
    "term_unknown": lazy_gettext("There is no term “%(text)s” in the vocabulary “%(vocabulary)s”."),
    "term_many": lazy_gettext("“%(text)s” may be one of these: %(terms)s. Say which in “values”."),
    "country_unknown": lazy_gettext("There is no country “%(text)s”."),
    "place_unknown": lazy_gettext("There is no place “%(text)s” in the bank."),
    "place_many": lazy_gettext(
        "“%(text)s” may be one of these: %(ids)s. Give its id or its country."
    ),
    "no_point": lazy_gettext("%(lat)s, %(lon)s is no point of the earth."),
    "no_degrees": lazy_gettext("“%(text)s” in the column “%(column)s” is no number of degrees."),
    "values_many": lazy_gettext("There are %(count)s values where one is kept."),
    "values_apart": lazy_gettext(
        "There are %(count)s values where others beside it have %(others)s; they belong together "
        "one by one."
    ),
    "passed_over": lazy_gettext(
        "Rows passed over, as “where” of the mapping does not ask for them: %(count)s."
    ),
    "no_year": lazy_gettext("“%(text)s” is no year; write it as 1885 or -384."),
    "no_decade": lazy_gettext("“%(text)s” is no decade; write 1880s."),
    "year_0": lazy_gettext("There is no year 0; the year before 1 is -1."),
    "not_as_pattern": lazy_gettext("“%(text)s” is not written as %(pattern)s."),
    "read_as_year": lazy_gettext("%(text)s is read as the year %(year)s, for which it stands."),
    "read_as_between": lazy_gettext(
        "“%(text)s” means throughout; a birth or death is one moment, so it is read as some time "
        "between: %(between)s."
    ),
    "wikidata_no_entity": lazy_gettext("This is no entity of Wikidata."),
    "wikidata_no_item": lazy_gettext("This is no item of Wikidata: its id is Q and a number."),
    "wikidata_missing": lazy_gettext("This is missing in Wikidata."),
    "wikidata_no_human": lazy_gettext(
        "This is no human (P31 says %(kinds)s, not Q5); only people are brought in."
    ),
    "wikidata_no_kind": lazy_gettext(
        "Nothing says that this is a human (there is no P31); only people are brought in."
    ),
    "wikidata_names": lazy_gettext("There are more than %(most)s names; the rest is left out."),
    "wikidata_gender": lazy_gettext("The bank has no word for %(item)s."),
    "wikidata_places": lazy_gettext("Wikidata has %(count)s of them: %(items)s."),
    "wikidata_place": lazy_gettext(
        "%(item)s is no place of the bank, and the file does not tell its name."
    ),
    "wikidata_place_many": lazy_gettext("%(item)s (%(title)s) may be one of these: %(ids)s."),
    "wikidata_unequalled": lazy_gettext("The bank has no equal of %(items)s."),
    "wikidata_dates": lazy_gettext(
        "Wikidata has %(count)s dates (%(dates)s); they are read as one of them."
    ),
    "wikidata_far": lazy_gettext("The time %(time)s is beyond the years that are kept."),
    "wikidata_vague": lazy_gettext("The time %(time)s is less exact than a millennium."),
    "no_julian_day": lazy_gettext("The Julian calendar has no %(day)s."),
    "popolo_many": lazy_gettext(
        "There are more than %(most)s organisations and memberships; split the file."
    ),
    "popolo_cut": lazy_gettext("%(count)s left out; a record has at most %(most)s."),
    "popolo_alone": lazy_gettext(
        "Organisations and memberships passed over, as they name nobody whom the file brings: "
        "%(count)s."
    ),
    "no_name": lazy_gettext("There is no name."),
    "gender_unknown": lazy_gettext("“%(text)s” is not known."),
    "popolo_memberships": lazy_gettext(
        "%(count)s left out, of organisations without a name or a kind that the bank has."
    ),
    "joined": lazy_gettext("This was joined with what was edited here: %(fields)s."),
    "left_as_edited": lazy_gettext("This was edited at the desk and is left as it is there."),
    "repeated": lazy_gettext("“%(id)s” stands in the file already: %(at)s."),
    "merged": lazy_gettext("“%(id)s” was merged into “%(other)s”; write of them there."),
    "withdrawn": lazy_gettext(
        "This person was taken out of the bank by wish or by law; no import brings anybody back."
    ),
    "values_of_record": lazy_gettext("There are more than %(most)s values, as no record has."),
    "more_problems": lazy_gettext("… and %(count)s more mistakes in this record."),
    "brings_many": lazy_gettext(
        "More than %(most)s places, organisations or sources come with one record."
    ),
    "file_gone": lazy_gettext("The file is gone; send it once more."),
    "sender_gone": lazy_gettext("Whoever sent this file is no user any more."),
}
#: Labels of the kinds of data that a notice reports as skipped.
SKIPPED_KIND_LABELS: Final = {
    "occupation": lazy_gettext("occupation"),
    "function": lazy_gettext("function"),
    "place": lazy_gettext("place"),
    "tie": lazy_gettext("tie"),
    "resource": lazy_gettext("resource"),
    "legal status": lazy_gettext("legal status"),
    "mandate": lazy_gettext("mandate"),
    "genealogy": lazy_gettext("genealogy"),
    "context": lazy_gettext("context"),
    "event": lazy_gettext("event"),
}
