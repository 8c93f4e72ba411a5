"""Dashboard and alert rules name metrics, labels and endpoints that exist."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from biobank.app.factory import create_app
from biobank.bootstrap import Services

ROOT = Path(__file__).parents[2]
MONITORING = ROOT / "deploy/monitoring"
ALERTS_FILE = MONITORING / "alerts.yaml"
RULES: list[dict[str, Any]] = yaml.safe_load(ALERTS_FILE.read_text("utf-8"))["groups"][0]["rules"]
PANELS: list[dict[str, Any]] = json.loads((MONITORING / "dashboard.json").read_text("utf-8"))["panels"]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [
    target["expr"] for panel in PANELS for target in panel["targets"]
]
METRIC = re.compile(r"\bbiobank_\w+")
SELECTOR = re.compile(r"\b(biobank_\w+)\{([^}]*)\}")
LABEL = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"')


@pytest.fixture(scope="module")
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture(scope="module")
def labels_by_metric(app: Flask) -> dict[str, set[str]]:
    """Return the labels of each metric that the server offers."""
    client = app.test_client()
    client.get("/en/")
    labels: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(client.get("/metrics").text):
        for sample in family.samples:
            labels.setdefault(sample.name, set()).update(sample.labels)
    return labels


def test_every_metric_exists(labels_by_metric: dict[str, set[str]]) -> None:
    named = {name for expression in EXPRESSIONS for name in METRIC.findall(expression)}
    assert named <= set(labels_by_metric)
    # Of a histogram a part suffices; created times are of no interest.
    own = {name for name in labels_by_metric if name.startswith("biobank_")}
    parts = {re.sub(r"_(bucket|count|sum)$", "", name) for name in named}
    assert {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in own} - {"biobank_requests"} == parts


def test_every_label_and_endpoint_exists(app: Flask, labels_by_metric: dict[str, set[str]]) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    for expression in EXPRESSIONS:
        for metric, selector in SELECTOR.findall(expression):
            for label, text in LABEL.findall(selector):
                assert label in labels_by_metric[metric], expression
                if label == "endpoint":
                    assert set(text.split("|")) <= endpoints
                if label == "le":
                    assert text in bucket_bounds(app, metric), expression


def bucket_bounds(app: Flask, metric: str) -> set[str]:
    families = text_string_to_metric_families(app.test_client().get("/metrics").text)
    return {s.labels["le"] for family in families for s in family.samples if s.name == metric}


def test_every_alert_says_what_happened_and_what_to_do() -> None:
    for rule in RULES:
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"].endswith(".")
        for name in re.findall(r"docs/[\w/-]+\.md", rule["annotations"]["action"]):
            assert (ROOT / name).exists()


def test_panels_have_titles_and_places_of_their_own() -> None:
    assert len({panel["title"] for panel in PANELS}) == len(PANELS)
    assert len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in PANELS}) == len(PANELS)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in PANELS)
