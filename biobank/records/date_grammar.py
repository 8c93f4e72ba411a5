"""Date grammar of each language: month names, eras, cases and ranges."""

from biobank.records import numerals
from biobank.records.edtf import MONTH_NAMES, EdtfPart
from biobank.records.numerals import english_ordinal_suffix, roman

# Russian: "of" is the genitive, also after from, until and about; "with" is the instrumental
# after between.
_SEASON_CASES = {
    "alone": ("весна", "лето", "осень", "зима"),
    "of": ("весны", "лета", "осени", "зимы"),
    "with": ("весной", "летом", "осенью", "зимой"),
}
_DECADE_CASES = {"of": "-х годов", "with": "-ми годами", "short": "-е"}
_CENTURY_CASES = {"of": "века", "with": "веком", "short": "в."}


class DateGrammar:
    """The date grammar of English; subclasses override what differs."""

    dash = "–"
    or_, or_later, or_earlier = "or", "or later", "or earlier"
    earliest, latest = "{} at the earliest", "{} at the latest"
    about, about_short = "c.", "c."
    born, died = "b.", "d."
    era, common_era = " BCE", "{} CE"
    seasons: tuple[str, ...] = ("spring", "summer", "autumn", "winter")
    months: tuple[str, ...] = MONTH_NAMES

    def standalone(self, part: EdtfPart) -> str:
        """Format a date on its own, with qualifiers."""
        return self._with_qualifier(part, self._format(part, "alone"), self._format(part, "of"))

    def since(self, part: EdtfPart) -> str:
        """Format “from this date on”."""
        return self._with_doubt(part, f"from {self._about_prefix(part)}{self._format(part, 'with')}")

    def until(self, part: EdtfPart) -> str:
        """Format “up to this date”."""
        return self._with_doubt(part, f"until {self._about_prefix(part)}{self._format(part, 'with')}")

    def between(self, start: EdtfPart, end: EdtfPart) -> str:
        """Format “some time between two dates”."""
        first, second = (
            self._with_doubt(part, self._about_prefix(part) + self._format(part, "with"))
            for part in (start, end)
        )
        return f"between {first} and {second}"

    def before(self, year: int) -> str:
        """Format “before this year”, which is of the common era."""
        return f"before {year}"

    def after(self, year: int) -> str:
        """Format “after this year”, which is of the common era."""
        return f"after {year}"

    def short(self, part: EdtfPart) -> str:
        """Format the year, decade or century for the life years next to a name."""
        about = f"{self.about_short} " if part.qualifier in ("~", "%") else ""
        doubt = "?" if part.qualifier in ("?", "%") else ""
        return f"{about}{self._years(part, 'short')}{doubt}"

    def share_era(self, born: str, died: str) -> tuple[str, str]:
        """Write an era shared by both years once: 106 BCE, 43 BCE? becomes 106, 43 BCE?.

        If only the birth is BCE, CE is added to the death.
        """
        if self.era not in born:
            return born, died
        if self.era not in died:
            return born, self.common_era.format(died)
        # A range of possible years may span the year 1.
        both = all(self.era in year for year in f"{born}/{died}".split("/"))
        return self._drop_repeated_era(born, died) if both else (born, died)

    def _drop_repeated_era(self, born: str, died: str) -> tuple[str, str]:
        """Keep the era of the last year only."""
        before, _era, after = died.rpartition(self.era)
        return born.replace(self.era, ""), f"{before.replace(self.era, '')}{self.era}{after}"

    def _format(self, part: EdtfPart, case: str) -> str:
        if part.month is None:
            return self._years(part, case)
        if part.day is None:
            return f"{self._month(part.month, case)} {self.year(part.year)}"
        return f"{part.day} {self._month(part.month, 'of')} {self.year(part.year)}"

    def _month(self, month: int, _case: str) -> str:
        return self.months[month - 1] if month <= 12 else self.seasons[month - 21]

    def _years(self, part: EdtfPart, case: str) -> str:
        if part.span == 100:
            return self._century(part, case)
        # "1800s" and "1800-е" would be read as the century, and decades BCE do not begin with a
        # round year (-004X is 50 to 41 BCE): these are written as a range of years.
        if part.span == 10 and part.year >= 10 and part.year % 100:
            return self._decade(part.year, case)
        if part.span == 10:
            dash = "–" if part.year > 0 else " – "
            return f"{self.year(part.year)}{dash}{self.year(part.year + 9)}"
        return self.year(part.year)

    def year(self, year: int) -> str:
        """Format an astronomical year: 0 is 1 BCE."""
        return str(year) if year > 0 else f"{1 - year} BCE"

    def _decade(self, year: int, case: str) -> str:
        return f"{'the ' if case == 'with' else ''}{year}s"

    def _century(self, part: EdtfPart, case: str) -> str:
        number = century_number(part)
        name = f"{number}{english_ordinal_suffix(number)} {'c.' if case == 'short' else 'century'}"
        name = f"the {name}" if case == "with" else name
        return f"{name} BCE" if part.year < 0 else name

    def _about_prefix(self, part: EdtfPart) -> str:
        return f"{self.about} " if part.qualifier in ("~", "%") else ""

    def _with_doubt(self, part: EdtfPart, words: str) -> str:
        return f"{words} (?)" if part.qualifier in ("?", "%") else words

    def _with_qualifier(self, part: EdtfPart, plain: str, after_about: str) -> str:
        about = self._about_prefix(part)
        return self._with_doubt(part, about + (after_about if about else plain))


