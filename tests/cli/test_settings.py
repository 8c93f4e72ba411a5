"""Settings: variables are read, invalid values rejected by name, and one key generated."""

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.errors import BadSetting
from biobank.settings import ENV_PREFIX, ENV_VARIABLES, Settings, load, secret_key

EXAMPLE_VALUES = {
    "BIOBANK_DATABASE_URL": ("postgresql://u@h/n", "postgresql://u@h/n"),
    "BIOBANK_INDEX_DIR": ("/srv/index", Path("/srv/index")),
    "BIOBANK_MEDIA_DIR": ("/srv/media", Path("/srv/media")),
    "BIOBANK_IMPORTS_DIR": ("/srv/imports", Path("/srv/imports")),
    "BIOBANK_DUMPS_DIR": ("/srv/dumps", Path("/srv/dumps")),
    "BIOBANK_SEARCH_ENGINE": ("whoosh", "whoosh"),
    "BIOBANK_SEMANTIC": ("1", True),
    "BIOBANK_SECRET_KEY": ("sesame", "sesame"),
    "BIOBANK_BASE_URL": ("https://biobank.example/", "https://biobank.example"),
    "BIOBANK_ALLOWED_HOSTS": ("bank.az, 10.0.0.1:81", "bank.az,10.0.0.1:81"),
    "BIOBANK_SMTP_URL": ("smtp://h?from=a@b.az", "smtp://h?from=a@b.az"),
    "BIOBANK_TRUSTED_PROXIES": ("2", 2),
    "BIOBANK_WEBHOOKS_PRIVATE": ("1", True),
    "BIOBANK_METRICS_TOKEN": ("0123456789abcdef", "0123456789abcdef"),
    "BIOBANK_SENTRY_DSN": ("https://key@sentry.example/1", "https://key@sentry.example/1"),
    "BIOBANK_OTLP_ENDPOINT": ("http://collector:4318/", "http://collector:4318"),
    "BIOBANK_SECURITY_CONTACT": ("mailto:a@b.az", "mailto:a@b.az"),
    "BIOBANK_LOG_FORMAT": ("json", "json"),
    "BIOBANK_LOG_LEVEL": ("warning", "warning"),
    "BIOBANK_LOG_PRIVATE": ("1", True),
    "BIOBANK_SEED_DIR": ("/srv/seed", Path("/srv/seed")),
}


def test_every_setting_has_a_variable_and_an_example() -> None:
    names = {ENV_PREFIX + field.name.upper() for field in fields(Settings)}
    assert set(ENV_VARIABLES) == names == set(EXAMPLE_VALUES)


def test_every_setting_is_in_the_readme() -> None:
    readme = Path(__file__).parents[2] / "README.md"
    rows = re.findall(r"^\| `(BIOBANK_\w+)` \|", readme.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(ENV_VARIABLES)


@pytest.fixture(autouse=True)
def _empty_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in ENV_VARIABLES:
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(f"{variable}_FILE", raising=False)


@pytest.mark.parametrize("variable", EXAMPLE_VALUES)
def test_a_variable_sets_only_its_field(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written, value = EXAMPLE_VALUES[variable]
    monkeypatch.setenv(variable, f" {written} ")
    loaded = load()
    assert getattr(loaded, ENV_VARIABLES[variable]) == value
    other_fields = [name for name in ENV_VARIABLES.values() if name != ENV_VARIABLES[variable]]
    assert [getattr(loaded, name) for name in other_fields] == [
        getattr(Settings(), name) for name in other_fields
    ]


def test_unset_and_empty_variables_are_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load() == Settings()
    for variable in ENV_VARIABLES:
        monkeypatch.setenv(variable, "  ")
    assert load() == Settings()


def test_values_are_read_from_a_file_of_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(
        "# of this machine\nBIOBANK_TRUSTED_PROXIES=3\nBIOBANK_SECRET_KEY='open sesame'\n"
    )
    assert (load().trusted_proxies, load().secret_key) == (3, "open sesame")
    monkeypatch.setenv("BIOBANK_TRUSTED_PROXIES", "4")
    assert load().trusted_proxies == 4


def test_a_secret_is_read_from_the_file_that_a_variable_names(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("secret").write_text("sesame\n")
    monkeypatch.setenv("BIOBANK_SECRET_KEY_FILE", "secret")
    assert load().secret_key == "sesame"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xfd"], ids=["missing", "binary"])
def test_an_unreadable_file_is_rejected_by_variable(
    content: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content:
        Path("secret").write_bytes(content)
    monkeypatch.setenv("BIOBANK_SECRET_KEY_FILE", "secret")
    with pytest.raises(BadSetting) as exc_info:
        load()
    assert exc_info.value.message.startswith("BIOBANK_SECRET_KEY_FILE must be the path of a readable")


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("BIOBANK_SEARCH_ENGINE", "lucene", "must be whoosh"),
        ("BIOBANK_SEARCH_ENGINE", "Whoosh", "must be whoosh"),
        ("BIOBANK_BASE_URL", "biobank.example", "must be a URL such as https://"),
        ("BIOBANK_BASE_URL", "ftp://biobank.example", "must be a URL such as https://"),
        ("BIOBANK_BASE_URL", "https://", "must be a URL such as https://"),
        ("BIOBANK_BASE_URL", "https://:80", "must be a URL such as https://"),
        ("BIOBANK_BASE_URL", "http://[bad", "must be a URL such as https://"),
        ("BIOBANK_TRUSTED_PROXIES", "-1", "must be a whole number of at least 0"),
        ("BIOBANK_TRUSTED_PROXIES", "one", "must be a whole number of at least 0"),
        ("BIOBANK_TRUSTED_PROXIES", "1.5", "must be a whole number of at least 0"),
        ("BIOBANK_TRUSTED_PROXIES", "²", "must be a whole number of at least 0"),
        ("BIOBANK_TRUSTED_PROXIES", "9" * 5_000, "must be a whole number of at least 0"),
    ],
)
def test_an_invalid_value_is_rejected_by_name(
    variable: str, value: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(BadSetting) as exc_info:
        load()
    assert exc_info.value.message.startswith(f"{variable} {expected}")


#: Text that an environment can contain.
values = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@given(st.dictionaries(st.sampled_from(sorted(ENV_VARIABLES)), values))
def test_any_environment_loads_or_is_rejected_by_name(variables: dict[str, str]) -> None:
    message = ""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for variable, value in variables.items():
            monkeypatch.setenv(variable, value)
        try:
            load()
        except BadSetting as error:
            message = error.message
    assert not message or message.split()[0] in variables


def test_a_configured_key_is_used(tmp_path: Path) -> None:
    assert secret_key(Settings(secret_key="sesame"), tmp_path / "instance") == "sesame"
    assert not (tmp_path / "instance").exists()


def test_a_key_is_generated_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    key = secret_key(Settings(), tmp_path / "instance")
    assert len(key) >= 48
    assert secret_key(Settings(), tmp_path / "instance") == key
    (file,) = (tmp_path / "instance").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret_key(Settings(), tmp_path / "other") != key


def test_workers_started_together_share_one_key(tmp_path: Path) -> None:
    workers = 16
    for attempt in range(20):
        barrier = Barrier(workers)

        def start(folder: Path, barrier: Barrier = barrier) -> str:
            barrier.wait()
            return secret_key(Settings(), folder)

        with ThreadPoolExecutor(workers) as pool:
            folders = [tmp_path / str(attempt)] * workers
            keys = set(pool.map(start, folders))
        assert len(keys) == 1
        assert len(keys.pop()) >= 48
        assert len(list((tmp_path / str(attempt)).iterdir())) == 1
