"""The name matcher: finds a person under any spelling and script."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from biobank.names.completion import Completion
from biobank.names.index import MatcherSnapshot, NameIndex, PersonNames, active_people, is_unchanged
from biobank.names.matches import Match, NameCandidate, best_people, people_with_name, rank_names_of_person
from biobank.names.scoring import MAX_CANDIDATE_NAMES, names_with
from biobank.names.segmentation import alternative_segmentations
from biobank.names.structure import NAME_ROLE, ParsedName, parse_name
from biobank.names.vocabulary import SIMILAR

#: Score above which the query is not split into words differently.
GOOD_SCORE = 0.97
#: Score below which words that match no name are also joined, in case of typing errors.
POOR_SCORE = 0.75
#: Score factors of differently split names, and of guesses.
RESEGMENTED_FACTOR = 0.985
GUESSED_FACTOR = 0.9
#: Score difference within which names of one person count as equally good.
SCORE_TOLERANCE = 0.03
#: Maximum number of changed people in the overlay index before all are reindexed.
MAX_OVERLAY_PEOPLE = 2000


class NameMatcher:
    """A name matcher for concurrent readers and one writer."""

    def __init__(self, people: Iterable[PersonNames] = ()) -> None:
        index = NameIndex(people)
        self._snapshot = MatcherSnapshot((index,), (np.ones(len(index), np.bool_),))
        self._write_lock = threading.Lock()

    def __len__(self) -> int:
        return sum(int(active_mask.sum()) for active_mask in self._snapshot.active_masks)

    def ids(self) -> list[str]:
        """Return the ids of all people."""
        return [id_ for index_number in (0, 1) for id_, _, _ in active_people(self._snapshot, index_number)]

    def __contains__(self, person_id: str) -> bool:
        return self._snapshot.locate(person_id) is not None

    def apply(self, upserts: Iterable[PersonNames] = (), deletes: Iterable[str] = ()) -> None:
        """Apply upserts and deletes atomically for readers.

        Changed people are stored in an overlay index, so that a publication costs some
        milliseconds; when there are many, everything is reindexed while readers use the previous
        snapshot.
        """
        with self._write_lock:
            snapshot = self._snapshot
            changed = {
                entry[0]: entry for entry in upserts if not is_unchanged(snapshot.locate(entry[0]), entry)
            }
            removed = set(deletes) - changed.keys()
            if not changed and not removed:
                return
            base, base_mask = snapshot.indexes[0], snapshot.active_masks[0].copy()
            for id_ in (*changed, *removed):
                if id_ in base.numbers:
                    base_mask[base.numbers[id_]] = False
            overlay = {person[0]: person for person in active_people(snapshot, 1)}
            overlay = {id_: entry for id_, entry in (overlay | changed).items() if id_ not in removed}
            if not len(base) or len(overlay) > max(MAX_OVERLAY_PEOPLE, len(base) // 20):
                base_snapshot = MatcherSnapshot((base,), (base_mask,))
                index = NameIndex([*active_people(base_snapshot, 0), *overlay.values()])
                self._snapshot = MatcherSnapshot((index,), (np.ones(len(index), np.bool_),))
            elif overlay:
                index = NameIndex(overlay.values())
                overlay_mask = np.ones(len(index), np.bool_)
                self._snapshot = MatcherSnapshot((base, index), (base_mask, overlay_mask))
            else:
                self._snapshot = MatcherSnapshot((base,), (base_mask,))

    def word_similarity(self, word: str) -> float:
        """Return how similar `word` is to a word of any name; 1 for a transliteration."""
        name = parse_name(word)
        return self._snapshot.word_similarity(name.words[0], name.keys) if name.words else 0.0

    def names_with(self, word: str) -> NDArray[np.bool_]:
        """Return the mask of all names that contain `word`, exact or transliterated."""
        name = parse_name(word)
        masks = []
        for index, active_mask in zip(self._snapshot.indexes, self._snapshot.active_masks, strict=True):
            mask = np.zeros(len(index.names), np.bool_)
            for name_word in name.words:
                mask[names_with(index, name_word, name.keys)] = True
            masks.append(mask & active_mask[index.owners])
        return np.concatenate(masks)

    def find(self, text: str, limit: int = 10) -> list[Match]:
        """Return the people that `text` may name, best first.

        Exact and transliterated matches come before similar ones; within these the order is by
        score, then by documentation score.
        """
        snapshot = self._snapshot
        name = parse_name(text)
        if not name.words:
            return []
        max_candidates = max(MAX_CANDIDATE_NAMES, 4 * limit)
        candidates = best_people(snapshot, name, max_candidates, limit, 1.0)
        if not _is_good_enough(candidates):
            for alternative, factor in _alternatives(snapshot, name, candidates):
                candidates += best_people(snapshot, alternative, MAX_CANDIDATE_NAMES, limit, factor)
        best: dict[str, NameCandidate] = {}
        for candidate in candidates:
            if candidate.id not in best or candidate.rank < best[candidate.id].rank:
                best[candidate.id] = candidate
        ranked = sorted(best.values(), key=lambda candidate: (*candidate.rank, candidate.id))
        return [candidate.to_match() for candidate in ranked[:limit]]

    def people_with_name(self, text: str, *, resegment: bool = False) -> Mapping[str, float]:
        """Return all people named `text`, exact or transliterated, with scores from 0 to 1.

        All bearers of a surname are included; equally good matches have equal scores. With
        `resegment`, words are joined or split if no name has all of the query.
        """
        snapshot = self._snapshot
        name = parse_name(text)
        if not any(word.role == NAME_ROLE for word in name.words):
            return {}
        scores, is_complete = people_with_name(snapshot, name, 1.0)
        if resegment and not is_complete:
            for alternative, factor in _alternatives(snapshot, name):
                for id_, score in people_with_name(snapshot, alternative, factor)[0].items():
                    scores[id_] = max(score, scores.get(id_, 0.0))
        return scores

    def complete(self, text: str, limit: int) -> list[Completion]:
        """Return people with a name that starts with `text` in any script, best documented first.

        Each typed prefix belongs to a different word of the name, in any order.
        """
        snapshot = self._snapshot
        completions = [
            completion
            for index, active_mask in zip(snapshot.indexes, snapshot.active_masks, strict=True)
            for completion in index.completions.find(text, active_mask, limit)
        ]
        return sorted(completions, key=lambda completion: completion.rank)[:limit]

    def match(self, text: str, person_id: str) -> Match | None:
        """Return how `text` matches the best name of one person; None if none matches.

        Among equally good names the first one given is chosen, which is the preferred name.
        """
        snapshot = self._snapshot
        name = parse_name(text)
        location = snapshot.locate(person_id)
        if location is None or not name.words:
            return None
        index, number = location
        candidates = list(rank_names_of_person(index, number, name, 1.0))
        if not _is_good_enough(candidates):
            for alternative, factor in _alternatives(snapshot, name, candidates):
                candidates += rank_names_of_person(index, number, alternative, factor)
        if not candidates:
            return None
        best = min(candidates, key=lambda candidate: candidate.rank)
        equally_good = [
            candidate
            for candidate in candidates
            if candidate.level == best.level and candidate.score > best.score - SCORE_TOLERANCE
        ]
        return min(equally_good, key=lambda candidate: (candidate.name, candidate.rank)).to_match()


def compare_names(query: str, name: str) -> Match | None:
    """Return how a query matches a name; None if not at all."""
    matches = NameMatcher([(name, [name], 0)]).find(query, 1)
    return matches[0] if matches else None


def name_similarity(first: str, second: str) -> float:
    """Return the symmetric similarity of two names, 0–1: the lower score of both directions."""
    matches = (compare_names(first, second), compare_names(second, first))
    return min(match.score if match else 0.0 for match in matches)


def _is_good_enough(candidates: Sequence[NameCandidate]) -> bool:
    """Return whether the query need not be split differently."""
    return (
        any(candidate.level > SIMILAR and candidate.is_complete for candidate in candidates)
        or _best_score(candidates) >= GOOD_SCORE
    )


def _best_score(candidates: Sequence[NameCandidate]) -> float:
    return max((candidate.score for candidate in candidates), default=0.0)


def _alternatives(
    snapshot: MatcherSnapshot, name: ParsedName, candidates: Sequence[NameCandidate] | None = None
) -> Iterator[tuple[ParsedName, float]]:
    """Yield alternative splits of the query, each with a score factor."""
    allow_guesses = candidates is not None and _best_score(candidates) < POOR_SCORE
    for alternative in alternative_segmentations(name, snapshot, allow_guesses=allow_guesses):
        yield alternative, GUESSED_FACTOR if allow_guesses else RESEGMENTED_FACTOR
