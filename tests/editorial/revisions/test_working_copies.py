"""Working copies: private, limited, and deleted when saved or discarded."""

import pytest

from biobank.accounts.identity import OPERATOR, Identity
from biobank.editorial.revisions import drafts, working_copies
from biobank.errors import CopyRefused, Forbidden, NotFound
from biobank.store.session import Database
from tests.support.users import add_user

FIELDS = [("names-0-text", "Filankəs"), ("biography-az", "Bir\nİki")]
RECORD = {"names": [{"text": "Filankəs", "lang": "az", "kind": "preferred"}]}


@pytest.fixture
def contributor(database: Database) -> Identity:
    return add_user(database, "Aygün", "contributor")


@pytest.fixture
def admin(database: Database) -> Identity:
    return add_user(database, "Nigar", "admin")


def test_copy_is_returned_unchanged(database: Database, contributor: Identity) -> None:
    copy = working_copies.save_copy(database, contributor, FIELDS)
    assert working_copies.get_copy(database, contributor, copy.key) == copy
    assert copy.fields == tuple(FIELDS)
    repeated = working_copies.save_copy(database, contributor, FIELDS[:1], key=copy.key)
    assert repeated.key == copy.key
    assert repeated.saved_at >= copy.saved_at
    assert [own_copy.key for own_copy in working_copies.list_copies(database, contributor)] == [copy.key]


def test_unusual_characters_are_stored(database: Database, contributor: Identity) -> None:
    odd = [("names-0-text", "a\x00b\ufffd\u2028"), ("x\x00", "")]
    copy = working_copies.save_copy(database, contributor, odd)
    assert working_copies.get_copy(database, contributor, copy.key).fields == tuple(odd)


def test_copy_is_private(database: Database, contributor: Identity, admin: Identity) -> None:
    copy = working_copies.save_copy(database, contributor, FIELDS)
    with pytest.raises(NotFound):
        working_copies.get_copy(database, admin, copy.key)
    working_copies.discard_copy(database, admin, copy.key)
    assert working_copies.save_copy(database, admin, [], key=copy.key).key != copy.key
    assert working_copies.get_copy(database, contributor, copy.key).fields == tuple(FIELDS)


def test_copy_is_deleted_on_save(database: Database, contributor: Identity) -> None:
    copy = working_copies.save_copy(database, contributor, FIELDS)
    saved = drafts.save_draft(database, contributor, RECORD, None, working_copy=copy.key)
    with pytest.raises(NotFound):
        working_copies.get_copy(database, contributor, copy.key)
    of_person = working_copies.save_copy(database, contributor, FIELDS, person_id=saved.person_id, base=1)
    assert working_copies.list_copies(database, contributor, saved.person_id) == [of_person]
    assert working_copies.list_copies(database, contributor, "nobody") == []
    working_copies.discard_copy(database, contributor, of_person.key)
    assert working_copies.list_copies(database, contributor) == []


def test_copies_are_limited(
    database: Database, contributor: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CopyRefused) as long:
        working_copies.save_copy(database, contributor, [("biography-az", "ə" * 500_001)])
    assert long.value.code == "copy_too_long"
    monkeypatch.setattr(working_copies, "MAX_COPIES_PER_USER", 2)
    first, _second = (working_copies.save_copy(database, contributor, FIELDS) for _ in range(2))
    with pytest.raises(CopyRefused) as limit_fields:
        working_copies.save_copy(database, contributor, FIELDS)
    assert limit_fields.value.code == "too_many_copies"
    working_copies.save_copy(database, contributor, [], key=first.key)
    assert len(working_copies.list_copies(database, contributor)) == 2


def test_copy_requires_person_and_permission(database: Database, contributor: Identity) -> None:
    with pytest.raises(NotFound):
        working_copies.save_copy(database, contributor, FIELDS, person_id="nobody")
    with pytest.raises(Forbidden):
        working_copies.save_copy(database, OPERATOR, FIELDS)
