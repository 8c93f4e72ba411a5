"""Import messages about files: archives, tables, JSON, XML, mappings and parse errors."""

from typing import Final

from flask_babel import lazy_gettext

PARSE_ERROR_LABELS: Final = {
    "broken": lazy_gettext("invalid syntax"),
    "cut": lazy_gettext("unexpected end of text"),
    "more_behind": lazy_gettext("unexpected content after the end"),
    "value_missing": lazy_gettext("a value is missing"),
    "no_value": lazy_gettext("invalid value"),
    "key_missing": lazy_gettext("a key in double quotes is missing"),
    "colon_missing": lazy_gettext("a colon is missing"),
    "comma_missing": lazy_gettext("a comma is missing"),
    "comma_last": lazy_gettext("unexpected comma before the end"),
    "text_open": lazy_gettext("a text is not closed"),
    "control": lazy_gettext("a text contains an invisible character"),
    "backslash": lazy_gettext("a backslash is misplaced"),
    "bytes": lazy_gettext("invalid UTF-8 bytes"),
    "tag_other": lazy_gettext("a closing tag does not match the opening tag"),
    "attribute_twice": lazy_gettext("an attribute is repeated"),
    "entity": lazy_gettext("unknown entity"),
    "prefix": lazy_gettext("unknown prefix"),
    "character": lazy_gettext("invalid character reference"),
    "declaration": lazy_gettext("the XML declaration is invalid or not at the start of the file"),
    "encoding": lazy_gettext("the encoding is unknown or differs from the declared one"),
    "quote_behind": lazy_gettext("unexpected content after a closing quotation mark"),
    "sign": lazy_gettext("a text cannot begin with this character; put it in quotation marks"),
    "indent": lazy_gettext("a colon or a dash is misplaced; check the indentation and quotation marks"),
    "bracket": lazy_gettext("a bracket or brace is missing or extra"),
    "yaml_tag": lazy_gettext("tags (!) are not supported; remove the tag"),
    "alias": lazy_gettext("aliases (*) are not supported; write out the value"),
    "key_no_text": lazy_gettext("a key is not text"),
    "document_second": lazy_gettext("the file contains a second document"),
}


