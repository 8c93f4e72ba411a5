"""Evaluation of name matching: recall and mean reciprocal rank over lists of spellings."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from biobank.names.matcher import Matcher
from biobank.names.matches import Match

#: Number of results examined per query.
LOOKED_AT = 10
_SCRIPTS = {"Latn": "Latin", "Cyrl": "Cyrillic", "Arab": "Arabic"}


@dataclass(frozen=True)
class Question:
    """A spelling of a person's name with its language and script."""

    person_id: str
    text: str
    lang: str
    script: str


@dataclass(frozen=True)
class Failure:
    """A spelling that did not rank its person first; `rank` is 0 if not in the first ten."""

    question: Question
    name: str
    rank: int
    found: tuple[Match, ...]


@dataclass
class Figures:
    """Counts of one group of queries."""

    asked: int = 0
    first: int = 0
    ten: int = 0
    reciprocal: float = 0.0
    qualities: dict[str, int] = field(default_factory=dict)

    def add(self, rank: int, quality: str) -> None:
        self.asked += 1
        self.first += rank == 1
        self.ten += rank > 0
        self.reciprocal += 1 / rank if rank else 0.0
        self.qualities[quality] = self.qualities.get(quality, 0) + 1

    def as_dict(self) -> dict[str, Any]:
        return {
            "asked": self.asked,
            "recall_1": round(self.first / max(1, self.asked), 4),
            "recall_10": round(self.ten / max(1, self.asked), 4),
            "mrr": round(self.reciprocal / max(1, self.asked), 4),
            "qualities": dict(sorted(self.qualities.items())),
        }


@dataclass(frozen=True)
class Evaluation:
    """Metrics by group ("all", "lang ru", "script Cyrillic"), failures, and times in ms."""

    people: int
    figures: Mapping[str, Figures]
    failures: Sequence[Failure]
    times: Sequence[float]

    def percentile(self, share: float) -> float:
        """Return the look-up time in ms that a `share` of look-ups did not exceed."""
        ordered = sorted(self.times) or [0.0]
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def evaluate(lines: Iterable[str], distractors: Iterable[str] = (), keep: str = "az") -> Evaluation:
    """Index one name per person, in `indexed_lang`, and query all other names.

    `lines` are JSON: `{id, canonical_az, variants: [{lang, script, text}]}` or `{id, names: [{lang,
    script, text}]}`; without a name in `indexed_lang` the first name is indexed.
    """
    known, questions = known_and_asked(lines, keep)
    people = [(id_, [name], 0) for id_, name in known.items()]
    people += [(f"distractor:{n}", [name], 0) for n, name in enumerate(distractors)]
    matcher = Matcher(people)
    figures: dict[str, Figures] = {}
    failures, times = [], []
    for question in questions:
        started = time.perf_counter()
        found = matcher.find(question.text, LOOKED_AT)
        times.append((time.perf_counter() - started) * 1000)
        ids = [match.person_id for match in found]
        rank = ids.index(question.person_id) + 1 if question.person_id in ids else 0
        quality = found[0].quality if found else "none"
        for group in ("all", f"script {question.script}", f"lang {question.lang}"):
            figures.setdefault(group, Figures()).add(rank, quality)
        if rank != 1:
            name = known[question.person_id]
            failures.append(Failure(question, name, rank, tuple(found[:2])))
    return Evaluation(len(people), dict(sorted(figures.items())), failures, times)


def known_and_asked(lines: Iterable[str], keep: str) -> tuple[dict[str, str], list[Question]]:
    """Return the indexed name by person, and all other names as queries; lines as in `evaluate`."""
    known: dict[str, str] = {}
    questions = []
    for line in lines:
        if not line.strip():
            continue
        record = json.loads(line)
        names = record.get("names") or [
            {"lang": "az", "script": "Latn", "text": record["canonical_az"]},
            *record["variants"],
        ]
        kept = next((name for name in names if name["lang"] == keep), names[0])
        known[record["id"]] = kept["text"]
        for name in names:
            if name["text"] != kept["text"]:
                script = _SCRIPTS.get(name["script"], name["script"])
                questions.append(Question(record["id"], name["text"], name["lang"], script))
    return known, questions
