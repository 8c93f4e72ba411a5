"""The reconciliation service: public, by GET and by forms of other programs."""

from tests.accounts.matrix.answers import Case, Table, everybody

ROOT = "/api/v1/reconcile"

TABLE: Table = {
    ("reconcile.get_reconcile", "GET"): (Case(ROOT, everybody()),),
    ("reconcile.post_reconcile", "POST"): (
        Case(ROOT, everybody(), {"queries": '{"q": {"query": "Nizami"}}'}),
        Case(ROOT, everybody(400)),
    ),
    ("reconcile.suggest", "GET"): (Case(f"{ROOT}/suggest/entity?prefix=niz", everybody()),),
    ("reconcile.propose", "GET"): (Case(f"{ROOT}/properties?type=person", everybody()),),
    ("reconcile.permanent", "GET"): (Case(f"{ROOT}/view?id=nizami-gencevi", everybody(303)),),
    ("reconcile.preview", "GET"): (
        Case(f"{ROOT}/preview?id=nizami-gencevi", everybody()),
        Case(f"{ROOT}/preview?id=nobody", everybody(404)),
    ),
    ("reconcile.flyout", "GET"): (Case(f"{ROOT}/flyout/type?id=person", everybody()),),
}
