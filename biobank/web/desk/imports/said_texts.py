"""The texts of `exchange/importing/english.py` once more, for people who read and do not parse."""

from typing import Final

from flask_babel import lazy_gettext

WORDS: Final = {
    "too_large": lazy_gettext("The file is larger than %(most)s bytes; split it."),
    "gzip_broken": lazy_gettext("The gzip file is broken (%(why)s); pack it again."),
    "gzip_cut": lazy_gettext("The packed file ends in the middle; fetch it again."),
    "gzip_grows": lazy_gettext(
        "Unpacked, the file is more than %(times)s times as large, as no table of people is; "
        "unpack it yourself."
    ),
    "unpacks_large": lazy_gettext("Unpacked, the file is larger than %(most)s bytes; split it."),
    "zip_broken": lazy_gettext("This is no ZIP archive, or a broken one."),
    "zip_grows": lazy_gettext(
        "Unpacked, this is far larger than it is packed; such a file is not read."
    ),
    "zip_locked": lazy_gettext("Within the archive this is locked or broken."),
    "zip_files": lazy_gettext("The archive holds more than %(most)s files; split it."),
    "zip_overlaps": lazy_gettext(
        "Files of the archive lie upon each other; such an archive is not read."
    ),
    "pipe_large": lazy_gettext("This is too large to be read so; give the file by its name."),
    "yaml_broken": lazy_gettext("The YAML cannot be read: %(why)s"),
    "xlsx_broken": lazy_gettext("The XLSX file is broken (%(why)s); save it anew."),
    "xlsx_unreadable": lazy_gettext("The XLSX file cannot be read (%(why)s); save it anew."),
    "xlsx_files": lazy_gettext("The workbook holds %(count)s files; at most %(most)s are read."),
    "xlsx_large": lazy_gettext(
        "Unpacked, the workbook is larger than %(most)s bytes; save it as CSV, or split it."
    ),
    "xlsx_rows": lazy_gettext("The sheet has more than %(most)s rows; save the table as CSV."),
    "xlsx_locked": lazy_gettext("The workbook is locked with a password; save it without one."),
    "xlsx_part_grows": lazy_gettext(
        "Unpacked, “%(part)s” in the workbook is more than %(times)s times as large; save the "
        "table as CSV."
    ),
    "xlsx_part_large": lazy_gettext(
        "Unpacked, “%(part)s” in the workbook is larger than %(most)s bytes; save the table as "
        "CSV, or split it."
    ),
    "xlsx_entities": lazy_gettext(
        "“%(part)s” in the workbook defines entities of XML, which no spreadsheet does; save the "
        "table with a spreadsheet program."
    ),
    "xlsx_no_sheets": lazy_gettext("The workbook has no sheet with a table."),
    "xlsx_no_sheet": lazy_gettext("There is no sheet “%(sheet)s”; the workbook has: %(sheets)s."),
    "cell_formula": lazy_gettext(
        "Cell %(cell)s holds a formula; copy the column and paste it as values."
    ),
    "cell_error": lazy_gettext("Cell %(cell)s holds the error %(error)s; put it right."),
    "cell_no_number": lazy_gettext("Cell %(cell)s holds a number that is none."),
    "utf_16": lazy_gettext("The file is written in UTF-16; save it as UTF-8."),
    "utf_16_broken": lazy_gettext("The UTF-16 of the file is broken; save it as UTF-8."),
    "utf_32": lazy_gettext("The file is written in UTF-32; save it as UTF-8."),
    "not_utf_8": lazy_gettext("This is not UTF-8 at byte %(at)s; save the file as UTF-8."),
    "table_not_utf_8": lazy_gettext(
        "This is not UTF-8 at byte %(at)s; save the file as UTF-8, or name its “encoding” in the "
        "mapping."
    ),
    "not_encoded": lazy_gettext(
        "This is not %(encoding)s at byte %(at)s; name another “encoding” in the mapping."
    ),
    "nul": lazy_gettext("There is a NUL byte in it; save the table as UTF-8 text once more."),
    "line_long": lazy_gettext("The line is longer than %(most)s bytes."),
    "table_empty": lazy_gettext("The table is empty: its first line names no column."),
    "csv_broken": lazy_gettext(
        "This is no CSV (%(why)s); a text with a quote in it stands in quotes, the quote twice."
    ),
    "lone_return": lazy_gettext(
        "There is a carriage return (CR) that ends no line; save the table anew, its lines ending "
        "in LF or CR LF."
    ),
    "quote_open": lazy_gettext(
        "A quote is not closed: lines %(first)s to %(last)s would be one text. Close it; a quote "
        "within a text is written twice."
    ),
    "cells_of_line": lazy_gettext(
        "There are %(count)s cells where the first line names %(columns)s columns; a text with a "
        "separator in it stands in quotes."
    ),
    "cell_behind": lazy_gettext(
        "Cell %(cell)s lies behind the %(columns)s columns that the first row names; name its "
        "column there, or empty the cell."
    ),
    "cell_twice": lazy_gettext("Cell %(cell)s stands twice in the file; save the table anew."),
    "columns_many": lazy_gettext(
        "The table has %(count)s columns; at most %(most)s are read. Take out those that are not "
        "needed."
    ),
    "columns_far": lazy_gettext(
        "The first row reaches cell %(cell)s; at most %(most)s columns are read. Take out those "
        "that are not needed."
    ),
    "column_twice": lazy_gettext(
        "The column “%(column)s” stands twice, as column %(first)s and %(second)s; give each a "
        "name of its own."
    ),
    "columns_missing": lazy_gettext(
        "The table has no column %(missing)s, which the mapping names. Its columns are: "
        "%(columns)s."
    ),
    "columns_near": lazy_gettext(
        "The table has no column %(missing)s, which the mapping names; did you mean %(near)s? Its "
        "columns are: %(columns)s."
    ),
    "columns_apart": lazy_gettext(
        "The table has no column %(missing)s, which the mapping names. It has one column, "
        "%(columns)s; is another “separator” between them?"
    ),
    "text_formula": lazy_gettext("“%(text)s” begins as a formula does; write what it stands for."),
    "text_long": lazy_gettext("This is %(length)s characters long; at most %(most)s are kept."),
    "no_text": lazy_gettext("This is no text and no number that could be kept."),
    "no_keys": lazy_gettext("Cells stand under no keys; “keys” is for JSON."),
    "key_twice": lazy_gettext("The key “%(key)s” stands twice in one object; keep one of the two."),
    "no_json": lazy_gettext("This is no JSON: %(why)s at character %(at)s."),
    "json_broken": lazy_gettext("This is no JSON: %(why)s. What follows was not read."),
    "json_deep": lazy_gettext("No record is nested so deeply, or has so long a number."),
    "json_deep_rest": lazy_gettext(
        "No record is nested so deeply, or has so long a number. What follows was not read."
    ),
    "object_long": lazy_gettext(
        "An object is longer than %(most)s bytes. What follows was not read."
    ),
    "no_object": lazy_gettext("This is no object with fields."),
    "no_list": lazy_gettext("This is no list and no object."),
    "xml_broken": lazy_gettext("This is no XML: %(why)s at line %(line)s, column %(column)s."),
    "xml_doctype": lazy_gettext(
        "There is a document type (DOCTYPE), which may hide entities; remove it."
    ),
    "xml_encoding": lazy_gettext("The encoding is not known; save the file as UTF-8."),
    "xml_large": lazy_gettext(
        "There are more than %(most)s MB without a whole record; split the file."
    ),
    "xml_deep": lazy_gettext("There are more than %(most)s elements within each other."),
    "xml_elements": lazy_gettext("A record has more than %(most)s elements."),
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
    "map_unopened": lazy_gettext("The mapping %(file)s cannot be opened: %(why)s"),
    "map_long": lazy_gettext(
        "The mapping %(file)s is longer than %(most)s bytes, as no mapping is."
    ),
    "map_not_utf_8": lazy_gettext("The mapping %(file)s is not UTF-8 at byte %(at)s."),
    "map_no_yaml": lazy_gettext("The mapping %(file)s is no YAML that is read here: %(why)s"),
    "map_wrong": lazy_gettext("The mapping %(file)s cannot be used. %(problems)s"),
    "map_missing": lazy_gettext("A table needs a mapping file, which says what its columns are."),
    "map_unused": lazy_gettext("A mapping file is used with tables alone; leave it out."),
    "format_open": lazy_gettext("JSON may be several things; choose the format in the form."),
    "format_unknown": lazy_gettext("Choose a format of the list."),
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
#: What the checks of a record and of a mapping say of files; what they say of forms too is in
#: `problem_words`.
FORMS: Final = {
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
#: What a notice says was not taken over.
CALLED: Final = {
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
#: Why a file is no JSON, by how Python's parser begins to say it.
NO_JSON: Final = {
    "Expecting value": lazy_gettext("a value is missing"),
    "Expecting property name": lazy_gettext("a key in double quotes is missing"),
    "Expecting ':'": lazy_gettext("a colon is missing"),
    "Expecting ','": lazy_gettext("a comma is missing"),
    "Extra data": lazy_gettext("there is more after its end"),
    "Unterminated string": lazy_gettext("a text has no end"),
    "Invalid control character": lazy_gettext("a text holds an invisible character"),
    "Invalid \\": lazy_gettext("a backslash stands where it may not"),
    "Illegal trailing comma": lazy_gettext("a comma stands before the end"),
}
