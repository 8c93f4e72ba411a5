"""Settings, and the only reader of environment variables. The README lists all of them."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from biobank.errors import BadSetting

ENV_PREFIX = "BIOBANK_"
#: Directory of run-time files unless a setting overrides it, relative to the working directory.
INSTANCE_DIR = Path("instance")
SECRET_FILE = "secret_key"  # noqa: S105 - a file name
SEARCH_ENGINES = ("whoosh",)


@dataclass(frozen=True)
class Settings:
    """The immutable configuration of this process."""

    database_url: str = f"sqlite:///{INSTANCE_DIR.as_posix()}/biobank.db"
    index_dir: Path = Path("index")
    media_dir: Path = INSTANCE_DIR / "media"
    imports_dir: Path = INSTANCE_DIR / "imports"
    dumps_dir: Path = INSTANCE_DIR / "dumps"
    search_engine: str = "whoosh"
    secret_key: str = ""
    base_url: str = ""
    smtp_url: str = ""
    trusted_proxies: int = 0
    #: Whether webhooks may target addresses of the private network.
    webhooks_private: bool = False
    #: The seed of the checkout; an installed package needs the setting.
    seed_dir: Path = Path(__file__).parents[1] / "seed_data"


#: Field of Settings by environment variable.
ENV_VARIABLES: Mapping[str, str] = {
    ENV_PREFIX + name.upper(): name for name in Settings.__annotations__
}


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read `BIOBANK_*` from `environ` (default: of the process); an empty variable is unset.

    Raises:
        BadSetting: Naming the variable and the values it accepts.
    """
    source = os.environ if environ is None else environ
    values = {
        field: value
        for variable, field in ENV_VARIABLES.items()
        if (value := source.get(variable, "").strip())
    }
    return Settings(
        database_url=values.get("database_url", Settings.database_url),
        index_dir=Path(values.get("index_dir", Settings.index_dir)),
        media_dir=Path(values.get("media_dir", Settings.media_dir)),
        imports_dir=Path(values.get("imports_dir", Settings.imports_dir)),
        dumps_dir=Path(values.get("dumps_dir", Settings.dumps_dir)),
        search_engine=_parse_engine(values.get("search_engine", Settings.search_engine)),
        secret_key=values.get("secret_key", ""),
        base_url=parse_web_address(ENV_PREFIX + "BASE_URL", values.get("base_url", "")),
        smtp_url=values.get("smtp_url", ""),
        trusted_proxies=_parse_count("trusted_proxies", values.get("trusted_proxies", "0")),
        webhooks_private=_parse_switch("webhooks_private", values.get("webhooks_private", "0")),
        seed_dir=Path(values.get("seed_dir", Settings.seed_dir)),
    )


def secret_key(settings: Settings, instance: Path = INSTANCE_DIR) -> str:
    """Return the key that signs cookies: the setting, else one generated once with mode 0600."""
    if settings.secret_key:
        return settings.secret_key
    file = instance / SECRET_FILE
    if not file.exists():
        _create_secret(file)
    return file.read_text(encoding="ascii")


def _create_secret(file: Path) -> None:
    """Create `file` atomically; if another process was first, its key is used."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp creates it readable by its owner only.
    descriptor, temp_path = tempfile.mkstemp(prefix=f"{SECRET_FILE}.", dir=file.parent)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_urlsafe(48))
    # A hard link appears with its full content, so no process reads a partial key.
    with contextlib.suppress(FileExistsError):
        os.link(temp_path, file)
    Path(temp_path).unlink()


def _parse_engine(value: str) -> str:
    if value not in SEARCH_ENGINES:
        raise BadSetting(
            f"BIOBANK_SEARCH_ENGINE takes {' or '.join(SEARCH_ENGINES)}, not {value!r}"
        )
    return value


def parse_web_address(name: str, value: str) -> str:
    """Return the public base URL of variable `name`, without a trailing slash.

    Raises:
        BadSetting: If it has no scheme or host.
    """
    if value and not _is_web_address(value):
        raise BadSetting(f"{name} takes an address like https://biobank.example, not {value!r}")
    return value.rstrip("/")


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _parse_count(name: str, value: str) -> int:
    # Four digits are more than enough; int() refuses thousands of them.
    if not value.isascii() or not value.isdigit() or len(value) > 4:
        raise BadSetting(f"{ENV_PREFIX}{name.upper()} takes a whole number from 0, not {value!r}")
    return int(value)


def _parse_switch(name: str, value: str) -> bool:
    if value not in ("0", "1"):
        raise BadSetting(f"{ENV_PREFIX}{name.upper()} takes 0 or 1, not {value!r}")
    return value == "1"
