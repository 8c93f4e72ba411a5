"""English texts of import messages by code; the desk has a translation of each, which is tested."""

from typing import Final

#: Templates with placeholders in braces, filled by `import_message`.
MESSAGE_TEMPLATES: Final = {
    # Files, packed and unpacked.
    "too_large": (
        "Is larger than {most:,} bytes, which is the most that is read of this format; split the file."
    ),
    "gzip_broken": "Is no whole gzip file; pack it again, or send it unpacked.",
    "gzip_cut": "Ends in the middle of what was packed; fetch the file again.",
    "gzip_grows": (
        "Unpacks to more than {times} times its size, as no table of people does; unpack it "
        "yourself where it is what it says."
    ),
    "unpacks_large": "Unpacks to more than {most:,} bytes; split the file.",
    "zip_broken": "Is no ZIP archive, or one that is broken.",
    "zip_grows": "Unpacks to far more than it is packed; no such file is read.",
    "zip_locked": "Is locked or broken within the archive.",
    "zip_files": "Holds more than {most:,} files; split it.",
    "zip_overlaps": "Holds files that lie upon each other; no such archive is read.",
    "pipe_large": "Is too large for a pipe; give the file by its name.",
    # YAML: mappings and the seed.
    "yaml_unopened": "{file}: {why}",
    "yaml_not_utf_8": "{file}: Is not UTF-8 at byte {at}.",
    "yaml_broken": "{file}: Is no YAML that is read here: {fault} (line {line}, column {column}).",
    "yaml_key_twice": (
        "{file}: The key {key!r} stands twice in one place; keep one of the two (line {line}, "
        "column {column})."
    ),
    # Workbooks.
    "xlsx_broken": "Is no whole XLSX file; save it anew.",
    "xlsx_unreadable": "Is no XLSX that can be read; save it anew.",
    "xlsx_files": "Holds {count} files; a workbook has at most {most}.",
    "xlsx_large": "Unpacks to more than {most:,} bytes; save the table as CSV, or split it.",
    "xlsx_rows": "The sheet has more than {most:,} rows; save the table as CSV.",
    "xlsx_locked": "Is locked with a password; save the table without one.",
    "xlsx_part_grows": (
        "{part!r} unpacks to more than {times} times its size; save the table as CSV, or split it."
    ),
    "xlsx_part_large": ("{part!r} unpacks to more than {most:,} bytes; save the table as CSV, or split it."),
    "xlsx_entities": (
        "{part!r} defines entities of XML, which no spreadsheet does; save the table with a "
        "spreadsheet program."
    ),
    "xlsx_no_sheets": "The workbook has no sheet with a table.",
    "xlsx_no_sheet": "There is no sheet {sheet!r}; the workbook has: {sheets}.",
    "cell_formula": ("Cell {cell} holds a formula; copy the column and paste it as values."),
    "cell_error": "Cell {cell} holds the error {error}; put it right.",
    "xlsx_other_sheets": (
        "Only the sheet {sheet!r} was read; others hold something too: {sheets}. `sheet` of the "
        "mapping says which one is meant."
    ),
    "cells_merged": (
        "The cells {cells} are merged, and only the first holds their text; part them, and fill each."
    ),
    "cell_digits": (
        "Cell {cell} holds a number of more than 15 digits, of which a spreadsheet keeps no more; "
        "make the column text, and write it anew."
    ),
    "cell_no_number": "Cell {cell} holds a number that is none.",
    # Text and its lines.
    "utf_16": "Is written in UTF-16; save the file as UTF-8.",
    "utf_16_broken": "Is no whole UTF-16; save the file as UTF-8.",
    "utf_32": "Is written in UTF-32; save the file as UTF-8.",
    "not_utf_8": "Is not UTF-8 at byte {at}; save the file as UTF-8.",
    "table_not_utf_8": (
        "Is not UTF-8 at byte {at}; save the file as UTF-8, or name its `encoding` in the mapping."
    ),
    "not_encoded": ("Is not {encoding} at byte {at}; name another `encoding` in the mapping."),
    "nul": "Holds a NUL byte; save the table as UTF-8 text once more.",
    "line_long": "The line is longer than {most:,} bytes.",
    # Tables.
    "table_empty": "The table is empty: its first line names no column.",
    "csv_broken": ("Is no CSV: {fault}; a text with a quote in it stands in quotes, the quote twice."),
    "lone_return": (
        "Holds a carriage return (CR) that ends no line; save the table anew, its lines ending in "
        "LF or CR LF."
    ),
    "quote_open": (
        "A quote is not closed: lines {first} to {last} would be one text. Close it; a quote "
        "within a text is written twice."
    ),
    "cells_of_line": (
        "Has {count} cells where the first line names {columns} columns; a text with a separator "
        "in it stands in quotes."
    ),
    "cell_behind": (
        "Cell {cell} lies behind the {columns} columns that the first row names; name its column "
        "there, or empty the cell."
    ),
    "cell_twice": "Cell {cell} stands twice in the file; save the table anew.",
    "columns_many": (
        "The table has {count} columns; at most {most} are read. Take out those that are not needed."
    ),
    "columns_far": (
        "The first row reaches cell {cell}; at most {most} columns are read. Take out those that "
        "are not needed."
    ),
    "column_twice": (
        "The column {column!r} stands twice, as column {first} and {second}; give each a name of its own."
    ),
    "columns_missing": (
        "The table has no column {missing}, which the mapping names. Its columns are: {columns}."
    ),
    "columns_near": (
        "The table has no column {missing}, which the mapping names; did you mean {near}? Its "
        "columns are: {columns}."
    ),
    "columns_apart": (
        "The table has no column {missing}, which the mapping names. Its columns are: {columns}. "
        "Is another `separator` between them?"
    ),
    "text_formula": "{text!r} begins as a formula does; write what it stands for.",
    "text_long": "Holds {length:,} characters; at most {most:,} fit.",
    "no_text": "Holds no text and no number that could be kept.",
    "no_keys": "Cells stand under no keys; `keys` is for JSON.",
    # JSON.
    "key_twice": "The key {key!r} stands twice in one object; keep one of the two.",
    "no_json": "Is no JSON: {fault} at character {at}.",
    "json_broken": "Is no JSON: {fault}; what follows was not read.",
    "json_deep": ("Is no JSON that a record could be: nested too deeply, or a number too long."),
    "json_deep_rest": (
        "Is no JSON that a record could be: nested too deeply, or a number too long. What follows "
        "was not read."
    ),
    "object_long": "An object is longer than {most:,} bytes; what follows was not read.",
    "no_object": "Is no object.",
    "no_list": "Is no list and no object.",
    # XML, and EAC-CPF in it.
    "xml_broken": "Is no XML: {fault} at line {line}, column {column}.",
    "xml_doctype": "Has a document type (DOCTYPE), which may hide entities; remove it.",
    "xml_encoding": "Has an encoding that is not known; save it as UTF-8.",
    "xml_large": "Holds more than {most} MB without a whole record; split it.",
    "xml_deep": "Has more than {most} elements in each other.",
    "xml_elements": "Has a record of more than {most:,} elements.",
    "eac_no_files": "Holds no file that ends with .xml.",
    "eac_none": "Holds no record of EAC-CPF: no eac, and no eac-cpf.",
    "eac_no_person": "Describes {what}; only a person is read.",
    "eac_life": "life in {lang}: {text}",
    "eac_life_cut": "life in {lang}: cut to {most:,} characters",
    "eac_not_taken": "{what} “{text}” was not taken over; an editor can add it.",
    "eac_more": "… and {count} more that were not taken over.",
    "eac_date_alone": "date “{text}” says neither birth nor death",
    "eac_date_unread": "date “{text}” could not be read",
    "eac_no_name": "name “{text}” is no name that a record can hold",
    "eac_name_read": "name “{text}” was read as “{read}”",
    # Mappings and what they make of values.
    "map_long": "{file}: Is longer than {most:,} bytes, as no mapping is.",
    "map_deep": "{file}: Line {line} is nested deeper than {most} levels, as no mapping is.",
    "map_wrong": "{file} is no mapping that can be used:\n{problems}",
    "map_missing": (
        "A table needs a mapping, which says what its columns are: --map FILE for {file!r}. See "
        "docs/reference/import-formats.md."
    ),
    "map_unused": "No mapping is used with {format}; leave out --map.",
    "format_open": ("{file}: JSON may be several things; name one: --format wikidata, popolo or jsonl."),
    "format_unknown": "Choose a format of the list.",
    "split_many": "Has {count} values in one cell; at most {most} are read.",
    "value_unknown": "{text!r} is not among the `values` of the mapping.",
    "term_unknown": "There is no {vocabulary} term {text!r}.",
    "term_many": "{text!r} may be {terms}; say which in `values`.",
    "country_unknown": "There is no country {text!r}.",
    "place_unknown": "There is no place {text!r}.",
    "place_many": "{text!r} may be {ids}; give its id or its country.",
    "no_point": "{lat}, {lon} is no point of the earth.",
    "no_degrees": "{text!r} in {column} is no number of degrees.",
    "values_many": "Has {count} values where one is kept.",
    "values_apart": (
        "Has {count} values where others beside it have {others}; they belong together one by one."
    ),
    "passed_over": "Of the rows, {count:,} are none that `where` of the mapping asks for.",
    # Dates.
    "no_date": "{why}.",
    "no_year": "“{text}” is no year; write it as 1885 or -384.",
    "no_decade": "“{text}” is no decade; write 1880s.",
    "year_0": "there is no year 0; the year before 1 is -1.",
    "not_as_pattern": "“{text}” is not written as {pattern}.",
    "read_as_year": "{text} is read as the year {year}, for which it stands",
    "read_as_between": (
        "“{text}” means throughout; a birth or death is one moment, so it is read as {between}, "
        "some time between"
    ),
    # Wikidata.
    "wikidata_no_entity": "Is no entity of Wikidata.",
    "wikidata_no_item": "Is no item of Wikidata: its id is Q and a number.",
    "wikidata_missing": "Is missing in Wikidata.",
    "wikidata_no_human": ("Is no human (P31 says {kinds}, not Q5); only people are brought in."),
    "wikidata_no_kind": "Is no human (it has no P31, not Q5); only people are brought in.",
    "wikidata_names": "more than {most}; the rest is left out",
    "wikidata_gender": "{item} has no word in the bank",
    "wikidata_places": "Wikidata has {count} ({items})",
    "wikidata_place": "{item} is no place of the bank, and the file does not tell its name",
    "wikidata_place_many": "{item} ({title}) may be {ids}",
    "wikidata_unequalled": "{items} has no equal in the bank",
    "wikidata_dates": "Wikidata has {count} dates ({dates}); read as one of them",
    "wikidata_far": "The time {time} is beyond the years that are kept",
    "wikidata_vague": "The time {time} is less exact than a millennium",
    "no_julian_day": "the Julian calendar has no {day}",
    # Popolo.
    "popolo_many": ("Holds more than {most:,} organisations and memberships; split the file."),
    "popolo_cut": "{count} left out; a record has at most {most}",
    "popolo_alone": (
        "Of the organisations and memberships, {count:,} name nobody whom the file brings; they "
        "were passed over."
    ),
    "no_name": "Has no name.",
    "gender_unknown": "{text!r} is not known",
    "popolo_memberships": ("{count} left out, of organisations without a name or a kind that the bank has"),
    # Records against the bank and against each other.
    "joined": "was joined with what was edited here: {fields}",
    "left_as_edited": "was edited at the desk and is left as it is there",
    "repeated": "{id!r} stands in this file already, at {at}.",
    "merged": "{id!r} was merged into {other!r}; write of it there.",
    "withdrawn": (
        "{id!r} was taken out of the bank by wish or by law; no import brings anybody back, an "
        "administrator does."
    ),
    "values_of_record": "Has more than {most:,} values, as no record has.",
    "more_problems": "… and {count:,} more mistakes in this record.",
    "brings_many": "Brings more than {most} reference records.",
    # Runs that did not finish.
    "file_gone": "The file is gone; send it once more.",
    "sender_gone": "Whoever sent this file is no user any more.",
    "broke_off": "{why}",
}
