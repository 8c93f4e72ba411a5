"""Stopwords, folded; they are flagged, not dropped, since phrases and titles may need them.

Compiled for this project: conjunctions, postpositions, pronouns, particles and forms of "to be" of
each language, without nouns and names that occur in biographies. A query is analysed in all
languages at once, and a word is skipped if it is a stopword in any of them. Therefore these
frequent words are not stopwords:

- az kim, çox, mən, sən, öz, idi, nə, belə, ən, edən, görə, because of the names Kim, Cox, men, Sen,
Oz, Idi, Ne, Bele, En, Eden and Gore, which fold to them;
- en us, for the country, and i, for the first of a name; ru ли, им, for the surnames.
"""

from __future__ import annotations

from biobank.names.folding import HYPHENS, fold, fold_word, lower, normalise

_AZERBAIJANI = """
və ilə də da ki bu o bir hər həm isə ya yaxud üçün kimi qədər sonra əvvəl daha artıq
amma lakin ancaq çünki əgər hətta yalnız bəzi bütün digər başqa onun onu ona ondan onlar onların
onları biz siz mənim sənin bizim sizin özü həmin elə hansı var yox imiş
olan olaraq olub oldu olmuşdur edib etdi etmişdir haqqında tərəfindən üzrə arasında deyil
"""
_ENGLISH = """
a an the and or but nor of in on at to from by for with without into about as than then that this
these those it its he she his her him they their them we our you your my me who whom whose
which what when where how is are was were be been being has have had do does did not no so also
such there here after before between during over under s
"""
_RUSSIAN = """
и в во на с со к ко у о об от до из за по под над при про для без через между а но или же бы не
ни как так что чтобы это этот эта эти того тот та те он она оно они его ее их ему ей них нем
ней мы вы я нас вас нам вам свой своя свои который которая которые которого был была было были
быть есть также тоже только уже еще если когда где кто чей какой какая какие там тут все всех
"""
# Endings written after numbers, abbreviations and quotations: 1885-ci, ABŞ-ın, “Koroğlu”nun.
_DETACHED_ENDINGS = """
ci cı cu cü inci ıncı uncu üncü nci ncı ncu ncü ın in un ün nın nin nun nün ı i u ü nı ni nu nü
sı si su sü a ə ya yə na nə da də dan dən nda ndə ndan ndən la lə lar lər dır dir dur dür
"""


def _fold_words(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


STOPWORDS: dict[str, frozenset[str]] = {
    "az": _fold_words(_AZERBAIJANI),
    "en": _fold_words(_ENGLISH),
    "ru": _fold_words(_RUSSIAN),
}
DETACHED_ENDINGS = _fold_words(_DETACHED_ENDINGS)
_CLOSING_QUOTES = '"”“»'


def is_stopword(word: str, lang: str) -> bool:
    """Return whether a word is a stopword of a language, however it is typed."""
    # English has no accents to remove: iş (work) and ət (meat) are not is and et.
    normalised = lower(normalise(word), lang) if lang == "en" else fold_word(word)
    return normalised in STOPWORDS.get(lang, frozenset())


def is_detached_ending(text: str, start: int, word: str) -> bool:
    """Return whether the word at `start` is an ending that is written apart from its word.

    This holds only after a number or an abbreviation and a hyphen, or after a quotation: elsewhere
    the same letters are a name (Dan, Nin) or a word (su: water).
    """
    if not start or fold_word(word) not in DETACHED_ENDINGS:
        return False
    before, sign = text[max(start - 3, 0) : start - 1], text[start - 1]
    if sign in HYPHENS:
        return before[-1:].isdigit() or (len(before) == 2 and before.isupper())
    return sign in _CLOSING_QUOTES and bool(before[-1:].strip())
