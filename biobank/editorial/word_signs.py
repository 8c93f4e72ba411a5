"""Short identifying tokens of a person: e-mail addresses, numbers and names.

Addresses and numbers are unambiguous. A name may belong to somebody else, so it counts only if it
is rare in the bank, and its matches are confirmed by the editor.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from biobank.names.folding import Token, fold, fold_word, normalise, tokens
from biobank.names.matcher import Matcher

#: Minimum number of digits of an identifying number; years and page numbers have fewer.
DIGITS_LEAST = 5
#: Number of trailing digits by which telephone numbers are compared, with or without country code.
DIGITS_TOLD = 7
#: Minimum length of a single-word name, in characters.
NAME_LEAST = 3
#: Maximum length of a grammatical suffix of a name, and minimum length of the stem before it.
ENDING_MOST = 4
BEFORE_ENDING_LEAST = 5
#: Maximum length of a case suffix that is removed from a name in another script.
CASE_MOST = 2
#: Minimum score (0 to 1) of a match between a name and a word in another script.
SAME_NAME = 0.95
#: Maximum number of digits of a house number.
HOUSE_MOST = 3
#: Number of texts cached in folded form; the seed data has about 11,000.
FOLDED_MOST = 65_536

Run = tuple[str, ...]

_WORD = re.compile(r"\w+")
# Bounded repetitions keep the time linear in long texts without spaces.
_MAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# A slash is excluded: it usually separates two numbers or the days of a range.
_SPACED = re.compile(r"\+?\d[\d ().-]{4,20}\d")
#: Days and ranges of years look like numbers, but are not identifying.
_DATED = re.compile(r"\d{4}\D+\d{4}|\d{4}\D\d{1,2}\D\d{1,2}|\d{1,2}\D\d{1,2}\D\d{4}")
_DIGIT = re.compile(r"\d")


def numbers_of(text: str) -> set[str]:
    """Return the normalized e-mail addresses and numbers in a text."""
    text = normalise(text)
    found = {f"@{mail.casefold()}" for mail in _MAIL.findall(text)}
    for spaced in _SPACED.findall(text):
        digits = "".join(_DIGIT.findall(spaced))
        if len(digits) >= DIGITS_TOLD and not _DATED.fullmatch(spaced):
            found.add(f"#{digits[-DIGITS_TOLD:]}")
    for token in tokens(text):
        digits = "".join(_DIGIT.findall(token.text))
        if len(digits) >= DIGITS_TOLD and token.text.isdecimal():
            found.add(f"#{digits[-DIGITS_TOLD:]}")
        elif len(digits) >= DIGITS_LEAST:
            found.add(f"#{fold_word(token.text)}")
    return found


def names_of(text: str) -> set[Run]:
    """Return folded names: capitalized words, pairs of them, and names with a house number.

    Words at the beginning of a sentence are included; their frequency decides later.
    """
    found: set[Run] = set()
    before = ""
    for token in tokens(text):
        word = fold_word(token.text)
        named, house = _is_named(token), word.isdecimal() and len(word) <= HOUSE_MOST
        if named and len(word) >= NAME_LEAST:
            found.add((word,))
        if before and (named or house):
            found.add((before, word))
        before = word if named else ""
    return found


class Names:
    """Finds names of one or two words in texts. Not safe to share between threads."""

    def __init__(self, runs: set[Run]) -> None:
        self.runs = frozenset(runs)
        self._words = {word for run in runs for word in run}
        spelt = [word for word in self._words if not word.isdecimal()]
        self._matcher = Matcher((word, [word], 0) for word in spelt)
        self._latin = {word.isascii() for word in spelt}
        self._known: dict[str, str] = {}

    def stand_in(self, text: str) -> bool:
        """Return whether the text contains one of the names in any script."""
        return bool(self.runs) and self._any(map(self._meant, tokens(text)))

    def stand_as_written_in(self, text: str) -> bool:
        """Return whether the text contains one of the names in the same script; much faster."""
        return bool(self.runs) and self._any(map(self._same, folded(text)))

    def _any(self, words: Iterable[str]) -> bool:
        before = ""
        for word in words:
            if word and not self.runs.isdisjoint(((word,), (before, word), (word, before))):
                return True
            before = word
        return False

    def _meant(self, token: Token) -> str:
        """Return the name word that a word of a text matches, or an empty string."""
        word = fold_word(token.text)
        if word not in self._known:
            self._known[word] = self._same(word) or self._in_another_script(token, word)
        return self._known[word]

    def _same(self, word: str) -> str:
        if word in self._words:
            return word
        stems = (word[:-cut] for cut in range(1, ENDING_MOST + 1))
        long = (it for it in stems if len(it) >= BEFORE_ENDING_LEAST and not it.isdecimal())
        return next((it for it in long if it in self._words), "")

    def _in_another_script(self, token: Token, word: str) -> str:
        if word.isdecimal() or not _is_named(token) or self._latin <= {word.isascii()}:
            return ""
        cuts = range(1, CASE_MOST + 1)
        stems = (token.text[:-cut] for cut in cuts if len(token.text) - cut >= BEFORE_ENDING_LEAST)
        for part in (token.text, *stems):
            for name, score in self._matcher.bearers(part).items():
                if score >= SAME_NAME and name.isascii() != word.isascii():
                    return name
        return ""


def _is_named(token: Token) -> bool:
    """Return whether the word is capitalized; words in scripts without case always count."""
    first = token.text[0]
    return first.isalpha() and (first.isupper() or first.lower() == first.upper())


@lru_cache(maxsize=FOLDED_MOST)
def folded(text: str) -> Run:
    """Return the folded words of a text."""
    return tuple(_WORD.findall(fold(text)))


@contextmanager
def folded_once() -> Iterator[None]:
    """Cache folded texts within the context, and clear the cache afterwards."""
    try:
        yield
    finally:
        folded.cache_clear()


def in_a_row(words: Run, size: int) -> Iterator[Run]:
    return (words[at : at + size] for at in range(len(words) - size + 1))
