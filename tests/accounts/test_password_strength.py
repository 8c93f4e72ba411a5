"""Which new passwords are accepted: no guessable ones, however they are spelled."""

import pytest

from biobank.accounts import passwords, users
from biobank.accounts.identity import OPERATOR
from biobank.errors import AccountRefused
from biobank.store.session import Database
from tests.accounts.conftest import ANONYMOUS

EMAIL, NAME = "heydar.aliyev@example.az", "Heydər Əliyev"

GUESSABLE = (
    # Common words and rows of keys.
    *("Password123!", "password biobank", "1234567890qwerty", "йцукенгшщзхъ"),
    # Words of the bank, in the languages and spellings of the bank.
    *("azerbaijan2024", "Bakı1234567", "Biobank-Baku-2024", "Azərbaycan Bakı 1991", "азербайджан2024!!"),
    *("Biobank Azerbaijan 2026", "Baki-Baki-Baki-1", "bioqrafiya bankı 2024", "баку-биография-1"),
    # The user's own name and address, with additions, in other letters, backwards.
    *("Heydər Əliyev 1923", "heydarAliyev1923!", "HEYDAR_ALIYEV_2024", "Aliyev2024Aliyev2024"),
    *(
        "Гейдар Алиев 1923",
        "geydar_aliev_1923",
        "Haydar.Aliev.1923",
        "h3yd4r@liyev1923",
        "1923 veyilƏ rədyeH",
    ),
    *("heydar.aliyev@example.az1", "example2024heydar", "Biobank of Heydar 1"),
)
STRONG = (
    *("a carpet of Shirvan", "a kilim of Quba", "correct horse battery staple", "xQ7$kd93pLmz"),
    *("gecə yağış yağanda çay dəmlə", "мой дед сажал айву у окна", "tufan-narıncı-kilim-söyüd"),
    # Long enough also without the known words.
    *("Bakı küləyi pəncərəmi döyür", "a carpet from Baku, red and blue", "Heydər bağda alma yığırdı dünən"),
)


@pytest.mark.parametrize("password", GUESSABLE)
def test_guessable_passwords_are_refused(password: str) -> None:
    with pytest.raises(AccountRefused) as exc_info:
        passwords.validate_password(password, EMAIL, NAME)
    assert exc_info.value.code == "common_password"


@pytest.mark.parametrize("password", STRONG)
def test_long_passphrases_are_accepted(password: str) -> None:
    passwords.validate_password(password, EMAIL, NAME)


def test_the_words_of_another_user_may_be_used() -> None:
    passwords.validate_password("Heydər Əliyev 1923", "nigar@example.az", "Nigar")


def test_the_new_name_of_an_invited_user_counts(store_on_disk: Database) -> None:
    link = users.invite(store_on_disk, OPERATOR, "h@example.az", "editor")
    with pytest.raises(AccountRefused, match="too easy to guess"):
        users.accept_invitation(store_on_disk, ANONYMOUS, link.key, NAME, "Гейдар Алиев 1923")
