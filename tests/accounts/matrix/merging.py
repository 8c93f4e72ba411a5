"""Merging, undoing and splitting, for publishers."""

from tests.accounts.matrix.expectations import Case, Table, editors

PAIR = {"kept": "uzeyir-hacibeyov", "gone": "ceyhun-hacibeyli"}

TABLE: Table = {
    ("web.desk_merge", "GET"): (
        Case("/en/desk/merge", editors()),
        Case("/en/desk/merge?kept=uzeyir-hacibeyov&gone=ceyhun-hacibeyli", editors()),
        Case("/en/desk/merge?kept=uzeyir-hacibeyov&gone=nobody", editors(404)),
    ),
    ("web.desk_merge_post", "POST"): (
        Case("/en/desk/merge", editors(200, 401), {**PAIR, "do": "show"}),
        Case("/en/desk/merge", editors(409, 401), {**PAIR, "do": "merge", "base_kept": "7"}),
    ),
    ("web.desk_merges", "GET"): (Case("/en/desk/merges", editors()),),
    ("web.desk_merge_undo", "GET"): (Case("/en/desk/merges/999999", editors(404)),),
    ("web.desk_merge_undo_post", "POST"): (Case("/en/desk/merges/999999", editors(404, 401)),),
    ("web.desk_split", "GET"): (
        Case("/en/desk/people/uzeyir-hacibeyov/split", editors()),
        Case("/en/desk/people/nobody/split", editors(404)),
    ),
    ("web.desk_split_post", "POST"): (
        Case("/en/desk/people/uzeyir-hacibeyov/split", editors(409, 401), {"base": "7"}),
    ),
}
