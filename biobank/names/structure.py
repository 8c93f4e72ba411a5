"""Structure of names: which words are names, patronymics, titles or initials."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from biobank.names.folding import fold, tokens
from biobank.names.lexicon import titles
from biobank.names.readings import ARTICLE, orthographies, prepared
from biobank.names.suffixes import suffix

NAME, PATRONYMIC, TITLE, PARTICLE, INITIAL, NUMBER = range(6)
ROLE_NAMES = ("name", "patronymic", "title", "particle", "initial", "number")
_ROLES = {"title": TITLE, "particle": PARTICLE, "number": NUMBER}
#: Weight of a word by role: how well it identifies a person.
WEIGHTS = (1.0, 0.22, 0.25, 0.04, 0.5, 0.6)
#: Weight of a title with a single name, which distinguishes Xan Şuşinski from Seyid Şuşinski.
LONE_TITLE = 0.4
#: Maximum number of compared words of a name.
WORDS_MOST = 8
#: Maximum number of compared letters of a word.
LETTERS_MOST = 40


def _words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SON_OF = _words_of(
    """oglu ogly ogli oglou oghlu oghli ogloe oqli ugli uli оглы оглу огли оғлу оғлы оглі углы улы
    qizi kizi gizi kyzy qyzy gyzy кызы кизи гызы қызы қизи ҡызы اوغلو اوغلی قیزی"""
)
#: First parts of compounds, also written apart: Abdul Guseyn.
_PREFIXES = _words_of("abdul abdel ebdul абдул абдель abu ebu абу عبد ابو")
#: Endings that are also written apart and belong to the preceding word.
_ENDINGS = _words_of(
    "zade zada zadeh zadah sade sadeh заде зада задә زاده اف اوف وف یوف یف اوا بیوف لی لو بیلی"
)
# In the title Sheikh al-Islam, Islam is not a name.
_ISLAM = frozenset(("islam", "eslam", "ислам", "اسلام"))
_FATHERS = re.compile(
    r"(?:ovi[cç]|evi[cç]|ovich|evich|ovitch|evitch|ovna|evna|owitsch|ewitsch|owna|ewna|ович|евич|"
    r"овна|евна|івна|йович|ынич|ична|инична)$"
)
_LADY = re.compile(r"(?:xanim|xanum|khanim|khanum|khanym|hanim|hanum|ханум|ханым|خانم)$")
_LADY_STEM = 3
# `al-Din` after a name is joined to it in Azerbaijani: Nəsirəddin.
_RELIGION = frozenset(("din", "дин", "دین"))
_FUSED = "eddin"
# So are the words after these and the article: Əbdürrəhim, Əbülqasim, Zeynalabdin.
_BEFORE_ARTICLE = {
    **dict.fromkeys(_words_of("abd abdo abdu ebd"), "abdul"),
    **dict.fromkeys(_words_of("abu abo abou ebu"), "abul"),
    **dict.fromkeys(_words_of("zeyn zayn zain zein zeyne"), "zeynal"),
    **dict.fromkeys(_words_of("абд абду"), "абдул"),
    **dict.fromkeys(_words_of("абу або"), "абул"),
    **dict.fromkeys(_words_of("зейн зайн"), "зейнал"),
    **dict.fromkeys(_words_of("عبد ابو زین"), ""),
}
#: Arabic "-teen": الثانی عشر is the twelfth.
_TEEN = "عشر"
_FUSED_DIN = {"дин": "эддин", "دین": "الدین"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name: prepared text, folded text, role, and the tag of a title."""

    text: str
    folded: str
    role: int
    tag: str = ""
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A parsed name: its possible orthographies, and its words in order."""

    keys: tuple[str, ...]
    words: tuple[Word, ...]

    def weights(self) -> tuple[float, ...]:
        """Return the weight of each word."""
        names = sum(word.role == NAME for word in self.words)
        title = {0: 1.0, 1: LONE_TITLE}.get(names, WEIGHTS[TITLE])
        return tuple(title if w.role == TITLE else WEIGHTS[w.role] for w in self.words)


@lru_cache(maxsize=4096)
def parse(text: str) -> Name:
    """Parse a name; commas, hyphens and order are not decisive."""
    ready = prepared(text)
    keys = tuple(table.key for table in orthographies(ready))
    words = _joined_endings(_fused([w for word in _words(ready) for w in _split_lady(word)]))
    words = _fathers(_sons(words))
    return Name(keys, tuple(words[:WORDS_MOST]))


def fills(words: Sequence[str], at: int) -> bool:
    """Return whether a word is optional in a name: a title, an initial or a patronymic."""
    folded = fold(prepared(words[at]))
    within = folded in titles() or folded in _PREFIXES | _ENDINGS or len(folded) == 1
    return within or of_father(words, at)


def of_father(words: Sequence[str], at: int) -> bool:
    """Return whether a word belongs to a patronymic: Heydər oğlu, Алиевич."""
    folded = fold(prepared(words[at]))
    after = fold(prepared(words[at + 1])) if at + 1 < len(words) else ""
    return folded in _SON_OF or after in _SON_OF or bool(_FATHERS.search(folded))


def _words(ready: str) -> list[Word]:
    """Return the words with roles; in modern letters only the modern spelling of a title counts.

    Seid is the title seyid or the name Səid, but Səid is only the name.
    """
    found = []
    end = -1
    for token in tokens(ready):
        text = token.text[:LETTERS_MOST]
        folded = fold(text)
        title = titles().get(folded)
        if title and ("ə" not in text or fold(title.tag) == folded):
            role, tag = _ROLES[title.role], title.tag
        else:
            role, tag = (INITIAL if len(folded) == 1 else NAME), ""
        joined = token.start == end + 1 and ready[end] == "-"
        found.append(Word(text, folded, role, tag, joined))
        end = token.end
    return found


def _split_lady(word: Word) -> list[Word]:
    """Split Püstəxanım into Püstə xanım."""
    found = _LADY.search(word.folded)
    if word.role != NAME or not found or found.start() < _LADY_STEM:
        return [word]
    if len(word.folded) != len(word.text):
        return [word]
    at = found.start()
    lady = Word(word.text[at:], word.folded[at:], TITLE, "xanım", joined=True)
    return [replace(word, text=word.text[:at], folded=word.folded[:at]), lady]


def _joined_endings(words: list[Word]) -> list[Word]:
    """Join Mustafa Zadeh, Nasir al-Din, and an Arabic second of ten (twelfth)."""
    found: list[Word] = []
    for word in words:
        if word.folded == _TEEN and found and found[-1].role == NUMBER:
            found[-1] = replace(found[-1], tag=str(int(found[-1].tag) + 10))
            continue
        if word.folded in _RELIGION and len(found) > 1 and found[-1].tag == "al":
            found.pop()
            before = found[-1]
            ending = _FUSED_DIN.get(word.folded, _FUSED)
            found[-1] = Word(before.text + ending, before.folded + ending, NAME)
            continue
        if _ends_the_last(word, found):
            before = found[-1]
            found[-1] = Word(before.text + word.text, before.folded + word.folded, NAME)
        else:
            found.append(word)
    return found


def _ends_the_last(word: Word, found: list[Word]) -> bool:
    """Return whether a word is a detached ending; after a single name it is the surname Zadə."""
    if word.folded not in _ENDINGS or not found or len(found[-1].folded) < 2:
        return False
    return word.joined or found[-1].role == TITLE or len(found) > 1


def _fused(words: list[Word]) -> list[Word]:
    """Join Abd al-Rahim, Abu'l-Qasim and Zeyn al-Abidin."""
    found: list[Word] = []
    for word in words:
        at = len(found) - 1
        article = at > 0 and found[at].tag == "al"
        if article and found[at - 1].tag == "şeyx" and word.folded in _ISLAM:
            found[at - 1 :] = [replace(found[at - 1], tag="şeyxülislam")]
        elif article and found[at - 1].folded in _BEFORE_ARTICLE:
            first = _BEFORE_ARTICLE[found[at - 1].folded] or found[at - 1].text + ARTICLE
            found[at - 1 :] = [Word(first + word.text, first + word.folded, NAME)]
        elif at >= 0 and word.folded.startswith(ARTICLE) and found[at].folded in _BEFORE_ARTICLE:
            found[at] = Word(found[at].text + word.text, found[at].folded + word.folded, NAME)
        else:
            found.append(word)
    return found


