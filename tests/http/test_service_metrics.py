"""The metrics of service levels: time until changes are found, and until removed content is gone."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from biobank.app.factory import create_app
from biobank.bootstrap import Services
from biobank.common.clock import now
from biobank.common.metrics import PROMETHEUS_DIR_ENV
from biobank.exchange.dumps import publisher
from biobank.exchange.dumps.files import save_manifest
from biobank.records.people.models import Person
from biobank.search.indexer import index_delay_seconds
from biobank.store import outbox
from tests.support.web_worker import environment

PERSON = "nizami-gencevi"
FOLLOW_ONCE = """
from biobank.bootstrap import open_services
with open_services() as services:
    assert services.indexer.sync() == 1
"""


def metric(client: FlaskClient, name: str) -> float:
    text = client.get("/metrics").text
    [value] = [
        s.value for family in text_string_to_metric_families(text) for s in family.samples if s.name == name
    ]
    return value


def change_person(services: Services, ago: timedelta) -> None:
    """Queue a change of a person, made some time ago."""
    with services.database.write() as session:
        session.add(outbox.OutboxRow(person_id=PERSON, at=now() - ago))


def observed() -> tuple[float, float]:
    """Return the number and the sum of the observed delays."""
    samples = {
        sample.name: sample.value for family in index_delay_seconds.collect() for sample in family.samples
    }
    return samples["biobank_index_delay_seconds_count"], samples["biobank_index_delay_seconds_sum"]


def test_the_delay_of_each_change_is_counted_once_it_can_be_found(own_services: Services) -> None:
    client = create_app(own_services).test_client()
    assert metric(client, "biobank_outbox_oldest_seconds") == 0
    change_person(own_services, timedelta(hours=2))
    assert metric(client, "biobank_outbox_oldest_seconds") >= 7200
    count, total = observed()
    own_services.indexer.sync()
    assert observed()[0] == count + 1
    assert observed()[1] >= total + 7200
    assert metric(client, "biobank_outbox_oldest_seconds") == 0


def test_the_clock_may_be_set_back(own_services: Services) -> None:
    change_person(own_services, timedelta(hours=-2))
    _count, total = observed()
    own_services.indexer.sync()
    assert observed()[1] == total


def test_the_indexer_shares_its_metrics_with_the_workers(own_services: Services, tmp_path: Path) -> None:
    change_person(own_services, timedelta(hours=2))
    metrics_dir = tmp_path / "metrics"
    metrics_dir.mkdir()
    variables = {**os.environ, **environment(own_services.settings), PROMETHEUS_DIR_ENV: str(metrics_dir)}
    subprocess.run([sys.executable, "-c", FOLLOW_ONCE], env=variables, cwd=tmp_path, check=True)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(metrics_dir))
    assert registry.get_sample_value("biobank_index_delay_seconds_count") == 1


def test_withdrawn_people_in_dumps_are_counted_until_the_next_ones(
    own_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(own_services).test_client()
    monkeypatch.setattr(publisher, "write_dumps", partial(publisher.write_dumps, formats=("csv",)))
    renew = partial(
        publisher.renew, own_services.database, own_services.settings.dumps_dir, "https://bank.example"
    )
    assert metric(client, "biobank_removal_oldest_seconds") == 0
    manifest = renew()
    served = publisher.current_dump(own_services.settings.dumps_dir)
    assert served is not None
    save_manifest(replace(manifest, created_at=manifest.created_at - timedelta(hours=2)), served[0])
    withdrawn_at = now() - timedelta(hours=1)
    with own_services.database.write() as session:
        values = {"published": None, "withdrawn_at": withdrawn_at}
        session.execute(update(Person).where(Person.id == PERSON).values(values))
    assert metric(client, "biobank_removal_oldest_seconds") >= 3600
    renew()
    assert metric(client, "biobank_removal_oldest_seconds") == 0
