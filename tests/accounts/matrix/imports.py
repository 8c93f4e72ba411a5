"""Imports at the desk, for editors; tokens are refused."""

from tests.accounts.matrix.expectations import Case, Table, editors

RUN = "/en/desk/imports/999999"

TABLE: Table = {
    ("desk.imports", "GET"): (Case("/en/desk/imports", editors()),),
    ("desk.imports_post", "POST"): (Case("/en/desk/imports", editors(422, 401)),),
    ("desk.import_run", "GET"): (Case(RUN, editors(404)),),
    ("desk.import_run_post", "POST"): (Case(RUN, editors(404, 401), {"do": "keep"}),),
    ("desk.import_progress", "GET"): (Case(f"{RUN}/progress.json", editors(404)),),
    ("desk.import_file", "GET"): (Case(f"{RUN}/report.csv", editors(404)),),
}
