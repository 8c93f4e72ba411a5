"""Hostile URLs: deep, wide, malformed and huge queries, reproducible by seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from biobank.search.query import FACETS, TEXT_MOST
from tests.support.questions import FIELD_NAMES, ODD, SIGNS, VALUES, WORDS

#: Paths with their weights: half of the URLs query the search API.
PATHS = (
    *("/api/v1/search",) * 5,
    *("/az/search", "/en/search", "/ru/search"),
    "/api/v1/suggest",
    "/api/v1/search/export",
)
NAMES = (
    *("Üzeyir", "Hacıbəyov", "Гаджибеков", "Nizami", "Gəncəvi", "Əliyev", "Məmməd", "Hüseyn"),
    *("حاجی‌بیوف", "Mirzə", "Axundov", "Qara", "Fərhad", "Xan", "Kerim", "Mustafayev", "Ağa"),
)
COMMON = ("və", "the", "of", "и", "в", "Azərbaycan", "Baku", "1918", "ilə", "bir", "opera", "şair")
BEGINNINGS = ("azə", "mus", "bak", "the", "con", "пол", "рес", "kom", "196", "193", "kar", "her")
PAYLOADS = (
    "' OR '1'='1' --",
    "'; DROP TABLE person; --",
    "1 UNION SELECT password FROM users",
    '"><script>alert(1)</script>',
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)//",
    "{{7*7}}${7*7}<%= 7*7 %>#{7*7}",
    "%s%s%s%n{0}{what}{most!r:>99999}",
    "../../../../etc/passwd",
    "(a+)+$" + "a" * 60 + "!",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "*:* AND text:[* TO *] OR _val_:1",
    "a~99 b^9999999 c?d*e",
    "\\\\\\\"\\'\\(\\*",
    "$(rm -rf /)`id`|cat &",
    "*)(uid=*))(|(uid=*",
    "\r\nSet-Cookie: a=b",
    "ﬁﬂ ßẞ ǅ K Å ı İ ĳ",
)
NUMBERS = ("9" * 300, "-1", "1e308", "0", "00000000001", "2147483648", "NaN", "٣", "0x10", "1_000")
DATES = (
    *("9999-99-99", "-999999999", "Y-170000002", "1880..1880..1880", "..", "[..]", "1885-13"),
    *("18XX..19XX", "XXXX", "1885~?%", "0000", "-0001", "[1483..1494]", "unknown", "<>", "1/2/3"),
)
BOXES = (
    *("0,0,0,0", "180,90,-180,-90", "-180,-90,180,90", "1,2,3", "1,2,3,4,5", "nan,nan,nan,nan"),
    *("inf,0,0,0", "1e9,0,0,0", ",,,", "170,-10,-170,10", "9" * 99 + ",0,0,0", "44,38,51,42"),
)


@dataclass(frozen=True)
class Address:
    """A URL; `kind` is the type of attack, `url` is encoded, possibly malformed."""

    kind: str
    url: str


class Hostile:
    """A random generator of URLs; all kinds are equally frequent."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._kinds: dict[str, Callable[[], str]] = {
            "deep": self._deep,
            "ors": self._ors,
            "prefixes": self._prefixes,
            "unclosed": self._unclosed,
            "odd letters": self._odd,
            "any letters": self._any,
            "controls": self._controls,
            "payload": self._payload,
            "numbers": self._numbers,
            "names": self._names,
            "unknown values": self._unknown,
            "ties": self._ties,
            "places": self._places,
            "phrases": self._phrases,
            "negations": self._negations,
            "salad": self._salad,
            "long word": self._long_word,
        }

    def address(self) -> Address:
        """Return the next URL."""
        kind = self._chance.choice([*self._kinds, "arguments", "bytes"])
        if kind == "bytes":
            return Address(kind, f"{self._path()}?q={self._bytes()}")
        text = self._kinds[kind if kind in self._kinds else "salad"]()
        arguments = [("q", text[:TEXT_MOST]), ("lang", self._one(("az", "en", "ru")))]
        if kind == "arguments" or self._chance.random() < 0.2:
            arguments += self._arguments()
        path = self._path()
        if path.startswith("/api/v1/search/"):
            arguments.append(("format", self._one(("csv", "bibtex", "ris", "json", "x"))))
        return Address(kind, f"{path}?{urlencode(arguments, errors='surrogatepass')}")

    def _path(self) -> str:
        return self._one(PATHS)

    def _one(self, of: tuple[str, ...] | list[str]) -> str:
        return self._chance.choice(of)

    def _some(self, of: tuple[str, ...] | list[str], most: int) -> list[str]:
        return self._chance.choices(of, k=self._chance.randint(1, most))

    def _deep(self) -> str:
        depth = self._chance.randint(1, 290)
        opening = self._one(("(", "-(", "name:(", "a (", "a OR ("))
        inside = " OR ".join(self._some(WORDS, 6))
        return (opening * depth)[: TEXT_MOST // 2] + inside + ")" * depth

    def _ors(self) -> str:
        words = self._some([*WORDS, *NAMES, *COMMON], 60)
        return self._one((" OR ", " | ", " VƏYA ", " OR -", ") OR (")).join(words)

    def _prefixes(self) -> str:
        parts = [f"{self._one(BEGINNINGS)}*" for _ in range(self._chance.randint(1, 40))]
        fields = ["", "text:", "work:", "name:", "-", "source:"]
        return self._one((" OR ", " ")).join(self._one(fields) + part for part in parts)

    def _unclosed(self) -> str:
        marks = ['"', "“", "«", "(", ")", "„", '""', '"(', '("']
        return " ".join(self._one(marks) + word for word in self._some([*WORDS, *NAMES], 50))

    def _odd(self) -> str:
        words = self._some([*WORDS, *NAMES], 12)
        return " ".join("".join(letter + self._one(ODD) for letter in word) for word in words)

    def _any(self) -> str:
        letters = (chr(self._chance.randrange(0xA0, 0x2FFFF)) for _ in range(TEXT_MOST))
        kept = (letter for letter in letters if not 0xD800 <= ord(letter) <= 0xDFFF)
        return "".join(kept)[: self._chance.randint(1, TEXT_MOST)]

    def _controls(self) -> str:
        word = self._one(WORDS)
        return word + self._one(("\x00", "\x1b", "\x85", "\n", "\t", "\x7f")) + word

    def _payload(self) -> str:
        text = " ".join(self._some(PAYLOADS, 5))
        return self._one(("", "name:", 'text:"', "profession:", "born:", "near:")) + text

    def _numbers(self) -> str:
        fields = ("born", "died", "age", "near", "century", "x", "profession")
        return " ".join(
            f"{self._one(fields)}:{self._one((*NUMBERS, *DATES, '..9' * 9, 'a~99999km'))}"
            for _ in range(self._chance.randint(1, 12))
        )

    def _names(self) -> str:
        scope = self._one(("", "", "name:", "ad:"))
        names = [scope + self._mistyped(name) for name in self._some(NAMES, 40)]
        return self._one((" ", " OR ", " -")).join(names)

    def _mistyped(self, word: str) -> str:
        letters = list(word)
        if self._chance.random() < 0.6:
            letters[self._chance.randrange(len(letters))] = self._one("əıöqxzwш")  # type: ignore[arg-type]
        return "".join(letters)

    def _unknown(self) -> str:
        fields = ("profession", "place", "organisation", "award", "country", "yer", "награда")
        return " ".join(
            f'{self._one(fields)}:"{self._mistyped(self._one([*NAMES, "composer", "academy"]))} '
            f'{self._one(WORDS)}"'
            for _ in range(self._chance.randint(1, 30))
        )

    def _ties(self) -> str:
        people = (" ".join(self._some(NAMES, 3)) for _ in range(self._chance.randint(1, 24)))
        return self._one((" ", " OR ")).join(f'relation:"{one}"' for one in people)

    def _places(self) -> str:
        near = (
            f"near:{self._one(('baku', 'Şuşa', 'Tbilisi', 'paris', 'x'))}"
            f"~{self._chance.randint(0, 2500)}km"
            for _ in range(self._chance.randint(1, 24))
        )
        return self._one((" ", " OR ", " -")).join(near)

    def _phrases(self) -> str:
        scope = self._one(("", "text:", "-", "work:"))
        return " ".join(
            f'{scope}"{" ".join(self._some(COMMON, 30))}"'
            for _ in range(self._chance.randint(1, 20))
        )

    def _negations(self) -> str:
        return " ".join(
            self._one(("-", "--", "NOT ", "-(-", "NOT (NOT ", '-"')) + word
            for word in self._some([*WORDS, *VALUES], 40)
        )

    def _salad(self) -> str:
        parts = [*WORDS, *SIGNS, *VALUES, *ODD, *(f"{name}:" for name in FIELD_NAMES)]
        return self._one((" ", "")).join(self._some(parts, 80))

    def _long_word(self) -> str:
        return self._one(("a", "ə", "И", "ش", "-", "*", "1", ".", "İ", "\u0301", "a-", "'a")) * 600

    def _arguments(self) -> list[tuple[str, str]]:
        facets = [
            (self._one(FACETS), self._one((*VALUES, *PAYLOADS, "-", "--", "-unknown", "x" * 121)))
            for _ in range(self._chance.choice((0, 1, 4, 60)))
        ]
        others = [
            ("page", (*NUMBERS, "1000000", "7")),
            ("size", (*NUMBERS, "100", "101")),
            ("sort", ("name", "-birth", "updated", "-name", "random", "")),
            ("born", DATES),
            ("died", DATES),
            ("bbox", BOXES),
            ("tie", ("birth", "death", "activity", "any", "x")),
            ("certainty", ("certain", "possible", "perhaps")),
            ("lang", ("de", "", "az")),
            ("unheard", NUMBERS),
        ]
        return facets + [
            (name, self._one(values)) for name, values in others if self._chance.random() < 0.3
        ]

    def _bytes(self) -> str:
        raw = self._chance.randbytes(self._chance.randint(1, 60))
        return self._one(
            (quote(raw), "%", "%zz", "%c0%80", "%ed%a0%80", "%00", "%u0041", "&&&==&q")
        )
