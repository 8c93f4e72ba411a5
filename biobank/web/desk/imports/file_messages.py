"""Import messages about files: archives, tables, JSON, XML and mappings."""

from typing import Final

from flask_babel import lazy_gettext

FILE_MESSAGES: Final = {
    "too_large": lazy_gettext("The file is larger than %(most)s bytes; split it."),
    "gzip_broken": lazy_gettext("The gzip file is broken; pack it again."),
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
    "yaml_unopened": lazy_gettext("The mapping %(file)s cannot be opened: %(why)s"),
    "yaml_not_utf_8": lazy_gettext("The mapping %(file)s is not UTF-8 at byte %(at)s."),
    "yaml_broken": lazy_gettext(
        "The mapping %(file)s is no YAML that is read here: %(fault)s (line %(line)s, column "
        "%(column)s)."
    ),
    "yaml_key_twice": lazy_gettext(
        "In the mapping %(file)s the key “%(key)s” stands twice in one place; keep one of the two "
        "(line %(line)s, column %(column)s)."
    ),
    "xlsx_broken": lazy_gettext("The XLSX file is broken; save it anew."),
    "xlsx_unreadable": lazy_gettext("The XLSX file cannot be read; save it anew."),
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
    "xlsx_other_sheets": lazy_gettext(
        "Only the sheet “%(sheet)s” was read; others hold something too: %(sheets)s. “sheet” of "
        "the mapping says which one is meant."
    ),
    "cells_merged": lazy_gettext(
        "The cells %(cells)s are merged, and only the first holds their text; part them, and fill "
        "each."
    ),
    "cell_digits": lazy_gettext(
        "Cell %(cell)s holds a number of more than 15 digits, of which a spreadsheet keeps no "
        "more; make the column text, and write it anew."
    ),
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
        "This is no CSV: %(fault)s; a text with a quote in it stands in quotes, the quote twice."
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
    "no_json": lazy_gettext("This is no JSON: %(fault)s at character %(at)s."),
    "json_broken": lazy_gettext("This is no JSON: %(fault)s. What follows was not read."),
    "json_deep": lazy_gettext("No record is nested so deeply, or has so long a number."),
    "json_deep_rest": lazy_gettext(
        "No record is nested so deeply, or has so long a number. What follows was not read."
    ),
    "object_long": lazy_gettext(
        "An object is longer than %(most)s bytes. What follows was not read."
    ),
    "no_object": lazy_gettext("This is no object with fields."),
    "no_list": lazy_gettext("This is no list and no object."),
    "xml_broken": lazy_gettext("This is no XML: %(fault)s at line %(line)s, column %(column)s."),
    "xml_doctype": lazy_gettext(
        "There is a document type (DOCTYPE), which may hide entities; remove it."
    ),
    "xml_encoding": lazy_gettext("The encoding is not known; save the file as UTF-8."),
    "xml_large": lazy_gettext(
        "There are more than %(most)s MB without a whole record; split the file."
    ),
    "xml_deep": lazy_gettext("There are more than %(most)s elements within each other."),
    "xml_elements": lazy_gettext("A record has more than %(most)s elements."),
    "map_long": lazy_gettext(
        "The mapping %(file)s is longer than %(most)s bytes, as no mapping is."
    ),
    "map_deep": lazy_gettext(
        "The mapping %(file)s is nested deeper than %(most)s levels in line %(line)s, as no "
        "mapping is."
    ),
    "map_wrong": lazy_gettext("The mapping %(file)s cannot be used. %(problems)s"),
    "map_missing": lazy_gettext("A table needs a mapping file, which says what its columns are."),
    "map_unused": lazy_gettext("A mapping file is used with tables alone; leave it out."),
    "format_open": lazy_gettext("JSON may be several things; choose the format in the form."),
    "format_unknown": lazy_gettext("Choose a format of the list."),
}
