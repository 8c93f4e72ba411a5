"""The reconciliation service: public, by GET and by forms of other programs."""

from tests.accounts.matrix.expectations import Case, Table, same_for_all

ROOT = "/api/v1/reconcile"

TABLE: Table = {
    ("reconcile.get_reconcile", "GET"): (Case(ROOT, same_for_all()),),
    ("reconcile.post_reconcile", "POST"): (
        Case(ROOT, same_for_all(), {"queries": '{"q": {"query": "Nizami"}}'}),
        Case(ROOT, same_for_all(400)),
    ),
    ("reconcile.suggest", "GET"): (Case(f"{ROOT}/suggest/entity?prefix=niz", same_for_all()),),
    ("reconcile.propose", "GET"): (Case(f"{ROOT}/properties?type=person", same_for_all()),),
    ("reconcile.permanent", "GET"): (Case(f"{ROOT}/view?id=nizami-gencevi", same_for_all(303)),),
    ("reconcile.preview", "GET"): (
        Case(f"{ROOT}/preview?id=nizami-gencevi", same_for_all()),
        Case(f"{ROOT}/preview?id=nobody", same_for_all(404)),
    ),
    ("reconcile.flyout", "GET"): (Case(f"{ROOT}/flyout/type?id=person", same_for_all()),),
}
