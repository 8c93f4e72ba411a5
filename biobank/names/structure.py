"""Structure of names: which words are names, patronymics, titles or initials."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from biobank.names.folding import fold, tokens
from biobank.names.lexicon import titles
from biobank.names.suffixes import find_ending
from biobank.names.transliteration import ARTICLE, detect_orthographies, prepare

NAME_ROLE, PATRONYMIC_ROLE, TITLE_ROLE, PARTICLE_ROLE, INITIAL_ROLE, NUMBER_ROLE = range(6)
ROLE_NAMES = ("name", "patronymic", "title", "particle", "initial", "number")
_ROLES_BY_NAME = {"title": TITLE_ROLE, "particle": PARTICLE_ROLE, "number": NUMBER_ROLE}
#: Weight of a word by role: how well it identifies a person.
ROLE_WEIGHTS = (1.0, 0.22, 0.25, 0.04, 0.5, 0.6)
#: Weight of a title with a single name, which distinguishes Xan Şuşinski from Seyid Şuşinski.
LONE_TITLE_WEIGHT = 0.4
#: Maximum number of compared words of a name.
MAX_NAME_WORDS = 8
#: Maximum number of compared letters of a word.
MAX_WORD_LETTERS = 40


def _word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PATRONYMIC_MARKS = _word_set(
    """oglu ogly ogli oglou oghlu oghli ogloe oqli ugli uli оглы оглу огли оғлу оғлы оглі углы улы
    qizi kizi gizi kyzy qyzy gyzy кызы кизи гызы қызы қизи ҡызы اوغلو اوغلی قیزی"""
)
#: First parts of compounds, also written apart: Abdul Guseyn.
_COMPOUND_PREFIXES = _word_set("abdul abdel ebdul абдул абдель abu ebu абу عبد ابو")
#: Endings that are also written apart and belong to the preceding word.
SEPARABLE_ENDINGS = _word_set(
    "zade zada zadeh zadah sade sadeh заде зада задә زاده اف اوف وف یوف یف اوا بیوف لی لو بیلی"
)
# In the title Sheikh al-Islam, Islam is not a name.
_ISLAM_WORDS = frozenset(("islam", "eslam", "ислам", "اسلام"))
_PATRONYMIC_PATTERN = re.compile(
    r"(?:ovi[cç]|evi[cç]|ovich|evich|ovitch|evitch|ovna|evna|owitsch|ewitsch|owna|ewna|ович|евич|"
    r"овна|евна|івна|йович|ынич|ична|инична)$"
)
_LADY_PATTERN = re.compile(r"(?:xanim|xanum|khanim|khanum|khanym|hanim|hanum|ханум|ханым|خانم)$")
_MIN_LADY_STEM_CHARS = 3
# `al-Din` after a name is joined to it in Azerbaijani: Nəsirəddin.
_DIN_WORDS = frozenset(("din", "дин", "دین"))
_DIN_SUFFIX = "eddin"
# So are the words after these and the article: Əbdürrəhim, Əbülqasim, Zeynalabdin.
_ARTICLE_COMPOUNDS = {
    **dict.fromkeys(_word_set("abd abdo abdu ebd"), "abdul"),
    **dict.fromkeys(_word_set("abu abo abou ebu"), "abul"),
    **dict.fromkeys(_word_set("zeyn zayn zain zein zeyne"), "zeynal"),
    **dict.fromkeys(_word_set("абд абду"), "абдул"),
    **dict.fromkeys(_word_set("абу або"), "абул"),
    **dict.fromkeys(_word_set("зейн зайн"), "зейнал"),
    **dict.fromkeys(_word_set("عبد ابو زین"), ""),
}
#: Arabic "-teen": الثانی عشر is the twelfth.
_TEEN_WORD = "عشر"
_DIN_SUFFIXES = {"дин": "эддин", "دین": "الدین"}


@dataclass(frozen=True, slots=True)
class NameWord:
    """A word of a name: prepared text, folded text, role, and the tag of a title."""

    text: str
    folded: str
    role: int
    tag: str = ""
    joined: bool = False


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A parsed name: its possible orthographies, and its words in order."""

    keys: tuple[str, ...]
    words: tuple[NameWord, ...]

    def weights(self) -> tuple[float, ...]:
        """Return the weight of each word."""
        names = sum(word.role == NAME_ROLE for word in self.words)
        title = {0: 1.0, 1: LONE_TITLE_WEIGHT}.get(names, ROLE_WEIGHTS[TITLE_ROLE])
        return tuple(
            title if name_word.role == TITLE_ROLE else ROLE_WEIGHTS[name_word.role]
            for name_word in self.words
        )


