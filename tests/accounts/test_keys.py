"""Random secrets: their length, and what is stored of them."""

import math

from argon2 import extract_parameters

from biobank.accounts.keys import KEY_BYTES, RECOVERY_ALPHABET, generate_key, generate_recovery_code, hash_key
from biobank.accounts.models import User
from biobank.operations import encryption
from biobank.store.session import Database
from tests.conftest import PRODUCTION_HASHER


def test_keys_and_codes_have_128_bits_or_more() -> None:
    assert 8 * KEY_BYTES >= 256
    assert len({generate_key() for _ in range(1_000)}) == 1_000
    codes = {generate_recovery_code() for _ in range(1_000)}
    assert len(codes) == 1_000
    chars = {len(code.replace("-", "")) for code in codes}
    assert min(chars) * math.log2(len(RECOVERY_ALPHABET)) >= 128


def test_a_key_is_stored_as_sha_256() -> None:
    assert len(hash_key(generate_key())) * 4 == 256


def test_passwords_are_hashed_at_the_recommended_cost() -> None:
    parameters = extract_parameters(PRODUCTION_HASHER.hash("a carpet of Shirvan"))
    assert parameters.type.name == "ID"
    assert (parameters.time_cost, parameters.memory_cost) >= (2, 19_456)


def test_the_key_of_a_backup_is_derived_at_the_recommended_cost() -> None:
    assert (encryption.SCRYPT_LOG2_COST, encryption._SCRYPT_BLOCKS) >= (17, 8)


def test_a_new_bank_has_no_users(database: Database) -> None:
    with database.read() as session:
        assert session.query(User).count() == 0
