"""What tells of somebody in one word or two: an address of mail, a number, a name.

Two kinds, since they are not as sure. Whoever repeats an address or a number means the same thing;
a name may be another's. So a name counts only where it is rare in the bank, and whoever redacts
decides on what it is found in.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from biobank.names.folding import Token, fold, fold_word, normalise, tokens
from biobank.names.matcher import Matcher

#: Digits of a number that nobody writes by chance; a year and a page have fewer.
DIGITS_LEAST = 5
#: Digits from the right by which two telephone numbers are one, with the country's code or without.
DIGITS_TOLD = 7
#: Letters of a name that stands alone.
NAME_LEAST = 3
#: Letters that a name may have had put to it by grammar, and letters that it needs for that.
ENDING_MOST = 4
BEFORE_ENDING_LEAST = 5
#: Letters of the ending of a case that a name in another script is looked for without.
CASE_MOST = 2
#: How well a word in another script has to match a name, 0-1.
SAME_NAME = 0.95
#: Digits of the number of a house.
HOUSE_MOST = 3
#: Texts that are kept folded while one looks; those of the seed are eleven thousand.
FOLDED_MOST = 65_536

Run = tuple[str, ...]

_WORD = re.compile(r"\w+")
# Bounded as addresses are, so that a long text without a blank costs no more than another.
_MAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# No slash: it parts two numbers, and the days of a span, more often than one number.
_SPACED = re.compile(r"\+?\d[\d ().-]{4,20}\d")
#: Days and spans of years are written like numbers, and are none.
_DATED = re.compile(r"\d{4}\D+\d{4}|\d{4}\D\d{1,2}\D\d{1,2}|\d{1,2}\D\d{1,2}\D\d{4}")
_DIGIT = re.compile(r"\d")


def numbers_of(text: str) -> set[str]:
    """Addresses of mail and numbers in a text, each in one form however it is spaced."""
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
    """Names in a text as they fold: words with a capital, pairs of such, with the house's number.

    A capital at the beginning of a sentence says nothing; whether such a word is rare does.
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
    """Names of one word or two that are looked for in texts. Not safe to share between threads."""

    def __init__(self, runs: set[Run]) -> None:
        self.runs = frozenset(runs)
        self._words = {word for run in runs for word in run}
        spelt = [word for word in self._words if not word.isdecimal()]
        self._matcher = Matcher((word, [word], 0) for word in spelt)
        self._latin = {word.isascii() for word in spelt}
        self._known: dict[str, str] = {}

    def stand_in(self, text: str) -> bool:
        """Whether one does, in whatever script."""
        return bool(self.runs) and self._any(map(self._meant, tokens(text)))

    def stand_as_written_in(self, text: str) -> bool:
        """Whether one does in its own script, which takes far less time."""
        return bool(self.runs) and self._any(map(self._same, folded(text)))

    def _any(self, words: Iterable[str]) -> bool:
        before = ""
        for word in words:
            if word and not self.runs.isdisjoint(((word,), (before, word), (word, before))):
                return True
            before = word
        return False

    def _meant(self, token: Token) -> str:
        """The word of a name that a word of a text stands for; empty for none."""
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
    """Whether it has a capital; scripts without capitals tell nothing, so all of theirs count."""
    first = token.text[0]
    return first.isalpha() and (first.isupper() or first.lower() == first.upper())


@lru_cache(maxsize=FOLDED_MOST)
def folded(text: str) -> Run:
    """The words of a text as the bank folds them."""
    return tuple(_WORD.findall(fold(text)))


@contextmanager
def folded_once() -> Iterator[None]:
    """Texts that are looked through again and again meanwhile are folded once.

    Afterwards nothing of them stays in memory.
    """
    try:
        yield
    finally:
        folded.cache_clear()


def in_a_row(words: Run, size: int) -> Iterator[Run]:
    return (words[at : at + size] for at in range(len(words) - size + 1))