class EnglishDateGrammar(DateGrammar):
    """English: 18 September 1885, c. 1141, 19th century, 43 BCE."""


class AzerbaijaniDateGrammar(DateGrammar):
    """Azerbaijani: 18 sentyabr 1885, təxminən 1141, XIX əsr, e.ə. 43; 1928-ci ildən."""

    or_, or_later, or_earlier = "və ya", "və ya sonra", "və ya əvvəl"
    earliest, latest = "ən tezi {}", "ən geci {}"
    about, about_short = "təxminən", "təx."
    born, died = "doğ.", "ö."
    era, common_era = "e.ə. ", "b.e. {}"
    seasons = ("yaz", "yay", "payız", "qış")
    months = (
        *("yanvar", "fevral", "mart", "aprel", "may", "iyun"),
        *("iyul", "avqust", "sentyabr", "oktyabr", "noyabr", "dekabr"),
    )

    def since(self, part: EdtfPart) -> str:
        return self._with_doubt(part, self._about_prefix(part) + self._format(part, "since"))

    def until(self, part: EdtfPart) -> str:
        return self._with_doubt(part, f"{self._about_prefix(part)}{self._format(part, 'until')} qədər")

    def before(self, year: int) -> str:
        return f"{self._year_ablative(year)} əvvəl"

    def after(self, year: int) -> str:
        return f"{self._year_ablative(year)} sonra"

    def between(self, start: EdtfPart, end: EdtfPart) -> str:
        first, second = self.standalone(start), self.standalone(end)
        compact = first.isdigit() and second.isdigit()
        return f"{first}–{second} arasında" if compact else f"{first} – {second} arasında"

    def _drop_repeated_era(self, born: str, died: str) -> tuple[str, str]:
        before, _era, after = born.partition(self.era)
        return f"{before}{self.era}{after.replace(self.era, '')}", died.replace(self.era, "")

    def _format(self, part: EdtfPart, case: str) -> str:
        if case not in ("since", "until") or part.span == 100:
            return super()._format(part, case)
        year = self._suffixed_year(part, case)
        if part.month is None:
            return year
        if part.day:
            return f"{part.day} {self.months[part.month - 1]} {year}"
        inflect = numerals.possessive_ablative if case == "since" else numerals.possessive_dative
        return f"{self._year_genitive(part.year)} {inflect(self._month(part.month, case))}"

    def _suffixed_year(self, part: EdtfPart, case: str) -> str:
        if part.span == 10:
            return super()._years(part, case)
        year, spoken = self.year(part.year), _spoken_year(part.year)
        if case == "until":
            return f"{year}-{numerals.dative_suffix(spoken)}"
        return self._year_ablative(part.year)

    def _year_ablative(self, year: int) -> str:
        return f"{self.year(year)}-{numerals.ordinal_suffix(_spoken_year(year))} ildən"

    def _year_genitive(self, year: int) -> str:
        return f"{self.year(year)}-{numerals.ordinal_suffix(_spoken_year(year))} ilin"

    def year(self, year: int) -> str:
        return str(year) if year > 0 else f"e.ə. {1 - year}"

    def _decade(self, year: int, case: str) -> str:
        word = {"since": "illərdən", "until": "illərə"}.get(case, "illər")
        return f"{year}-{numerals.ordinal_suffix(year)} {word}"

    def _century(self, part: EdtfPart, case: str) -> str:
        word = {"since": "əsrdən", "until": "əsrə"}.get(case, "əsr")
        return f"{'e.ə. ' if part.year < 0 else ''}{roman(century_number(part))} {word}"