FILE_MESSAGES: Final = {
    "too_large": lazy_gettext("The file is larger than %(most)s bytes. Split it."),
    "gzip_broken": lazy_gettext("The gzip file is damaged. Compress it again."),
    "gzip_cut": lazy_gettext("The compressed file is incomplete. Download it again."),
    "gzip_grows": lazy_gettext(
        "The file is more than %(times)s times larger when decompressed, which is unusual for "
        "a table. Decompress it before uploading."
    ),
    "unpacks_large": lazy_gettext("The decompressed file is larger than %(most)s bytes. Split it."),
    "zip_broken": lazy_gettext("This is not a ZIP archive, or it is damaged."),
    "zip_grows": lazy_gettext("This file is much larger when decompressed and cannot be read."),
    "zip_locked": lazy_gettext("This file in the archive is encrypted or damaged."),
    "zip_files": lazy_gettext("The archive contains more than %(most)s files. Split it."),
    "zip_overlaps": lazy_gettext("Files in the archive overlap, so it cannot be read."),
    "pipe_large": lazy_gettext(
        "The input is too large to be read from a pipe. Give the name of the file instead."
    ),
    "yaml_unopened": lazy_gettext("The mapping file %(file)s cannot be opened: %(why)s"),
    "yaml_not_utf_8": lazy_gettext("The mapping file %(file)s is not valid UTF-8 at byte %(at)s."),
    "yaml_broken": lazy_gettext(
        "The mapping file %(file)s is not valid YAML: %(fault)s (line %(line)s, column %(column)s)."
    ),
    "yaml_key_twice": lazy_gettext(
        "In the mapping file %(file)s, the key “%(key)s” is repeated in the same place (line "
        "%(line)s, column %(column)s). Delete one of the two."
    ),
    "xlsx_broken": lazy_gettext("The XLSX file is damaged. Save it again."),
    "xlsx_unreadable": lazy_gettext("The XLSX file cannot be read. Save it again."),
    "xlsx_files": lazy_gettext("The workbook contains %(count)s files; the maximum is %(most)s."),
    "xlsx_large": lazy_gettext(
        "The decompressed workbook is larger than %(most)s bytes. Save it as CSV or split it."
    ),
    "xlsx_rows": lazy_gettext("The sheet has more than %(most)s rows. Save the table as CSV."),
    "xlsx_locked": lazy_gettext("The workbook is protected with a password. Save it without one."),
    "xlsx_part_grows": lazy_gettext(
        "“%(part)s” in the workbook is more than %(times)s times larger when decompressed. "
        "Save the table as CSV."
    ),
    "xlsx_part_large": lazy_gettext(
        "“%(part)s” in the workbook is larger than %(most)s bytes when decompressed. Save the "
        "table as CSV or split it."
    ),
    "xlsx_entities": lazy_gettext(
        "“%(part)s” in the workbook defines XML entities, which are not allowed. Save the "
        "table again with a spreadsheet program."
    ),
    "xlsx_no_sheets": lazy_gettext("The workbook has no sheet with a table."),
    "xlsx_no_sheet": lazy_gettext("The workbook has no sheet “%(sheet)s”. Its sheets are: %(sheets)s."),
    "cell_formula": lazy_gettext("Cell %(cell)s contains a formula. Copy the column and paste it as values."),
    "cell_error": lazy_gettext("Cell %(cell)s contains the error %(error)s. Correct it."),
    "xlsx_other_sheets": lazy_gettext(
        "Only the sheet “%(sheet)s” was read, but other sheets also contain data: %(sheets)s. "
        "Set “sheet” in the mapping file to choose one."
    ),
    "cells_merged": lazy_gettext(
        "The cells %(cells)s are merged, and only the first contains text. Unmerge them and fill in each one."
    ),
    "cell_digits": lazy_gettext(
        "Cell %(cell)s contains a number of more than 15 digits, which spreadsheets do not "
        "store exactly. Format the column as text and enter the number again."
    ),
    "cell_no_number": lazy_gettext("Cell %(cell)s contains an invalid number."),
    "utf_16": lazy_gettext("The file is in UTF-16. Save it as UTF-8."),
    "utf_16_broken": lazy_gettext("The file contains invalid UTF-16. Save it as UTF-8."),
    "utf_32": lazy_gettext("The file is in UTF-32. Save it as UTF-8."),
    "not_utf_8": lazy_gettext("Invalid UTF-8 at byte %(at)s. Save the file as UTF-8."),
    "table_not_utf_8": lazy_gettext(
        "Invalid UTF-8 at byte %(at)s. Save the file as UTF-8, or set “encoding” in the mapping file."
    ),
    "not_encoded": lazy_gettext(
        "Invalid %(encoding)s at byte %(at)s. Set another “encoding” in the mapping file."
    ),
    "nul": lazy_gettext("The table contains a NUL byte. Save it again as UTF-8 text."),
    "line_long": lazy_gettext("The line is longer than %(most)s bytes."),
    "table_empty": lazy_gettext("The table is empty: its first line contains no column names."),
    "csv_broken": lazy_gettext(
        "This is not valid CSV: %(fault)s. Put text that contains a quotation mark in "
        "quotation marks, and double the mark inside it."
    ),
    "lone_return": lazy_gettext(
        "A carriage return (CR) occurs within a line. Save the table again with LF or CR LF line endings."
    ),
    "quote_open": lazy_gettext(
        "A quotation mark is not closed: lines %(first)s to %(last)s would be read as one "
        "text. Close it. Double a quotation mark inside a text."
    ),
    "cells_of_line": lazy_gettext(
        "This row has %(count)s cells, but the first line has %(columns)s columns. Put text "
        "that contains a separator in quotation marks."
    ),
    "cell_behind": lazy_gettext(
        "Cell %(cell)s is outside the %(columns)s columns named in the first row. Name its "
        "column or clear the cell."
    ),
    "cell_twice": lazy_gettext("Cell %(cell)s is repeated in the file. Save the table again."),
    "columns_many": lazy_gettext(
        "The table has %(count)s columns; the maximum is %(most)s. Remove those you do not need."
    ),
    "columns_far": lazy_gettext(
        "The first row extends to cell %(cell)s; the maximum is %(most)s columns. Remove those "
        "you do not need."
    ),
    "column_twice": lazy_gettext(
        "The column name “%(column)s” is used twice (columns %(first)s and %(second)s). Give "
        "each column its own name."
    ),
    "columns_missing": lazy_gettext(
        "The table has no column %(missing)s, which is used in the mapping file. Its columns "
        "are: %(columns)s."
    ),
    "columns_near": lazy_gettext(
        "The table has no column %(missing)s, which is used in the mapping file. Did you mean "
        "%(near)s? Its columns are: %(columns)s."
    ),
    "columns_apart": lazy_gettext(
        "The table has no column %(missing)s, which is used in the mapping file. It has only "
        "one column, %(columns)s. Check the “separator” in the mapping file."
    ),
    "text_formula": lazy_gettext("“%(text)s” starts like a formula. Enter the value instead."),
    "text_long": lazy_gettext("This text has %(length)s characters; the maximum is %(most)s."),
    "no_text": lazy_gettext("This is not valid text or a valid number."),
    "no_keys": lazy_gettext("“keys” is for JSON only; tables have no keys."),
    "key_twice": lazy_gettext("The key “%(key)s” is repeated in one object. Delete one of the two."),
    "no_json": lazy_gettext("This is not valid JSON: %(fault)s at character %(at)s."),
    "json_broken": lazy_gettext("This is not valid JSON: %(fault)s. The rest was not read."),
    "json_deep": lazy_gettext("The data are nested too deeply, or a number is too long."),
    "json_deep_rest": lazy_gettext(
        "The data are nested too deeply, or a number is too long. The rest was not read."
    ),
    "object_long": lazy_gettext("An object is longer than %(most)s bytes. The rest was not read."),
    "no_object": lazy_gettext("This is not an object with fields."),
    "no_list": lazy_gettext("This is neither a list nor an object."),
    "xml_broken": lazy_gettext("This is not valid XML: %(fault)s at line %(line)s, column %(column)s."),
    "xml_doctype": lazy_gettext(
        "The file contains a document type declaration (DOCTYPE), which is not allowed. Remove it."
    ),
    "xml_encoding": lazy_gettext("Unknown encoding. Save the file as UTF-8."),
    "xml_large": lazy_gettext("More than %(most)s MB contain no complete record. Split the file."),
    "xml_deep": lazy_gettext("Elements are nested more than %(most)s levels deep."),
    "xml_elements": lazy_gettext("A record has more than %(most)s elements."),
    "map_long": lazy_gettext(
        "The mapping file %(file)s is longer than %(most)s bytes. Check that it is the right file."
    ),
    "map_deep": lazy_gettext(
        "The mapping file %(file)s is nested more than %(most)s levels deep in line %(line)s. "
        "Check that it is the right file."
    ),
    "map_wrong": lazy_gettext("The mapping file %(file)s cannot be used. %(problems)s"),
    "map_missing": lazy_gettext("Add a mapping file that describes the columns of the table."),
    "map_unused": lazy_gettext("Mapping files are for tables only. Remove the mapping file."),
    "format_open": lazy_gettext("A JSON file can have different formats. Choose one from the list."),
    "format_unknown": lazy_gettext("Choose a format from the list."),
}
