"""Roman numerals, English ordinals and the suffixes of Azerbaijani numerals: XIX, 19th, 19-cu."""

_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def roman(number: int) -> str:
    """Return the Roman numeral of a positive number; hundreds are repeated C."""
    digits = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        digits += letters * times
    return digits


def english_ordinal_suffix(number: int) -> str:
    """Return the English ordinal suffix: st, nd, rd or th."""
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


_ONES = ("sıfır", "bir", "iki", "üç", "dörd", "beş", "altı", "yeddi", "səkkiz", "doqquz")
_TENS = ("", "on", "iyirmi", "otuz", "qırx", "əlli", "altmış", "yetmiş", "səksən", "doxsan")
_VOWELS = "aıoueəiöü"
_BACK = "aıou"
_FOUR_WAY = dict(zip("aıoueəiöü", "ııuuiiiüü", strict=True))


def last_numeral(number: int) -> str:
    """Return the last spoken word of a number below a million: 1948 ends in səkkiz."""
    number = abs(number)
    if number % 10 or number == 0:
        return _ONES[number % 10]
    if number % 100:
        return _TENS[number % 100 // 10]
    return "yüz" if number % 1000 else "min"


def ordinal_suffix(number: int) -> str:
    """Return the ordinal suffix cı, ci, cu or cü: 1885-ci, 1906-cı, 1910-cu, 1903-cü."""
    return "c" + _FOUR_WAY[_last_vowel(last_numeral(number))]


def dative_suffix(number: int) -> str:
    """Return the dative suffix a or ə, with y after a vowel: 1948-ə, 1910-a, 1906-ya, 1907-yə."""
    word = last_numeral(number)
    return ("y" if word[-1] in _VOWELS else "") + ("a" if _last_vowel(word) in _BACK else "ə")


def possessive(word: str) -> str:
    """Return the possessive of a word that ends in a consonant: sentyabr → sentyabrı."""
    return word + _FOUR_WAY[_last_vowel(word)]


def possessive_ablative(word: str) -> str:
    """Return the possessive ablative: sentyabr → sentyabrından, aprel → aprelindən."""
    return possessive(word) + ("ndan" if _last_vowel(word) in _BACK else "ndən")


def possessive_dative(word: str) -> str:
    """Return the possessive dative: sentyabr → sentyabrına, aprel → aprelinə."""
    return possessive(word) + ("na" if _last_vowel(word) in _BACK else "nə")


def _last_vowel(word: str) -> str:
    return next(letter for letter in reversed(word) if letter in _VOWELS)
