"""Evaluation of name matching: recall and mean reciprocal rank over lists of spellings."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from biobank.names.matcher import NameMatcher
from biobank.names.matches import Match

#: Number of results examined per query.
RESULTS_PER_QUERY = 10
_SCRIPTS = {"Latn": "Latin", "Cyrl": "Cyrillic", "Arab": "Arabic"}


@dataclass(frozen=True)
class SpellingQuery:
    """A spelling of a person's name with its language and script."""

    person_id: str
    text: str
    lang: str
    script: str


@dataclass(frozen=True)
class MatchFailure:
    """A spelling that did not rank its person first; `rank` is 0 if not in the first ten."""

    query: SpellingQuery
    name: str
    rank: int
    matches: tuple[Match, ...]


@dataclass
class MatchMetrics:
    """Counts of one group of queries."""

    total: int = 0
    first: int = 0
    top_ten: int = 0
    reciprocal: float = 0.0
    qualities: dict[str, int] = field(default_factory=dict)

    def add(self, rank: int, quality: str) -> None:
        self.total += 1
        self.first += rank == 1
        self.top_ten += rank > 0
        self.reciprocal += 1 / rank if rank else 0.0
        self.qualities[quality] = self.qualities.get(quality, 0) + 1

    def as_dict(self) -> dict[str, Any]:
        return {
            "asked": self.total,
            "recall_1": round(self.first / max(1, self.total), 4),
            "recall_10": round(self.top_ten / max(1, self.total), 4),
            "mrr": round(self.reciprocal / max(1, self.total), 4),
            "qualities": dict(sorted(self.qualities.items())),
        }


@dataclass(frozen=True)
class Evaluation:
    """Metrics by group ("all", "lang ru", "script Cyrillic"), failures, and times in ms."""

    people: int
    metrics: Mapping[str, MatchMetrics]
    failures: Sequence[MatchFailure]
    times: Sequence[float]

    def percentile(self, share: float) -> float:
        """Return the look-up time in ms that a `share` of look-ups did not exceed."""
        ordered = sorted(self.times) or [0.0]
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def evaluate(lines: Iterable[str], distractors: Iterable[str] = (), indexed_lang: str = "az") -> Evaluation:
    """Index one name per person, in `indexed_lang`, and query all other names.

    `lines` are JSON: `{id, canonical_az, variants: [{lang, script, text}]}` or `{id, names: [{lang,
    script, text}]}`; without a name in `indexed_lang` the first name is indexed.
    """
    indexed_names, queries = split_names(lines, indexed_lang)
    people = [(id_, [name], 0) for id_, name in indexed_names.items()]
    people += [(f"distractor:{n}", [name], 0) for n, name in enumerate(distractors)]
    matcher = NameMatcher(people)
    metrics: dict[str, MatchMetrics] = {}
    failures, times = [], []
    for query in queries:
        started = time.perf_counter()
        matches = matcher.find(query.text, RESULTS_PER_QUERY)
        times.append((time.perf_counter() - started) * 1000)
        ids = [match.person_id for match in matches]
        rank = ids.index(query.person_id) + 1 if query.person_id in ids else 0
        quality = matches[0].quality if matches else "none"
        for group in ("all", f"script {query.script}", f"lang {query.lang}"):
            metrics.setdefault(group, MatchMetrics()).add(rank, quality)
        if rank != 1:
            name = indexed_names[query.person_id]
            failures.append(MatchFailure(query, name, rank, tuple(matches[:2])))
    return Evaluation(len(people), dict(sorted(metrics.items())), failures, times)


def split_names(lines: Iterable[str], indexed_lang: str) -> tuple[dict[str, str], list[SpellingQuery]]:
    """Return the indexed name by person, and all other names as queries; lines as in `evaluate`."""
    indexed_names: dict[str, str] = {}
    queries = []
    for line in lines:
        if not line.strip():
            continue
        record = json.loads(line)
        names = record.get("names") or [
            {"lang": "az", "script": "Latn", "text": record["canonical_az"]},
            *record["variants"],
        ]
        indexed = next((name for name in names if name["lang"] == indexed_lang), names[0])
        indexed_names[record["id"]] = indexed["text"]
        for name in names:
            if name["text"] != indexed["text"]:
                script = _SCRIPTS.get(name["script"], name["script"])
                queries.append(SpellingQuery(record["id"], name["text"], name["lang"], script))
    return indexed_names, queries