class RussianDateGrammar(DateGrammar):
    """Russian: 18 сентября 1885, около 1141, XIX век, 43 до н. э.; с сентября 1928, до 1948."""

    dash = "—"
    or_, or_later, or_earlier = "или", "или позднее", "или ранее"
    earliest, latest = "не ранее {}", "не позднее {}"
    about, about_short = "около", "ок."
    born, died = "род.", "ум."
    era, common_era = " до н. э.", "{} н. э."
    _stems = (
        *("январ", "феврал", "март", "апрел", "ма", "июн"),
        *("июл", "август", "сентябр", "октябр", "ноябр", "декабр"),
    )

    def since(self, part: EdtfPart) -> str:
        return self._with_doubt(part, f"с {self._approximate_prefix(part)}{self._format(part, 'of')}")

    def until(self, part: EdtfPart) -> str:
        return self._with_doubt(part, f"до {self._approximate_prefix(part)}{self._format(part, 'of')}")

    def between(self, start: EdtfPart, end: EdtfPart) -> str:
        first, second = (
            self._with_doubt(part, self._approximate_prefix(part) + self._format(part, "with"))
            for part in (start, end)
        )
        return f"между {first} и {second}"

    def before(self, year: int) -> str:
        return f"до {year} года"

    def after(self, year: int) -> str:
        return f"после {year} года"

    def _approximate_prefix(self, part: EdtfPart) -> str:
        # "с около 1928" would combine two prepositions; "примерно" is an adverb.
        return "примерно " if part.qualifier in ("~", "%") else ""

    def _month(self, month: int, case: str) -> str:
        if month > 12:
            return _SEASON_CASES[case][month - 21]
        hard = month in (3, 8)
        soft = {"alone": "й" if month == 5 else "ь", "of": "я", "with": "ем"}
        if month in (1, 2, 9, 10, 11, 12):
            soft["with"] = "ём"  # the stress is on the ending: январём, but июнем
        endings = {"alone": "", "of": "а", "with": "ом"} if hard else soft
        return self._stems[month - 1] + endings[case]

    def year(self, year: int) -> str:
        return str(year) if year > 0 else f"{1 - year} до н. э."

    def _decade(self, year: int, case: str) -> str:
        return f"{year}{_DECADE_CASES.get(case, '-е годы')}"

    def _century(self, part: EdtfPart, case: str) -> str:
        name = f"{roman(century_number(part))} {_CENTURY_CASES.get(case, 'век')}"
        return f"{name} до н. э." if part.year < 0 else name


def century_number(part: EdtfPart) -> int:
    """Return the number of a century: 19 for 18XX, 2 (BCE) for -01XX."""
    return part.year // 100 + 1 if part.year >= 0 else -(part.year - 1) // 100


def _spoken_year(year: int) -> int:
    return year if year > 0 else 1 - year
