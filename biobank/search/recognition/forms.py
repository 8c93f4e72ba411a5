"""Forms of words: the keys under which an inflected word finds its label.

Two words are forms of one another if they share a key. A key is a language and a folded form, so that
the grammar of one language is not applied to words of another. Derived words have keys of their own:
`rəssamlıq` (painting) is no form of `rəssam` (painter), nor `engineering` of `engineer`.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from biobank.names.folding import Token, fold_word, tokens
from biobank.search.analysis.analyser import snowball_stem
from biobank.search.analysis.azerbaijani import noun_stems

Key = tuple[str, str]
#: The key of a word that is written as the label is.
AS_WRITTEN: Final = ""

_CYRILLIC_PATTERN: Final = re.compile(r"[Ѐ-ӿ]")
_ENGLISH_PLURALS: Final = (
    ("men", "man"),
    ("ies", "y"),
    ("oes", "o"),
    ("sses", "ss"),
    ("shes", "sh"),
    ("ches", "ch"),
)
#: The last vowel of a Russian noun that its other forms lack: певец, певцы.
_FLEETING_VOWELS: Final = (("ец", "ц"), ("ок", "к"))
#: A science has the forms of its scholar: математика is mathematics, and "of the mathematician".
_SCIENCE_PATTERN: Final = re.compile(r"(?:физ|мат|лог|ит)ик(?:а|е|у|ой)")
_RUSSIAN_PLURALS: Final = ("ы", "и", "ие", "ые", "ов", "ев", "ей", "ам", "ям", "ами", "ями", "ых", "их")
_AZERBAIJANI_PLURAL_PATTERN: Final = re.compile(r"l[ae]r(?:$|[iae])")
_RESIDENT_PATTERN: Final = re.compile(r"(.{3,}?)l[iu](?:l[ae]r(?:in|i|e|den|a|dan|imiz)?)?")


class Word(NamedTuple):
    """A word at `start:end` of a text, folded, and its keys."""

    text: str
    folded: str
    start: int
    end: int
    keys: frozenset[Key]


def words_of(text: str) -> list[Word]:
    """Return the words of `text` in order."""
    return [_word(token) for token in tokens(text)]


def _word(token: Token) -> Word:
    return Word(token.text, fold_word(token.text), token.start, token.end, word_keys(token.text))


@lru_cache(maxsize=16_384)
def word_keys(word: str) -> frozenset[Key]:
    """Return the keys of a typed word: as written, and as a form in the languages of its script."""
    folded = fold_word(word)
    keys = {(AS_WRITTEN, folded)}
    if _CYRILLIC_PATTERN.search(folded):
        if not _SCIENCE_PATTERN.search(folded):
            keys.add(("ru", snowball_stem(word, "ru")))
    else:
        keys.add(("en", english_singular(word)))
        keys.update(("az", stem) for stem in noun_stems(word))
    return frozenset(keys)


def label_keys(word: str, lang: str, *, is_compound_head: bool = False) -> frozenset[Key]:
    """Return the keys of a word of a label in `lang`.

    The head of an Azerbaijani compound is inflected itself (opera müğənnisi, müğənniləri), any other
    word of a label is a dictionary form.
    """
    folded = fold_word(word)
    keys = {(AS_WRITTEN, folded), (lang, folded)}
    if lang == "en":
        keys.add((lang, english_singular(word)))
    elif lang == "ru":
        keys.add((lang, snowball_stem(word, lang)))
        keys.update((lang, folded[:-2] + end) for whole, end in _FLEETING_VOWELS if folded.endswith(whole))
    elif lang == "az" and is_compound_head:
        keys.update((lang, stem) for stem in noun_stems(word))
    return frozenset(keys)


def english_singular(word: str) -> str:
    """Return the folded singular of an English noun, without the possessive."""
    folded = fold_word(re.sub(r"(?i)['’]s?$", "", word))
    for plural, singular in _ENGLISH_PLURALS:
        if folded.endswith(plural) and len(folded) > len(plural) + 1:
            return folded.removesuffix(plural) + singular
    if folded.endswith("s") and len(folded) > 3 and folded[-2] not in "sui":
        return folded[:-1]
    return folded


def is_plural(word: Word) -> bool:
    """Return whether a noun stands in the plural, as far as its ending tells."""
    if _CYRILLIC_PATTERN.search(word.folded):
        return word.folded.endswith(_RUSSIAN_PLURALS)
    return ("en", word.folded) not in word.keys or bool(_AZERBAIJANI_PLURAL_PATTERN.search(word.folded))


def resident_of(word: Word) -> str:
    """Return the folded place of an Azerbaijani word for its residents: Gəncə of gəncəlilər."""
    match = _RESIDENT_PATTERN.fullmatch(word.folded)
    return match[1] if match else ""
