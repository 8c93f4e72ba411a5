"""English texts of import messages by code: each is also the gettext id of its translations."""

from typing import Final


def N_(message: str) -> str:  # noqa: N802  the usual name of the marker
    """Mark a message for extraction into the translation catalogues."""
    return message


#: English texts by code, with gettext placeholders.
IMPORT_MESSAGES: Final = {
    "too_large": N_("The file is larger than %(most)s bytes. Split it."),
    "gzip_broken": N_("The gzip file is damaged. Compress it again."),
    "gzip_cut": N_("The compressed file is incomplete. Download it again."),
    "gzip_grows": N_(
        "The file is more than %(times)s times larger when decompressed, which is unusual for a table. "
        "Decompress it before uploading."
    ),
    "unpacks_large": N_("The decompressed file is larger than %(most)s bytes. Split it."),
    "zip_broken": N_("This is not a ZIP archive, or it is damaged."),
    "zip_grows": N_("This file is much larger when decompressed and cannot be read."),
    "zip_locked": N_("This file in the archive is encrypted or damaged."),
    "zip_files": N_("The archive contains more than %(most)s files. Split it."),
    "zip_overlaps": N_("Files in the archive overlap, so it cannot be read."),
    "pipe_large": N_("The input is too large to be read from a pipe. Give the name of the file instead."),
    "yaml_unopened": N_("The file %(file)s cannot be opened: %(why)s"),
    "yaml_not_utf_8": N_("The file %(file)s is not valid UTF-8 at byte %(at)s. Save it as UTF-8."),
    "yaml_broken": N_("The file %(file)s is not valid YAML: %(fault)s (line %(line)s, column %(column)s)."),
    "yaml_key_twice": N_(
        "In the file %(file)s, the key “%(key)s” is repeated in the same place (line %(line)s, column "
        "%(column)s). Delete one of the two."
    ),
    "xlsx_broken": N_("The XLSX file is damaged. Save it again."),
    "xlsx_unreadable": N_("The XLSX file cannot be read. Save it again."),
    "xlsx_files": N_("The workbook contains %(count)s files; the maximum is %(most)s."),
    "xlsx_large": N_("The decompressed workbook is larger than %(most)s bytes. Save it as CSV or split it."),
    "xlsx_rows": N_("The sheet has more than %(most)s rows. Save the table as CSV."),
    "xlsx_locked": N_("The workbook is protected with a password. Save it without one."),
    "xlsx_part_grows": N_(
        "“%(part)s” in the workbook is more than %(times)s times larger when decompressed. Save the table "
        "as CSV."
    ),
    "xlsx_part_large": N_(
        "“%(part)s” in the workbook is larger than %(most)s bytes when decompressed. Save the table as CSV "
        "or split it."
    ),
    "xlsx_entities": N_(
        "“%(part)s” in the workbook defines XML entities, which are not allowed. Save the table again with "
        "a spreadsheet program."
    ),
    "xlsx_no_sheets": N_("The workbook has no sheet with a table."),
    "xlsx_no_sheet": N_("The workbook has no sheet “%(sheet)s”. Its sheets are: %(sheets)s."),
    "cell_formula": N_("Cell %(cell)s contains a formula. Copy the column and paste it as values."),
    "cell_error": N_("Cell %(cell)s contains the error %(error)s. Correct it."),
    "xlsx_other_sheets": N_(
        "Only the sheet “%(sheet)s” was read, but other sheets also contain data: %(sheets)s. Set “sheet” "
        "in the mapping file to choose one."
    ),
    "cells_merged": N_(
        "The cells %(cells)s are merged, and only the first contains text. Unmerge them and fill in each one."
    ),
    "cell_digits": N_(
        "Cell %(cell)s contains a number of more than 15 digits, which spreadsheets do not store exactly. "
        "Format the column as text and enter the number again."
    ),
    "cell_no_number": N_("Cell %(cell)s contains an invalid number."),
    "utf_16": N_("The file is in UTF-16. Save it as UTF-8."),
    "utf_16_broken": N_("The file contains invalid UTF-16. Save it as UTF-8."),
    "utf_32": N_("The file is in UTF-32. Save it as UTF-8."),
    "not_utf_8": N_("Invalid UTF-8 at byte %(at)s. Save the file as UTF-8."),
    "table_not_utf_8": N_(
        "Invalid UTF-8 at byte %(at)s. Save the file as UTF-8, or set “encoding” in the mapping file."
    ),
    "not_encoded": N_("Invalid %(encoding)s at byte %(at)s. Set another “encoding” in the mapping file."),
    "nul": N_("The table contains a NUL byte. Save it again as UTF-8 text."),
    "line_long": N_("The line is longer than %(most)s bytes."),
    "table_empty": N_("The table is empty: its first line contains no column names."),
    "csv_broken": N_(
        "This is not valid CSV: %(fault)s. Put text that contains a quotation mark in quotation marks, and "
        "double the mark inside it."
    ),
    "lone_return": N_(
        "A carriage return (CR) occurs within a line. Save the table again with LF or CR LF line endings."
    ),
    "quote_open": N_(
        "A quotation mark is not closed: lines %(first)s to %(last)s would be read as one text. Close it. "
        "Double a quotation mark inside a text."
    ),
    "cells_of_line": N_(
        "This row has %(count)s cells, but the first line has %(columns)s columns. Put text that contains a "
        "separator in quotation marks."
    ),
    "cell_behind": N_(
        "Cell %(cell)s is outside the %(columns)s columns named in the first row. Name its column or clear "
        "the cell."
    ),
    "cell_twice": N_("Cell %(cell)s is repeated or out of order in the file. Save the table again."),
    "columns_many": N_(
        "The table has %(count)s columns; the maximum is %(most)s. Remove those you do not need."
    ),
    "columns_far": N_(
        "The first row extends to cell %(cell)s; the maximum is %(most)s columns. Remove those you do not "
        "need."
    ),
    "column_twice": N_(
        "The column name “%(column)s” is used twice (columns %(first)s and %(second)s). Give each column "
        "its own name."
    ),
    "columns_missing": N_(
        "The table has no column %(missing)s, which is used in the mapping file. Its columns are: "
        "%(columns)s."
    ),
    "columns_near": N_(
        "The table has no column %(missing)s, which is used in the mapping file. Did you mean %(near)s? Its "
        "columns are: %(columns)s."
    ),
    "columns_apart": N_(
        "The table has no column %(missing)s, which is used in the mapping file. It has only one column, "
        "%(columns)s. Check the “separator” in the mapping file."
    ),
    "text_formula": N_("“%(text)s” starts like a formula. Enter the value instead."),
    "text_long": N_("This text has %(length)s characters; the maximum is %(most)s."),
    "no_text": N_("This is not valid text or a valid number."),
    "no_keys": N_("“keys” is for JSON only; tables have no keys."),
    "key_twice": N_("The key “%(key)s” is repeated in one object. Delete one of the two."),
    "no_json": N_("This is not valid JSON: %(fault)s at character %(at)s."),
    "json_broken": N_("This is not valid JSON: %(fault)s. The rest was not read."),
    "json_deep": N_("The data are nested too deeply, or a number is too long."),
    "json_deep_rest": N_("The data are nested too deeply, or a number is too long. The rest was not read."),
    "object_long": N_("An object is longer than %(most)s bytes. The rest was not read."),
    "no_object": N_("This is not an object with fields."),
    "no_list": N_("This is neither a list nor an object."),
    "xml_broken": N_("This is not valid XML: %(fault)s at line %(line)s, column %(column)s."),
    "xml_doctype": N_(
        "The file contains a document type declaration (DOCTYPE), which is not allowed. Remove it."
    ),
    "xml_encoding": N_("Unknown encoding. Save the file as UTF-8."),
    "xml_large": N_("More than %(most)s MB contain no complete record. Split the file."),
    "xml_deep": N_("Elements are nested more than %(most)s levels deep."),
    "xml_elements": N_("A record has more than %(most)s elements."),
    "map_long": N_(
        "The mapping file %(file)s is longer than %(most)s bytes. Check that it is the right file."
    ),
    "map_deep": N_(
        "The mapping file %(file)s is nested more than %(most)s levels deep in line %(line)s. Check that it "
        "is the right file."
    ),
    "map_wrong": N_("The mapping file %(file)s cannot be used:\n%(problems)s"),
    "map_missing": N_("Add a mapping file (--map) that describes the columns of the table."),
    "map_unused": N_("Mapping files are for tables only. Remove the mapping file."),
    "format_open": N_("A JSON file can have different formats. Choose one: wikidata, popolo or jsonl."),
    "format_unknown": N_("Choose a format from the list."),
    "eac_no_files": N_("The archive contains no .xml files."),
    "eac_none": N_("The file contains no EAC-CPF records."),
    "eac_no_person": N_("This describes something else (%(what)s). Only records about people are imported."),
    "eac_life": N_("A biography in another language (%(lang)s) was not imported: %(text)s"),
    "eac_life_cut": N_("The biography (%(lang)s) was shortened to %(most)s characters."),
    "eac_not_taken": N_("Not imported (%(what)s): “%(text)s”. An editor can add it."),
    "eac_more": N_("… and %(count)s more not imported."),
    "eac_date_alone": N_("The date “%(text)s” is neither a date of birth nor a date of death."),
    "eac_date_unread": N_("The date “%(text)s” could not be read."),
    "eac_no_name": N_("“%(text)s” is not a valid name."),
    "eac_name_read": N_("The name “%(text)s” was read as “%(read)s”."),
    "split_many": N_("The cell contains %(count)s values; the maximum is %(most)s."),
    "value_unknown": N_("“%(text)s” is not listed under “values” in the mapping file."),
    "term_unknown": N_("The vocabulary “%(vocabulary)s” has no term “%(text)s”."),
    "term_many": N_("“%(text)s” could be any of these: %(terms)s. Specify which one under “values”."),
    "country_unknown": N_("Unknown country: “%(text)s”."),
    "place_unknown": N_("Place not found in the database: “%(text)s”."),
    "place_many": N_("“%(text)s” could be any of these: %(ids)s. Give the identifier or the country."),
    "no_point": N_("Invalid coordinates: %(lat)s, %(lon)s."),
    "no_degrees": N_("“%(text)s” in the column “%(column)s” is not a number of degrees."),
    "values_many": N_("There are %(count)s values, but only one is allowed."),
    "values_apart": N_(
        "There are %(count)s values here but %(others)s in the related columns. The numbers must match."
    ),
    "passed_over": N_("Rows skipped because of the “where” condition in the mapping file: %(count)s."),
    "no_date": "%(why)s",
    "no_year": N_("“%(text)s” is not a valid year. Enter it as 1885 or -384."),
    "no_decade": N_("“%(text)s” is not a valid decade. Enter it as 1880s."),
    "year_0": N_("There is no year 0: the year before 1 is -1."),
    "not_as_pattern": N_("“%(text)s” does not match the pattern %(pattern)s."),
    "read_as_year": N_("%(text)s was interpreted as the year %(year)s."),
    "read_as_between": N_(
        "“%(text)s” means a whole period, but a birth or death happens on one day. It was read as "
        "“between”: %(between)s."
    ),
    "wikidata_no_entity": N_("This is not a Wikidata entity."),
    "wikidata_no_item": N_("This is not a Wikidata item. An item identifier consists of Q and a number."),
    "wikidata_missing": N_("This is missing from Wikidata."),
    "wikidata_no_human": N_("This is not a human (P31 is %(kinds)s, not Q5). Only people are imported."),
    "wikidata_no_kind": N_(
        "P31 is missing, so it is unclear whether this is a human. Only people are imported."
    ),
    "wikidata_names": N_("There are more than %(most)s names. The rest were left out."),
    "wikidata_gender": N_("The database has no equivalent for %(item)s."),
    "wikidata_places": N_("Wikidata has %(count)s values: %(items)s."),
    "wikidata_place": N_("%(item)s is not a place in the database, and the file does not give its name."),
    "wikidata_place_many": N_("%(item)s (%(title)s) could be any of these: %(ids)s."),
    "wikidata_unequalled": N_("The database has no equivalents for: %(items)s."),
    "wikidata_dates": N_("Wikidata has %(count)s dates (%(dates)s). They were read as alternatives."),
    "wikidata_far": N_("The time %(time)s is outside the supported range of years."),
    "wikidata_vague": N_("The time %(time)s is too vague: less exact than a millennium."),
    "no_julian_day": N_("%(day)s does not exist in the Julian calendar."),
    "popolo_many": N_("There are more than %(most)s organisations and memberships. Split the file."),
    "popolo_cut": N_("Values left out: %(count)s. A record can have at most %(most)s."),
    "popolo_alone": N_(
        "Organisations and memberships skipped because no person in the file is linked to them: %(count)s."
    ),
    "no_name": N_("The name is missing."),
    "gender_unknown": N_("Unknown value: “%(text)s”."),
    "popolo_memberships": N_(
        "Memberships left out because the organisation has no name or no known type: %(count)s."
    ),
    "joined": N_("Combined with edits made here: %(fields)s."),
    "left_as_edited": N_("This was edited here and has been left unchanged."),
    "repeated": N_("“%(id)s” is already in the file: %(at)s."),
    "merged": N_("“%(id)s” was merged into “%(other)s”. Edit that record instead."),
    "withdrawn": N_(
        "This biography was withdrawn on request or for legal reasons and cannot be imported again."
    ),
    "values_of_record": N_("There are more than %(most)s values, which is too many for one record."),
    "more_problems": N_("… and %(count)s more errors in this record."),
    "brings_many": N_("One record adds more than %(most)s places, organisations or sources."),
    "file_gone": N_("The file is no longer available. Upload it again."),
    "broke_off": "%(why)s",
    "sender_gone": N_("The user who uploaded this file no longer has access."),
}
#: English texts of the kinds of parser errors, the values of `fault`; an error whose message is not
#: recognised is `broken`.
PARSER_ERRORS: Final = {
    "broken": N_("invalid syntax"),
    "cut": N_("unexpected end of text"),
    "more_behind": N_("unexpected content after the end"),
    "value_missing": N_("a value is missing"),
    "no_value": N_("invalid value"),
    "key_missing": N_("a key in double quotes is missing"),
    "colon_missing": N_("a colon is missing"),
    "comma_missing": N_("a comma is missing"),
    "comma_last": N_("unexpected comma before the end"),
    "text_open": N_("a text is not closed"),
    "control": N_("a text contains an invisible character"),
    "backslash": N_("a backslash is misplaced"),
    "bytes": N_("invalid UTF-8 bytes"),
    "tag_other": N_("a closing tag does not match the opening tag"),
    "attribute_twice": N_("an attribute is repeated"),
    "entity": N_("unknown entity"),
    "prefix": N_("unknown prefix"),
    "character": N_("invalid character reference"),
    "declaration": N_("the XML declaration is invalid or not at the start of the file"),
    "encoding": N_("the encoding is unknown or differs from the declared one"),
    "quote_behind": N_("unexpected content after a closing quotation mark"),
    "sign": N_("a text cannot begin with this character; put it in quotation marks"),
    "indent": N_("a colon or a dash is misplaced; check the indentation and quotation marks"),
    "bracket": N_("a bracket or brace is missing or extra"),
    "yaml_tag": N_("tags (!) are not supported; remove the tag"),
    "alias": N_("aliases (*) are not supported; write out the value"),
    "key_no_text": N_("a key is not text"),
    "document_second": N_("the file contains a second document"),
}
#: English texts of the kinds of data that are left out, the values of `what`.
SKIPPED_KINDS: Final = {
    "occupation": N_("occupation"),
    "function": N_("function"),
    "place": N_("place"),
    "tie": N_("relationship"),
    "resource": N_("resource"),
    "legal status": N_("legal status"),
    "mandate": N_("mandate"),
    "genealogy": N_("genealogy"),
    "context": N_("context"),
    "event": N_("event"),
}
LEFT_OUT_MESSAGE: Final = N_("The value was left out.")