@lru_cache(maxsize=4096)
def parse_name(text: str) -> ParsedName:
    """Parse a name; commas, hyphens and order are not decisive."""
    prepared_text = prepare(text)
    keys = tuple(table.key for table in detect_orthographies(prepared_text))
    words = _join_endings(
        _join_compounds([part for word in _parse_words(prepared_text) for part in _split_lady_suffix(word)])
    )
    words = _mark_russian_patronymic(_mark_patronymics(words))
    return ParsedName(keys, tuple(words[:MAX_NAME_WORDS]))


def is_optional(words: Sequence[str], position: int) -> bool:
    """Return whether a word is optional in a name: a title, an initial or a patronymic."""
    folded = _fold_word(words[position])
    is_filler = folded in titles() or folded in _COMPOUND_PREFIXES | SEPARABLE_ENDINGS or len(folded) == 1
    return is_filler or is_patronymic(words, position)


def is_patronymic(words: Sequence[str], position: int) -> bool:
    """Return whether a word belongs to a patronymic: Heydər oğlu, Алиевич."""
    folded = _fold_word(words[position])
    following = _fold_word(words[position + 1]) if position + 1 < len(words) else ""
    return (
        folded in _PATRONYMIC_MARKS
        or following in _PATRONYMIC_MARKS
        or bool(_PATRONYMIC_PATTERN.search(folded))
    )


@lru_cache(maxsize=4096)
def _fold_word(word: str) -> str:
    """Return a word as titles and the marks of patronymics are compared; one scan asks several times."""
    return fold(prepare(word))


def _parse_words(prepared_text: str) -> list[NameWord]:
    """Return the words with roles; in modern letters only the modern spelling of a title counts.

    Seid is the title seyid or the name Səid, but Səid is only the name.
    """
    words = []
    end = -1
    for token in tokens(prepared_text):
        text = token.text[:MAX_WORD_LETTERS]
        folded = fold(text)
        title = titles().get(folded)
        if title and ("ə" not in text or fold(title.tag) == folded):
            role, tag = _ROLES_BY_NAME[title.role], title.tag
        else:
            role, tag = (INITIAL_ROLE if len(folded) == 1 else NAME_ROLE), ""
        joined = token.start == end + 1 and prepared_text[end] == "-"
        words.append(NameWord(text, folded, role, tag, joined))
        end = token.end
    return words


def _split_lady_suffix(word: NameWord) -> list[NameWord]:
    """Split Püstəxanım into Püstə xanım."""
    match = _LADY_PATTERN.search(word.folded)
    if word.role != NAME_ROLE or not match or match.start() < _MIN_LADY_STEM_CHARS:
        return [word]
    if len(word.folded) != len(word.text):
        return [word]
    split_at = match.start()
    lady = NameWord(word.text[split_at:], word.folded[split_at:], TITLE_ROLE, "xanım", joined=True)
    return [replace(word, text=word.text[:split_at], folded=word.folded[:split_at]), lady]


