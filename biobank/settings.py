"""Settings, and the only reader of environment variables. The README lists all of them."""

import contextlib
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from environs import FileAwareEnv

from biobank.errors import BadSetting

ENV_PREFIX = "BIOBANK_"
#: File of variables, relative to the working directory.
ENV_FILE = Path(".env")
#: Directory of run-time files unless a setting overrides it, relative to the working directory.
INSTANCE_DIR = Path("instance")
#: The seed in an installed package, and at the top of a checkout.
PACKAGED_SEED_DIR = Path(__file__).parent / "seed_data"
CHECKOUT_SEED_DIR = Path(__file__).parents[1] / "seed_data"
SECRET_FILE = "secret_key"  # noqa: S105 - a file name
SEARCH_ENGINES = ("whoosh",)
LOG_FORMATS = ("text", "json")
HIDDEN = "(hidden)"
SECRET_FIELDS = ("secret_key", "metrics_token", "sentry_dsn")
URL_FIELDS = ("database_url", "smtp_url", "base_url", "otlp_endpoint")
#: A shorter token of /metrics could be guessed.
MIN_TOKEN_CHARS = 16
LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True)
class Settings:
    """The immutable configuration of this process."""

    database_url: str = f"sqlite:///{INSTANCE_DIR.as_posix()}/biobank.db"
    index_dir: Path = Path("index")
    media_dir: Path = INSTANCE_DIR / "media"
    imports_dir: Path = INSTANCE_DIR / "imports"
    dumps_dir: Path = INSTANCE_DIR / "dumps"
    search_engine: str = "whoosh"
    #: Whether people are also searched by meaning, with `biobank[semantic]`.
    semantic: bool = False
    secret_key: str = ""
    base_url: str = ""
    #: Hosts that requests may name, separated by commas; empty for those of `base_url` and this machine.
    allowed_hosts: str = ""
    smtp_url: str = ""
    trusted_proxies: int = 0
    #: Whether webhooks may target addresses of the private network.
    webhooks_private: bool = False
    #: Lets programs on other machines read /metrics; without it only this machine may.
    metrics_token: str = ""
    #: Address to report vulnerabilities to, for /.well-known/security.txt.
    security_contact: str = ""
    log_format: str = "text"
    log_level: str = "info"
    #: Project of Sentry that errors are reported to, and collector of OpenTelemetry; both optional.
    sentry_dsn: str = ""
    otlp_endpoint: str = ""
    #: Whether request lines contain addresses of clients and query texts.
    log_private: bool = False
    seed_dir: Path = PACKAGED_SEED_DIR if PACKAGED_SEED_DIR.is_dir() else CHECKOUT_SEED_DIR


#: Field of Settings by environment variable.
ENV_VARIABLES: Mapping[str, str] = {ENV_PREFIX + name.upper(): name for name in Settings.__annotations__}


def load(env_file: Path = ENV_FILE) -> Settings:
    """Read `BIOBANK_*` from the environment, else from `env_file`; an empty variable is unset.

    `BIOBANK_X_FILE` names a file that contains the value of `BIOBANK_X`, and takes precedence.

    Raises:
        BadSetting: Naming the variable and the values it accepts.
    """
    env = FileAwareEnv()
    env.read_env(env_file, recurse=False)
    values = ((variable, field, _read(env, variable)) for variable, field in ENV_VARIABLES.items())
    parsed: dict[str, Any] = {
        field: _PARSERS[field](variable, value) if field in _PARSERS else value
        for variable, field, value in values
        if value
    }
    return Settings(**parsed)


@dataclass(frozen=True)
class SettingInForce:
    """The value of a setting as it may be shown, and where it comes from."""

    variable: str
    value: str
    source: str


def describe(env_file: Path = ENV_FILE) -> list[SettingInForce]:
    """Return all settings in force, without secrets.

    Raises:
        BadSetting: As `load` does.
    """
    # Loading copies the variables of the file into the environment.
    set_before = {name for name, value in os.environ.items() if value.strip()}
    loaded = load(env_file)
    return [
        SettingInForce(
            variable, _displayed(field, getattr(loaded, field)), _source(variable, set_before, env_file)
        )
        for variable, field in ENV_VARIABLES.items()
    ]


def _source(variable: str, set_before: Collection[str], env_file: Path) -> str:
    in_file = {name: value for name, value in dotenv_values(env_file).items() if value and value.strip()}
    for name in (f"{variable}_FILE", variable):
        if name in set_before or name in in_file:
            place = "environment" if name in set_before else str(env_file)
            path = os.environ.get(name) or in_file.get(name)
            return f"file {path}, {place}" if name.endswith("_FILE") else place
    return "generated" if variable == f"{ENV_PREFIX}SECRET_KEY" else "default"


