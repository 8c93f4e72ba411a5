"""Imports at the desk, for editors; tokens are refused."""

from tests.accounts.matrix.expectations import Case, Table, editors

RUN = "/en/desk/imports/999999"

TABLE: Table = {
    ("web.desk_imports", "GET"): (Case("/en/desk/imports", editors()),),
    ("web.desk_imports_post", "POST"): (Case("/en/desk/imports", editors(422, 401)),),
    ("web.desk_import", "GET"): (Case(RUN, editors(404)),),
    ("web.desk_import_post", "POST"): (Case(RUN, editors(404, 401), {"do": "keep"}),),
    ("web.desk_import_progress", "GET"): (Case(f"{RUN}/progress.json", editors(404)),),
    ("web.desk_import_file", "GET"): (Case(f"{RUN}/report.csv", editors(404)),),
}
