"""Problems in a query: what could not be interpreted, where, and a suggestion."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: Messages by code and language; `{…}` are placeholders.
PROBLEM_MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "unknown_field": {
        "az": "“{what}” sahə deyil, söz kimi axtarıldı. Sahələr: {names}.",
        "en": "“{what}” is no field, so it was sought as a word. Fields: {names}.",
        "ru": "Поля «{what}» нет, искали как слово. Поля: {names}.",
    },
    "unknown_value": {
        "az": "{field}: bankda “{what}” yoxdur, söz kimi axtarıldı.{near}",
        "en": "{field}: the bank knows no “{what}”, so it was sought as words.{near}",
        "ru": "{field}: «{what}» в банке нет, искали как слова.{near}",
    },
    "bad_date": {
        "az": "“{what}” tarix kimi oxunmadı. Belə yazın: 1885, 188X, 1880..1920, <1900.",
        "en": "“{what}” is no date. Write 1885, 188X, 1880..1920 or <1900.",
        "ru": "«{what}» не дата. Пишите: 1885, 188X, 1880..1920, <1900.",
    },
    "bad_age": {
        "az": "“{what}” yaş kimi oxunmadı. Belə yazın: 90, 60..70, >90.",
        "en": "“{what}” is no age. Write 90, 60..70 or >90.",
        "ru": "«{what}» не возраст. Пишите: 90, 60..70, >90.",
    },
    "bad_distance": {
        "az": "“{what}” məsafə kimi oxunmadı. Belə yazın: Şuşa~50km (ən çoxu {most} km).",
        "en": "“{what}” is no distance. Write Shusha~50km (at most {most} km).",
        "ru": "«{what}» не расстояние. Пишите: Шуша~50km (не больше {most} км).",
    },
    "short_prefix": {
        "az": "“{what}”: ulduzdan əvvəl ən azı üç hərf olmalıdır; söz kimi axtarıldı.",
        "en": "“{what}” needs at least three letters before the star; sought as a word.",
        "ru": "«{what}»: перед звёздочкой нужно не меньше трёх букв; искали как слово.",
    },
    "unclosed": {
        "az": "“{what}” işarəsinin qoşası yoxdur, nəzərə alınmadı.",
        "en": "“{what}” has no partner and was left out.",
        "ru": "У знака «{what}» нет пары, он пропущен.",
    },
    "misplaced": {
        "az": "“{what}” burada heç nəyə aid deyil, nəzərə alınmadı.",
        "en": "“{what}” has nothing to work on here and was left out.",
        "ru": "«{what}» здесь ни к чему не относится, пропущено.",
    },
    "too_deep": {
        "az": "Mötərizələr {most} qatdan dərindir; içəridəkilər nəzərə alınmadı.",
        "en": "Parentheses go deeper than {most}; those within were left out.",
        "ru": "Скобки вложены глубже {most}; внутренние пропущены.",
    },
    "too_many": {
        "az": "Sual çox uzundur: {most} söz və {conditions} şərtdən sonrası axtarılmadı.",
        "en": "Too long: what follows {most} words and {conditions} conditions was not sought.",
        "ru": "Вопрос длинный: всё после {most} слов и {conditions} условий не искали.",
    },
    "wide_prefix": {
        "az": "“{what}” ilə çox söz başlayır; ilk {most} söz axtarıldı.",
        "en": "Many words begin with “{what}”; the first {most} were sought.",
        "ru": "На «{what}» начинается много слов; искали первые {most}.",
    },
    "nothing": {
        "az": "Burada axtarılası söz yoxdur, hamı göstərildi.",
        "en": "There is no word to seek in this, so everyone is shown.",
        "ru": "Здесь нет слов для поиска, показаны все.",
    },
}
SUGGESTION_SUFFIX: Final = {
    "az": " Bəlkə: {labels}?",
    "en": " Perhaps {labels}?",
    "ru": " Может быть, {labels}?",
}


@dataclass(frozen=True)
class QueryProblem:
    """A part of the query that could not be interpreted, with its position in the typed text.

    `suggestions` holds similar labels of the bank, which the message also lists.
    """

    start: int
    end: int
    code: str
    message: str
    suggestions: tuple[str, ...] = ()


def make_problem(code: str, lang: str, start: int, end: int, **params: object) -> QueryProblem:
    """Create a problem with its message in language `lang`."""
    return QueryProblem(start, end, code, PROBLEM_MESSAGES[code][lang].format(**params))
