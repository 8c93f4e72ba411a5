"""Merging, undoing and splitting, for publishers."""

from tests.accounts.matrix.expectations import Case, Table, editors

PAIR = {"kept": "uzeyir-hacibeyov", "gone": "ceyhun-hacibeyli"}

TABLE: Table = {
    ("desk.merge", "GET"): (
        Case("/en/desk/merge", editors()),
        Case("/en/desk/merge?kept=uzeyir-hacibeyov&gone=ceyhun-hacibeyli", editors()),
        Case("/en/desk/merge?kept=uzeyir-hacibeyov&gone=nobody", editors(404)),
    ),
    ("desk.merge_post", "POST"): (
        Case("/en/desk/merge", editors(200, 401), {**PAIR, "do": "show"}),
        Case("/en/desk/merge", editors(409, 401), {**PAIR, "do": "merge", "base_kept": "7"}),
    ),
    ("desk.merges", "GET"): (Case("/en/desk/merges", editors()),),
    ("desk.merge_undo", "GET"): (Case("/en/desk/merges/999999", editors(404)),),
    ("desk.merge_undo_post", "POST"): (Case("/en/desk/merges/999999", editors(404, 401)),),
    ("desk.split", "GET"): (
        Case("/en/desk/people/uzeyir-hacibeyov/split", editors()),
        Case("/en/desk/people/nobody/split", editors(404)),
    ),
    ("desk.split_post", "POST"): (
        Case("/en/desk/people/uzeyir-hacibeyov/split", editors(409, 401), {"base": "7"}),
    ),
}
