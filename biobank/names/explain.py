"""Explanations of name matches: `гаджибеков → hacıbəyov · Russian spelling: г = h, дж = c`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from biobank.common.messages import Message, gettext_noop
from biobank.names.folding import fold
from biobank.names.matches import Match, WordPair
from biobank.names.phonetic_costs import GAP_COSTS, OPEN_SIGNS, SIGN_CODES, SIGN_COSTS, VOWEL_SIGNS
from biobank.names.suffixes import find_ending
from biobank.names.transliteration import (
    TransliterationHypothesis,
    detect_orthographies,
    detect_script,
    prepare,
    transliterate,
)

#: Maximum number of letter correspondences shown; consonants come before vowels.
MAX_CORRESPONDENCES = 3
#: Cost of a lexicon entry, so that letters explain a match if they do so nearly as well.
LEXICON_COST = 0.3

REASON_LABELS: dict[str, Message] = {
    "az": gettext_noop("Azerbaijani spelling"),
    "ascii": gettext_noop("typed in plain letters"),
    "en": gettext_noop("English spelling"),
    "tr": gettext_noop("Turkish spelling"),
    "de": gettext_noop("German spelling"),
    "fr": gettext_noop("French spelling"),
    "slavic": gettext_noop("Slavic Latin spelling"),
    "nl": gettext_noop("Dutch spelling"),
    "la": gettext_noop("Latin spelling"),
    "ru": gettext_noop("Russian spelling"),
    "az-cyrl": gettext_noop("Azerbaijani Cyrillic"),
    "fa": gettext_noop("Arabic script"),
    "equal": gettext_noop("the same name"),
    "reading": gettext_noop("another form of the name"),
    "similar": gettext_noop("a similar name"),
}


@dataclass(frozen=True)
class MatchReason:
    """The reason why a name matched: the words that differ, how they are spelled, and their letters."""

    spelling: Message
    words: str = ""
    letter_pairs: tuple[tuple[str, str], ...] = ()

    def text(self, lang: str) -> str:
        """Return the reason in language `lang`."""
        label = self.spelling.translate(lang)
        letters = ", ".join(f"{source} = {target}" for source, target in self.letter_pairs)
        return (f"{self.words} · " if self.words else "") + label + (f": {letters}" if letters else "")


def explain_match(match: Match) -> MatchReason:
    """Explain `match`: the differing words, the orthography and its letters."""
    pairs = [pair for pair in match.pairs if pair.name and pair.quality != "equal"]
    if not pairs:
        pairs = [pair for pair in match.pairs if pair.name]
    query_text = " ".join(pair.query for pair in pairs)
    name_text = " ".join(pair.name for pair in pairs)
    letter_pairs = tuple(dict.fromkeys(letters for pair in pairs for letters in correspondences(pair)))
    return MatchReason(
        REASON_LABELS[_reason_key(match, pairs)],
        query_text if query_text == name_text else f"{query_text} → {name_text}",
        letter_pairs[:MAX_CORRESPONDENCES],
    )


@lru_cache(maxsize=4096)
def correspondences(pair: WordPair) -> tuple[tuple[str, str], ...]:
    """Return letters of the query with letters of the name, where they are informative."""
    if not pair.name or pair.quality == "equal" or not pair.reading:
        return ()
    if detect_script(pair.query) == "Latn" != detect_script(pair.name):
        return ()  # every letter differs, which is not informative
    query_reading, name_reading = _closest_readings(pair)
    if query_reading is None or name_reading is None:
        return ()
    same_ending = find_ending(pair.query).tag and find_ending(pair.query).tag == find_ending(pair.name).tag
    ends = (
        (query_reading.stem, name_reading.stem)
        if same_ending
        else (len(query_reading.skeleton), len(name_reading.skeleton))
    )
    letter_pairs = [
        (source, target)
        for source, target in align(query_reading, name_reading, *ends)
        if source and target and _is_informative(source, target, query_reading)
    ]
    return tuple(sorted(dict.fromkeys(letter_pairs), key=lambda letter_pair: _is_vowel(letter_pair[1])))


def _reason_key(match: Match, pairs: Sequence[WordPair]) -> str:
    """Return the orthography of the word with most consonant correspondences."""
    if match.quality == "similar":
        return "similar"
    transliterated = [pair for pair in pairs if pair.reading]
    return max(transliterated, key=_consonant_count).reading if transliterated else match.quality


def _consonant_count(pair: WordPair) -> int:
    return sum(not _is_vowel(target) for _, target in correspondences(pair))


def _closest_readings(
    pair: WordPair,
) -> tuple[TransliterationHypothesis | None, TransliterationHypothesis | None]:
    """Return the closest transliterations of both words."""
    query_readings = [reading for reading in _all_readings(pair.query) if reading.key == pair.reading]
    name_readings = list(_all_readings(pair.name))
    candidates = [
        (query_reading, name_reading) for query_reading in query_readings for name_reading in name_readings
    ]
    if not candidates:
        return None, None
    return min(
        candidates,
        key=lambda candidate: (
            alignment_cost(*candidate) + LEXICON_COST * (candidate[0].lexicon + candidate[1].lexicon)
        ),
    )


def _all_readings(text: str) -> Iterator[TransliterationHypothesis]:
    prepared_text = prepare(text)
    yield from transliterate(prepared_text, tuple(table.key for table in detect_orthographies(prepared_text)))


def _is_informative(source: str, target: str, query_reading: TransliterationHypothesis) -> bool:
    """Return whether a correspondence is not self-evident."""
    if fold(source) == fold(target):
        return False
    if detect_script(source) == "Latn":
        return True
    signs = next((signs for grapheme, signs in query_reading.parts if grapheme == source), "")
    return len(source) > 1 or _default_letters(signs) != target


def _default_letters(signs: str) -> str:
    return "".join(
        min(OPEN_SIGNS[sign], key=OPEN_SIGNS[sign].__getitem__) if sign in OPEN_SIGNS else sign
        for sign in signs
    )


def _is_vowel(letters: str) -> bool:
    return all(letter in VOWEL_SIGNS for letter in letters)


def align(
    left: TransliterationHypothesis, right: TransliterationHypothesis, end: int, right_end: int
) -> list[tuple[str, str]]:
    """Return graphemes of `left` with the corresponding letters of `right`, in order.

    Only the first `end` and `right_end` signs are aligned; either side of a pair may be empty.
    """
    _, steps = _trace(left.skeleton[:end], right.skeleton[:right_end])
    left_graphemes, right_graphemes = _grapheme_indexes(left), _grapheme_indexes(right)
    groups: list[tuple[int, list[int]]] = []
    for left_position, right_position in steps:
        grapheme = left_graphemes[left_position] if left_position is not None else -1
        if len(groups) > 1 and groups[-2][0] == grapheme:
            # Only letters of the other side are in between: وا = vva, not v and a.
            _, pending = groups.pop()
            groups[-1][1].extend(pending)
        if not groups or groups[-1][0] != grapheme:
            groups.append((grapheme, []))
        if right_position is not None and right_graphemes[right_position] not in groups[-1][1]:
            groups[-1][1].append(right_graphemes[right_position])
    return [
        (
            left.parts[grapheme][0] if grapheme >= 0 else "",
            "".join(right.parts[left_position][0] for left_position in places),
        )
        for grapheme, places in groups
    ]


def alignment_cost(left: TransliterationHypothesis, right: TransliterationHypothesis) -> float:
    """Return the distance of two transliterations, including their priors."""
    return _trace(left.skeleton, right.skeleton)[0] + left.prior + right.prior


def _grapheme_indexes(reading: TransliterationHypothesis) -> list[int]:
    """Return the grapheme index of each sign of the skeleton."""
    return [index for index, (_, signs) in enumerate(reading.parts) for _ in signs]


AlignmentStep = tuple[int | None, int | None]


def _trace(left: str, right: str) -> tuple[float, list[AlignmentStep]]:
    """Return the cost of the cheapest alignment of two skeletons, and its steps."""
    rows: list[list[tuple[float, AlignmentStep]]] = []
    for i in range(len(left) + 1):
        row: list[tuple[float, AlignmentStep]] = []
        for j in range(len(right) + 1):
            options: list[tuple[float, AlignmentStep]] = [(0.0, (None, None))] if i == j == 0 else []
            if i and j:
                change = float(SIGN_COSTS[SIGN_CODES[left[i - 1]], SIGN_CODES[right[j - 1]]])
                options.append((rows[i - 1][j - 1][0] + change, (i - 1, j - 1)))
            if i:
                options.append((rows[i - 1][j][0] + _gap_cost(left, i - 1), (i - 1, None)))
            if j:
                options.append((row[j - 1][0] + _gap_cost(right, j - 1), (None, j - 1)))
            row.append(min(options, key=lambda option: option[0]))
        rows.append(row)
    steps: list[AlignmentStep] = []
    i, j = len(left), len(right)
    while i or j:
        step = rows[i][j][1]
        steps.append(step)
        i, j = i - (step[0] is not None), j - (step[1] is not None)
    return rows[-1][-1][0], steps[::-1]


def _gap_cost(signs: str, position: int) -> float:
    doubled = position and signs[position] == signs[position - 1]
    return 0.1 if doubled else float(GAP_COSTS[SIGN_CODES[signs[position]]])
