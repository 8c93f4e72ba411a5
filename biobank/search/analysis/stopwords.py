"""Words too common to seek, folded.  Flagged, not dropped: a phrase or a title may need them.

Made by hand for this project: the conjunctions, postpositions, pronouns, particles and forms of
"to be" of each language, and the suffixes that Azerbaijani hangs on numbers (1885-ci, 1948-də).
Kept short, and free of the nouns and names that biographies are made of.
"""

from __future__ import annotations

from biobank.names.folding import fold

_AZERBAIJANI = """
və ilə də da ki bu o bir hər həm isə ya yaxud üçün kimi qədər görə sonra əvvəl daha çox ən artıq
amma lakin ancaq çünki əgər hətta yalnız bəzi bütün digər başqa onun onu ona ondan onlar onların
onları mən sən biz siz mənim sənin bizim sizin öz özü həmin belə elə nə kim hansı var yox idi imiş
olan olaraq olub oldu olmuşdur edən edib etdi etmişdir haqqında tərəfindən üzrə arasında deyil ci
cı cu cü nci ncı ncu ncü dən dan nin nın nun nün ə a yə ya
"""
_ENGLISH = """
a an the and or but nor of in on at to from by for with without into about as than then that this
these those it its he she his her him they their them we our us you your i my me who whom whose
which what when where how is are was were be been being has have had do does did not no so also
such there here after before between during over under s
"""
_RUSSIAN = """
и в во на с со к ко у о об от до из за по под над при про для без через между а но или же ли бы не
ни как так что чтобы это этот эта эти того тот та те он она оно они его ее их им ему ей них нем
ней мы вы я нас вас нам вам свой своя свои который которая которые которого был была было были
быть есть также тоже только уже еще если когда где там тут все всех
"""


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


STOPWORDS: dict[str, frozenset[str]] = {
    "az": _folded(_AZERBAIJANI),
    "en": _folded(_ENGLISH),
    "ru": _folded(_RUSSIAN),
}
