"""The shipped Dockerfile and compose file: what can be checked where no containers run."""

import fnmatch
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

import biobank
from biobank.cli import main
from biobank.settings import ENV_VARIABLES

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = DEPLOY / "Dockerfile"
COMPOSE_FILE = DEPLOY / "compose.yaml"
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_FILE.read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
#: Files that the operator creates; none of them is in the repository.
OWN_FILES = ("./secrets/", "${TLS_DIR")
SECRET_WORD = re.compile(r"(?i)passw|secret|token|key")


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile with their arguments, without comments."""
    lines = [line for line in DOCKERFILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in joined.splitlines()) if name]


def arguments(name: str) -> list[str]:
    return [re.sub(r"\s+", " ", rest) for instruction, rest in instructions() if instruction == name]


def test_the_image_is_pinned_small_and_not_root() -> None:
    images = arguments("FROM")
    assert len(images) == 2
    assert all(re.match(r"python:3\.\d+-slim-\w+", image) for image in images)
    assert arguments("USER") == ["10001:10001"]
    last_stage = [name for name, _rest in instructions()]
    assert last_stage.index("USER") > last_stage.index("COPY")
    assert not arguments("ADD")
    assert not arguments("VOLUME")


def test_packages_are_verified_and_leave_no_caches() -> None:
    for command in arguments("RUN"):
        for part in command.split("&&"):
            if "pip install" in part or "pip wheel" in part:
                assert "--no-cache-dir" in part
                assert "--no-deps" in part or {"--require-hashes", "--only-binary"} <= set(part.split())
        if "apt-get install" in command:
            assert "--no-install-recommends" in command
            assert "rm -rf /var/lib/apt/lists/*" in command
        # hadolint DL3004, DL4006 and DL3047: neither sudo nor pipes nor downloads.
        assert not re.search(r"\bsudo\b|\||\bcurl\b|\bwget\b", command)


def test_no_secret_is_in_a_layer() -> None:
    assert not arguments("ARG")
    names = [word.partition("=")[0] for text in arguments("ENV") for word in text.split()]
    assert not [name for name in names if SECRET_WORD.search(name)]


def test_only_named_files_are_copied_into_the_build() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").split("\n")
    assert "*" in ignored
    allowed = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    copied = {
        source for text in arguments("COPY") if "--from" not in text for source in text.split()[:-1] if source
    }
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)
    assert not [name for name in (".env", "instance", "deploy/secrets") if matches_any(name, allowed)]


def matches_any(name: str, patterns: set[str]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def test_the_image_checks_its_health_and_runs_commands_that_exist() -> None:
    [check] = arguments("HEALTHCHECK")
    assert "/health/ready" in check
    assert arguments("ENTRYPOINT") == ['["biobank"]']
    assert arguments("CMD")[0].startswith('["serve"')
    for name in ("bank", "upgrade"):
        assert SERVICES[name]["command"][0] in main.commands


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_services_are_confined(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["pids_limit"] > 0
    assert service["restart"]
    assert not {"privileged", "network_mode", "pid", "ipc", "devices", "env_file"} & set(service)
    assert re.fullmatch(r"[a-z]+:\d[\w.-]+", service["image"])
    assert "docker.sock" not in str(service)


def test_every_service_that_stays_has_a_health_check() -> None:
    staying = {name for name, service in SERVICES.items() if service["restart"] != "no"}
    checked = {name for name, service in SERVICES.items() if "test" in service.get("healthcheck", {})}
    # The image of the bank brings its own.
    assert staying == checked | {"bank"}


def test_only_the_proxy_is_reachable_and_only_the_bank_reaches_the_database() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert COMPOSE["networks"]["back"] == {"internal": True}
    networks = {name: service["networks"] for name, service in SERVICES.items()}
    assert networks == {
        "bank": ["front", "back"],
        "upgrade": ["back"],
        "bank_database": ["back"],
        "proxy": ["front"],
    }


def test_mounted_files_and_secrets_exist_or_are_the_operators() -> None:
    sources = [mount.rpartition(":/")[0].removesuffix(":ro") for mount in mounts()]
    files = [source for source in sources if source not in COMPOSE["volumes"]]
    files += [secret["file"] for secret in COMPOSE["secrets"].values()]
    missing = [name for name in files if not name.startswith(OWN_FILES) and not (DEPLOY / name).exists()]
    assert missing == []
    used = {name for service in SERVICES.values() for name in service.get("secrets", ())}
    assert used == set(COMPOSE["secrets"])
    # Neither is in the repository.
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def mounts() -> list[str]:
    return [mount for service in SERVICES.values() for mount in service.get("volumes", ())]


def test_settings_exist_and_secrets_are_read_from_files() -> None:
    named = {
        name: text for service in SERVICES.values() for name, text in service.get("environment", {}).items()
    }
    settings = {name for name in named if name.startswith("BIOBANK_")}
    assert {name.removesuffix("_FILE") for name in settings} <= set(ENV_VARIABLES)
    for name, text in named.items():
        if SECRET_WORD.search(name):
            assert text.startswith("/run/secrets/"), name


def test_the_image_has_the_number_of_this_version() -> None:
    newest = re.search(r"^## \[(\d[\d.]*)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest
    assert biobank.__version__ == newest[1]
    assert {SERVICES[name]["image"] for name in ("bank", "upgrade")} == {f"biobank:{biobank.__version__}"}


def test_the_proxy_of_the_containers_differs_only_in_the_address() -> None:
    host, containers = (
        re.sub(r"#.*", "", (DEPLOY / name).read_text("utf-8")).split()
        for name in ("nginx/upstream.conf", "compose/upstream.conf")
    )
    assert [text if text != "127.0.0.1:8000;" else "bank:8000;" for text in host] == containers


@pytest.mark.skipif(shutil.which("docker") is None, reason="no docker on this machine")
def test_docker_compose_accepts_the_file() -> None:
    command = ["docker", "compose", "-f", str(COMPOSE_FILE), "config", "--quiet"]
    environment = {**os.environ, "BIOBANK_HOST": "bank.example"}
    answer = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert answer.returncode == 0, answer.stderr