def _displayed(field: str, value: object) -> str:
    text = str(int(value)) if isinstance(value, bool) else str(value)
    if field in SECRET_FIELDS:
        return HIDDEN if text else ""
    return _without_password(text) if field in URL_FIELDS and text else text


def _without_password(url: str) -> str:
    """Return `url` without password and query; nothing of it if it is not clear what they are."""
    match = _PLAIN_URL.fullmatch(url)
    if match is None:
        return HIDDEN
    user = f"{match['user']}:{HIDDEN}@" if match["user"] is not None else ""
    return f"{match['scheme']}{user}{match['rest']}{'?' + HIDDEN if match['query'] else ''}"


def _read(env: FileAwareEnv, variable: str) -> str:
    try:
        return env.str(variable, "").strip()
    except (ValueError, OSError) as error:
        raise BadSetting(f"{variable}_FILE must be the path of a readable text file") from error


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
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkstemp creates it readable by its owner only.
    descriptor, temp_path = tempfile.mkstemp(prefix=f"{SECRET_FILE}.", dir=file.parent)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_urlsafe(48))
    # A hard link appears with its full content, so no process reads a partial key.
    with contextlib.suppress(FileExistsError):
        os.link(temp_path, file)
    Path(temp_path).unlink()


def _parse_path(_variable: str, value: str) -> Path:
    return Path(value)


def _choice(*choices: str) -> Callable[[str, str], str]:
    def parse(variable: str, value: str) -> str:
        if value not in choices:
            raise BadSetting(f"{variable} must be {' or '.join(choices)}, not {value!r}")
        return value

    return parse


def _parse_token(variable: str, value: str) -> str:
    if not value.isascii() or not value.isprintable() or " " in value or len(value) < MIN_TOKEN_CHARS:
        raise BadSetting(f"{variable} must be at least {MIN_TOKEN_CHARS} ASCII characters without blanks")
    return value


def _parse_contact(variable: str, value: str) -> str:
    if not value.startswith(("mailto:", "https://")) or not value.isascii() or not value.isprintable():
        raise BadSetting(f"{variable} must be mailto: and an address, or an https:// URL, not {value!r}")
    return value


def parse_web_address(variable: str, value: str) -> str:
    """Return the public base URL of `variable`, without a trailing slash.

    Raises:
        BadSetting: If it has no scheme or host.
    """
    if value and not _is_web_address(value):
        raise BadSetting(f"{variable} must be a URL such as https://biobank.example, not {value!r}")
    return value.rstrip("/")


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _parse_hosts(variable: str, value: str) -> str:
    """Return host names in lower case and ASCII, without blanks between them."""
    try:
        hosts = [part.strip().lower().encode("idna").decode("ascii") for part in value.split(",")]
    except UnicodeError:
        hosts = []
    if not hosts or not all(map(_HOST.fullmatch, hosts)):
        raise BadSetting(
            f"{variable} must be host names such as bank.example,bank.example:8080, not {value!r}"
        )
    return ",".join(hosts)


def _parse_count(variable: str, value: str) -> int:
    # Four digits are more than enough; int() refuses thousands of them.
    if not value.isascii() or not value.isdigit() or len(value) > 4:
        raise BadSetting(f"{variable} must be a whole number of at least 0, not {value!r}")
    return int(value)


def _parse_switch(variable: str, value: str) -> bool:
    if value not in ("0", "1"):
        raise BadSetting(f"{variable} must be 0 or 1, not {value!r}")
    return value == "1"


#: `user:password@` at most once, and nothing else that could be a part of a password.
_PLAIN_URL = re.compile(
    r"(?P<scheme>[a-z0-9+]+://)(?:(?P<user>[^:@/?#]*)(?::[^@/?#]*)?@)?"
    r"(?P<rest>[^@:/?#]*(?::[0-9]+)?(?:/[^@?#]*)?)(?P<query>\?(?:from=[^@#]*@)?[^@#]*)?"
)

#: A host name, or an IPv6 address in brackets, and a port.
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")

_PARSERS: Mapping[str, Callable[[str, str], Any]] = {
    "index_dir": _parse_path,
    "media_dir": _parse_path,
    "imports_dir": _parse_path,
    "dumps_dir": _parse_path,
    "seed_dir": _parse_path,
    "search_engine": _choice(*SEARCH_ENGINES),
    "semantic": _parse_switch,
    "base_url": parse_web_address,
    "allowed_hosts": _parse_hosts,
    "otlp_endpoint": parse_web_address,
    "trusted_proxies": _parse_count,
    "webhooks_private": _parse_switch,
    "metrics_token": _parse_token,
    "security_contact": _parse_contact,
    "log_format": _choice(*LOG_FORMATS),
    "log_level": _choice(*LOG_LEVELS),
    "log_private": _parse_switch,
}