def _join_endings(words: list[NameWord]) -> list[NameWord]:
    """Join Mustafa Zadeh, Nasir al-Din, and an Arabic second of ten (twelfth)."""
    joined: list[NameWord] = []
    for word in words:
        if word.folded == _TEEN_WORD and joined and joined[-1].role == NUMBER_ROLE:
            joined[-1] = replace(joined[-1], tag=str(int(joined[-1].tag) + 10))
            continue
        if word.folded in _DIN_WORDS and len(joined) > 1 and joined[-1].tag == "al":
            joined.pop()
            preceding = joined[-1]
            ending = _DIN_SUFFIXES.get(word.folded, _DIN_SUFFIX)
            joined[-1] = NameWord(preceding.text + ending, preceding.folded + ending, NAME_ROLE)
            continue
        if _is_detached_ending(word, joined):
            preceding = joined[-1]
            joined[-1] = NameWord(preceding.text + word.text, preceding.folded + word.folded, NAME_ROLE)
        else:
            joined.append(word)
    return joined


def _is_detached_ending(word: NameWord, preceding: list[NameWord]) -> bool:
    """Return whether a word is a detached ending; after a single name it is the surname Zadə."""
    if word.folded not in SEPARABLE_ENDINGS or not preceding or len(preceding[-1].folded) < 2:
        return False
    return word.joined or preceding[-1].role == TITLE_ROLE or len(preceding) > 1


def _join_compounds(words: list[NameWord]) -> list[NameWord]:
    """Join Abd al-Rahim, Abu'l-Qasim and Zeyn al-Abidin."""
    joined: list[NameWord] = []
    for word in words:
        last = len(joined) - 1
        has_article = last > 0 and joined[last].tag == "al"
        if has_article and joined[last - 1].tag == "şeyx" and word.folded in _ISLAM_WORDS:
            joined[last - 1 :] = [replace(joined[last - 1], tag="şeyxülislam")]
        elif has_article and joined[last - 1].folded in _ARTICLE_COMPOUNDS:
            first = _ARTICLE_COMPOUNDS[joined[last - 1].folded] or joined[last - 1].text + ARTICLE
            joined[last - 1 :] = [NameWord(first + word.text, first + word.folded, NAME_ROLE)]
        elif last >= 0 and word.folded.startswith(ARTICLE) and joined[last].folded in _ARTICLE_COMPOUNDS:
            joined[last] = NameWord(
                joined[last].text + word.text, joined[last].folded + word.folded, NAME_ROLE
            )
        else:
            joined.append(word)
    return joined


def _mark_patronymics(words: list[NameWord]) -> list[NameWord]:
    """Mark `Heydər oğlu` as a patronymic, or join it if it must be the surname."""
    marked: list[NameWord] = []
    for word in words:
        if word.folded in _PATRONYMIC_MARKS and marked and marked[-1].role in (NAME_ROLE, TITLE_ROLE):
            start = len(marked) - 1
            while start > 0 and (
                marked[start].joined
                or marked[start].role == TITLE_ROLE
                or marked[start - 1].folded in _COMPOUND_PREFIXES
            ):
                start -= 1
            if start and _has_two_names(marked[:start], words[words.index(word) + 1 :]):
                marked[start:] = [replace(name_word, role=PATRONYMIC_ROLE) for name_word in marked[start:]]
            else:
                marked[-1] = NameWord(marked[-1].text + word.text, marked[-1].folded + word.folded, NAME_ROLE)
        else:
            marked.append(word)
    return marked


def _has_two_names(before: list[NameWord], after: list[NameWord]) -> bool:
    """Return whether two names remain without a patronymic; a title may replace one."""
    names = [
        word for word in before + after if word.role == NAME_ROLE and word.folded not in _PATRONYMIC_MARKS
    ]
    has_title = any(word.role == TITLE_ROLE for word in before)
    return len(names) >= 2 or (has_title and any(find_ending(name.text).tag for name in names))


def _mark_russian_patronymic(words: list[NameWord]) -> list[NameWord]:
    """Mark -oviç and -ovna as a patronymic if there are two other names."""
    positions = [
        position
        for position, word in enumerate(words)
        if word.role == NAME_ROLE and _PATRONYMIC_PATTERN.search(word.folded)
    ]
    names = sum(word.role == NAME_ROLE for word in words)
    if not positions or names < 3:
        return words
    position = positions[0]
    return [*words[:position], replace(words[position], role=PATRONYMIC_ROLE), *words[position + 1 :]]
