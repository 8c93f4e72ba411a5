"""Working copies: private, limited, and deleted when saved or discarded."""

import pytest

from biobank.accounts.identity import OPERATOR, Identity
from biobank.editorial import saving, working_copies
from biobank.errors import CopyRefused, Forbidden, NotFound
from biobank.store.session import Database
from tests.support.users import add_user

FIELDS = [("names-0-text", "Filankəs"), ("biography-az", "Bir\nİki")]
RECORD = {"names": [{"text": "Filankəs", "lang": "az", "kind": "preferred"}]}


@pytest.fixture
def who(database: Database) -> Identity:
    return add_user(database, "Aygün", "contributor")


@pytest.fixture
def another(database: Database) -> Identity:
    return add_user(database, "Nigar", "admin")


def test_a_copy_comes_back_as_it_was_typed(database: Database, who: Identity) -> None:
    kept = working_copies.keep(database, who, FIELDS)
    assert working_copies.open_copy(database, who, kept.key) == kept
    assert kept.fields == tuple(FIELDS)
    again = working_copies.keep(database, who, FIELDS[:1], key=kept.key)
    assert again.key == kept.key
    assert again.saved_at >= kept.saved_at
    assert [it.key for it in working_copies.own(database, who)] == [kept.key]


def test_what_no_keyboard_types_is_kept_as_well(database: Database, who: Identity) -> None:
    odd = [("names-0-text", "a\x00b\ufffd\u2028"), ("x\x00", "")]
    kept = working_copies.keep(database, who, odd)
    assert working_copies.open_copy(database, who, kept.key).fields == tuple(odd)


def test_a_copy_is_nobody_elses(database: Database, who: Identity, another: Identity) -> None:
    kept = working_copies.keep(database, who, FIELDS)
    with pytest.raises(NotFound):
        working_copies.open_copy(database, another, kept.key)
    working_copies.throw_away(database, another, kept.key)
    assert working_copies.keep(database, another, [], key=kept.key).key != kept.key
    assert working_copies.open_copy(database, who, kept.key).fields == tuple(FIELDS)


def test_a_copy_ends_with_the_revision_it_became(database: Database, who: Identity) -> None:
    kept = working_copies.keep(database, who, FIELDS)
    saved = saving.save_draft(database, who, RECORD, None, working_copy=kept.key)
    with pytest.raises(NotFound):
        working_copies.open_copy(database, who, kept.key)
    of_person = working_copies.keep(database, who, FIELDS, person_id=saved.person_id, base=1)
    assert working_copies.own(database, who, saved.person_id) == [of_person]
    assert working_copies.own(database, who, "nobody") == []
    working_copies.throw_away(database, who, of_person.key)
    assert working_copies.own(database, who) == []


def test_copies_are_bounded_and_the_refused_one_ends_no_other(
    database: Database, who: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CopyRefused) as long:
        working_copies.keep(database, who, [("biography-az", "ə" * 500_001)])
    assert long.value.code == "copy_too_long"
    monkeypatch.setattr(working_copies, "COPIES_MOST", 2)
    first, _second = (working_copies.keep(database, who, FIELDS) for _ in range(2))
    with pytest.raises(CopyRefused) as many:
        working_copies.keep(database, who, FIELDS)
    assert many.value.code == "too_many_copies"
    working_copies.keep(database, who, [], key=first.key)
    assert len(working_copies.own(database, who)) == 2


def test_a_copy_is_of_somebody_who_is_here_and_by_somebody_who_may_write(
    database: Database, who: Identity
) -> None:
    with pytest.raises(NotFound):
        working_copies.keep(database, who, FIELDS, person_id="nobody")
    with pytest.raises(Forbidden):
        working_copies.keep(database, OPERATOR, FIELDS)
