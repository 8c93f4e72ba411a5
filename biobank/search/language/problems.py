"""Problems in a query: what could not be interpreted, where, and a suggestion."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: Messages by code and language; `{…}` are placeholders.
PROBLEM_MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "unknown_field": {
        "az": "“{what}” adlı sahə yoxdur, adi söz kimi axtarıldı. Sahələr: {names}.",
        "en": "There is no field “{what}”; it was searched as a word. Fields: {names}.",
        "ru": "Поля «{what}» нет, поиск выполнен по слову. Поля: {names}.",
    },
    "unknown_value": {
        "az": "{field}: “{what}” tapılmadı, adi söz kimi axtarıldı.{near}",
        "en": "{field}: “{what}” was not found; it was searched as words.{near}",
        "ru": "{field}: «{what}» не найдено, поиск выполнен по словам.{near}",
    },
    "bad_date": {
        "az": "“{what}” tarix deyil. 1885, 188X, 1880..1920 və ya <1900 yazın.",
        "en": "“{what}” is not a valid date. Enter 1885, 188X, 1880..1920 or <1900.",
        "ru": "«{what}» — не дата. Введите 1885, 188X, 1880..1920 или <1900.",
    },
    "bad_age": {
        "az": "“{what}” yaş deyil. 90, 60..70 və ya >90 yazın.",
        "en": "“{what}” is not a valid age. Enter 90, 60..70 or >90.",
        "ru": "«{what}» — не возраст. Введите 90, 60..70 или >90.",
    },
    "bad_distance": {
        "az": "“{what}” məsafə deyil. Belə yazın: Şuşa~50km (ən çoxu {most} km).",
        "en": "“{what}” is not a valid distance. Enter Shusha~50km (at most {most} km).",
        "ru": "«{what}» — не расстояние. Введите Шуша~50km (не больше {most} км).",
    },
    "short_prefix": {
        "az": "“{what}”: ulduzdan əvvəl ən azı üç hərf yazın; adi söz kimi axtarıldı.",
        "en": "“{what}”: enter at least three letters before *; it was searched as a word.",
        "ru": "«{what}»: перед * нужно не меньше трёх букв; поиск выполнен по слову.",
    },
    "unclosed": {
        "az": "Qoşası olmayan “{what}” işarəsi nəzərə alınmadı.",
        "en": "Unmatched {what} ignored.",
        "ru": "Непарный знак {what} не учтён.",
    },
    "misplaced": {
        "az": "“{what}” burada heç nəyə aid deyil və nəzərə alınmadı.",
        "en": "“{what}” does not apply to anything here and was ignored.",
        "ru": "«{what}» здесь ни к чему не относится и не учтено.",
    },
    "too_deep": {
        "az": "Mötərizələr {most} səviyyədən dərindir; içəridəkilər nəzərə alınmadı.",
        "en": "Parentheses are nested more than {most} levels deep; the inner ones were ignored.",
        "ru": "Скобки вложены глубже {most} уровней; внутренние не учтены.",
    },
    "too_many": {
        "az": "Sorğu çox uzundur: {most} söz və {conditions} şərtdən sonrası nəzərə alınmadı.",
        "en": "The query is too long: only {most} words and {conditions} conditions were used.",
        "ru": "Запрос слишком длинный: учтены только {most} слов и {conditions} условий.",
    },
    "wide_prefix": {
        "az": "“{what}” ilə çox söz başlayır; ilk {most} söz axtarıldı.",
        "en": "Many words begin with “{what}”; the first {most} were searched.",
        "ru": "С «{what}» начинается много слов; поиск выполнен по первым {most}.",
    },
    "nothing": {
        "az": "Sorğuda axtarılacaq söz yoxdur, bütün bioqrafiyalar göstərildi.",
        "en": "The query contains no words to search for; all biographies are shown.",
        "ru": "В запросе нет слов для поиска, показаны все биографии.",
    },
}
SUGGESTION_SUFFIX: Final = {
    "az": " Bəlkə: {labels}?",
    "en": " Did you mean {labels}?",
    "ru": " Возможно, {labels}?",
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
