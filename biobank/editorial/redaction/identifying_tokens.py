"""Short identifying tokens of a person: e-mail addresses, numbers and names.

Addresses and numbers are unambiguous. A name may belong to somebody else, so it counts only if it
is rare in the bank, and its matches are confirmed by the editor.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from biobank.names.folding import Token, fold, fold_word, normalise, tokens
from biobank.names.matcher import NameMatcher

#: Minimum number of digits of an identifying number; years and page numbers have fewer.
MIN_NUMBER_DIGITS = 5
#: Number of trailing digits by which telephone numbers are compared, with or without country code.
PHONE_DIGITS = 7
#: Minimum length of a single-word name, in characters.
MIN_SINGLE_NAME_CHARS = 3
#: Maximum length of a grammatical suffix of a name, and minimum length of the stem before it.
MAX_SUFFIX_CHARS = 4
MIN_STEM_CHARS = 5
#: Maximum length of a case suffix that is removed from a name in another script.
MAX_CASE_SUFFIX_CHARS = 2
#: Minimum score (0 to 1) of a match between a name and a word in another script.
MIN_SCRIPT_MATCH_SCORE = 0.95
#: Maximum number of digits of a house number.
MAX_HOUSE_NUMBER_DIGITS = 3
#: Number of texts cached in folded form; the seed data has about 11,000.
FOLD_CACHE_SIZE = 65_536

WordSequence = tuple[str, ...]

_WORD_PATTERN = re.compile(r"\w+")
# Bounded repetitions keep the time linear in long texts without spaces.
_EMAIL_PATTERN = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# A slash is excluded: it usually separates two numbers or the days of a range.
_SPACED_NUMBER_PATTERN = re.compile(r"\+?\d[\d ().-]{4,20}\d")
#: Days and ranges of years look like numbers, but are not identifying.
_DATE_PATTERN = re.compile(r"\d{4}\D+\d{4}|\d{4}\D\d{1,2}\D\d{1,2}|\d{1,2}\D\d{1,2}\D\d{4}")
_DIGIT_PATTERN = re.compile(r"\d")


def extract_numbers(text: str) -> set[str]:
    """Return the normalized e-mail addresses and numbers in a text."""
    text = normalise(text)
    numbers = {f"@{email.casefold()}" for email in _EMAIL_PATTERN.findall(text)}
    for candidate in _SPACED_NUMBER_PATTERN.findall(text):
        digits = "".join(_DIGIT_PATTERN.findall(candidate))
        if len(digits) >= PHONE_DIGITS and not _DATE_PATTERN.fullmatch(candidate):
            numbers.add(f"#{digits[-PHONE_DIGITS:]}")
    for token in tokens(text):
        digits = "".join(_DIGIT_PATTERN.findall(token.text))
        if len(digits) >= PHONE_DIGITS and token.text.isdecimal():
            numbers.add(f"#{digits[-PHONE_DIGITS:]}")
        elif len(digits) >= MIN_NUMBER_DIGITS:
            numbers.add(f"#{fold_word(token.text)}")
    return numbers


def extract_names(text: str) -> set[WordSequence]:
    """Return folded names: capitalized words, pairs of them, and names with a house number.

    Words at the beginning of a sentence are included; their frequency decides later.
    """
    names: set[WordSequence] = set()
    previous = ""
    for token in tokens(text):
        word = fold_word(token.text)
        is_name, is_house_number = (
            _is_capitalized(token),
            word.isdecimal() and len(word) <= MAX_HOUSE_NUMBER_DIGITS,
        )
        if is_name and len(word) >= MIN_SINGLE_NAME_CHARS:
            names.add((word,))
        if previous and (is_name or is_house_number):
            names.add((previous, word))
        previous = word if is_name else ""
    return names


class RareNameMatcher:
    """Finds names of one or two words in texts. Not safe to share between threads."""

    def __init__(self, phrases: set[WordSequence]) -> None:
        self.phrases = frozenset(phrases)
        self._words = {word for phrase in phrases for word in phrase}
        names = [word for word in self._words if not word.isdecimal()]
        self._matcher = NameMatcher((word, [word], 0) for word in names)
        self._ascii_flags = {word.isascii() for word in names}
        self._resolved: dict[str, str] = {}

    def matches(self, text: str) -> bool:
        """Return whether the text contains one of the names in any script."""
        return bool(self.phrases) and self._contains_phrase(map(self._resolve_token, tokens(text)))

    def matches_as_written(self, text: str) -> bool:
        """Return whether the text contains one of the names in the same script; much faster."""
        return bool(self.phrases) and self._contains_phrase(
            map(self._match_word, folded_words(text))
        )

    def _contains_phrase(self, words: Iterable[str]) -> bool:
        previous = ""
        for word in words:
            if word and not self.phrases.isdisjoint(((word,), (previous, word), (word, previous))):
                return True
            previous = word
        return False

    def _resolve_token(self, token: Token) -> str:
        """Return the name word that a word of a text matches, or an empty string."""
        word = fold_word(token.text)
        if word not in self._resolved:
            self._resolved[word] = self._match_word(word) or self._match_other_script(token, word)
        return self._resolved[word]

    def _match_word(self, word: str) -> str:
        if word in self._words:
            return word
        stems = (word[:-cut] for cut in range(1, MAX_SUFFIX_CHARS + 1))
        candidates = (
            stem for stem in stems if len(stem) >= MIN_STEM_CHARS and not stem.isdecimal()
        )
        return next((stem for stem in candidates if stem in self._words), "")

    def _match_other_script(self, token: Token, word: str) -> str:
        if word.isdecimal() or not _is_capitalized(token) or self._ascii_flags <= {word.isascii()}:
            return ""
        cuts = range(1, MAX_CASE_SUFFIX_CHARS + 1)
        stems = (token.text[:-cut] for cut in cuts if len(token.text) - cut >= MIN_STEM_CHARS)
        for part in (token.text, *stems):
            for name, score in self._matcher.people_with_name(part).items():
                if score >= MIN_SCRIPT_MATCH_SCORE and name.isascii() != word.isascii():
                    return name
        return ""


def _is_capitalized(token: Token) -> bool:
    """Return whether the word is capitalized; words in scripts without case always count."""
    first = token.text[0]
    return first.isalpha() and (first.isupper() or first.lower() == first.upper())


@lru_cache(maxsize=FOLD_CACHE_SIZE)
def folded_words(text: str) -> WordSequence:
    """Return the folded words of a text."""
    return tuple(_WORD_PATTERN.findall(fold(text)))


@contextmanager
def cached_folding() -> Iterator[None]:
    """Cache folded texts within the context, and clear the cache afterwards."""
    try:
        yield
    finally:
        folded_words.cache_clear()


def iter_phrases(words: WordSequence, size: int) -> Iterator[WordSequence]:
    return (words[start : start + size] for start in range(len(words) - size + 1))