def _sons(words: list[Word]) -> list[Word]:
    """Mark `Heydər oğlu` as a patronymic, or join it if it must be the surname."""
    found: list[Word] = []
    for word in words:
        if word.folded in _SON_OF and found and found[-1].role in (NAME, TITLE):
            at = len(found) - 1
            while at > 0 and (
                found[at].joined or found[at].role == TITLE or found[at - 1].folded in _PREFIXES
            ):
                at -= 1
            if at and _named_without(found[:at], words[words.index(word) + 1 :]):
                found[at:] = [replace(w, role=PATRONYMIC) for w in found[at:]]
            else:
                found[-1] = Word(found[-1].text + word.text, found[-1].folded + word.folded, NAME)
        else:
            found.append(word)
    return found


def _named_without(before: list[Word], after: list[Word]) -> bool:
    """Return whether two names remain without a patronymic; a title may replace one."""
    names = [w for w in before + after if w.role == NAME and w.folded not in _SON_OF]
    titled = any(w.role == TITLE for w in before)
    return len(names) >= 2 or (titled and any(suffix(name.text).tag for name in names))


def _fathers(words: list[Word]) -> list[Word]:
    """Mark -oviç and -ovna as a patronymic if there are two other names."""
    fathers = [
        at for at, word in enumerate(words) if word.role == NAME and _FATHERS.search(word.folded)
    ]
    names = sum(word.role == NAME for word in words)
    if not fathers or names < 3:
        return words
    at = fathers[0]
    return [*words[:at], replace(words[at], role=PATRONYMIC), *words[at + 1 :]]
