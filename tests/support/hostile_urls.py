"""Hostile URLs: deep, wide, malformed and huge queries, reproducible by seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from biobank.search.query import FACETS, MAX_QUERY_CHARS
from tests.support.query_texts import ODD, QUERY_FIELD_NAMES, SIGNS, VALUES, WORDS

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
class HostileUrl:
    """A URL; `kind` is the type of attack, `url` is encoded, possibly malformed."""

    kind: str
    url: str


class HostileUrlGenerator:
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
            "ties": self._relations,
            "places": self._places,
            "phrases": self._phrases,
            "negations": self._negations,
            "salad": self._salad,
            "long word": self._long_word,
        }

    def address(self) -> HostileUrl:
        """Return the next URL."""
        kind = self._chance.choice([*self._kinds, "arguments", "bytes"])
        if kind == "bytes":
            return HostileUrl(kind, f"{self._path()}?q={self._bytes()}")
        text = self._kinds[kind if kind in self._kinds else "salad"]()
        arguments = [("q", text[:MAX_QUERY_CHARS]), ("lang", self._choose(("az", "en", "ru")))]
        if kind == "arguments" or self._chance.random() < 0.2:
            arguments += self._arguments()
        path = self._path()
        if path.startswith("/api/v1/search/"):
            arguments.append(("format", self._choose(("csv", "bibtex", "ris", "json", "x"))))
        return HostileUrl(kind, f"{path}?{urlencode(arguments, errors='surrogatepass')}")

    def _path(self) -> str:
        return self._choose(PATHS)

    def _choose(self, options: tuple[str, ...] | list[str]) -> str:
        return self._chance.choice(options)

    def _sample(self, options: tuple[str, ...] | list[str], max_count: int) -> list[str]:
        return self._chance.choices(options, k=self._chance.randint(1, max_count))

    def _deep(self) -> str:
        depth = self._chance.randint(1, 290)
        prefix = self._choose(("(", "-(", "name:(", "a (", "a OR ("))
        inside = " OR ".join(self._sample(WORDS, 6))
        return (prefix * depth)[: MAX_QUERY_CHARS // 2] + inside + ")" * depth

    def _ors(self) -> str:
        words = self._sample([*WORDS, *NAMES, *COMMON], 60)
        return self._choose((" OR ", " | ", " VƏYA ", " OR -", ") OR (")).join(words)

    def _prefixes(self) -> str:
        parts = [f"{self._choose(BEGINNINGS)}*" for _ in range(self._chance.randint(1, 40))]
        fields = ["", "text:", "work:", "name:", "-", "source:"]
        return self._choose((" OR ", " ")).join(self._choose(fields) + part for part in parts)

    def _unclosed(self) -> str:
        marks = ['"', "“", "«", "(", ")", "„", '""', '"(', '("']
        return " ".join(self._choose(marks) + word for word in self._sample([*WORDS, *NAMES], 50))

    def _odd(self) -> str:
        words = self._sample([*WORDS, *NAMES], 12)
        return " ".join("".join(character + self._choose(ODD) for character in word) for word in words)

    def _any(self) -> str:
        characters = (chr(self._chance.randrange(0xA0, 0x2FFFF)) for _ in range(MAX_QUERY_CHARS))
        valid_characters = (character for character in characters if not 0xD800 <= ord(character) <= 0xDFFF)
        return "".join(valid_characters)[: self._chance.randint(1, MAX_QUERY_CHARS)]

    def _controls(self) -> str:
        word = self._choose(WORDS)
        return word + self._choose(("\x00", "\x1b", "\x85", "\n", "\t", "\x7f")) + word

    def _payload(self) -> str:
        text = " ".join(self._sample(PAYLOADS, 5))
        return self._choose(("", "name:", 'text:"', "profession:", "born:", "near:")) + text

    def _numbers(self) -> str:
        fields = ("born", "died", "age", "near", "century", "x", "profession")
        return " ".join(
            f"{self._choose(fields)}:{self._choose((*NUMBERS, *DATES, '..9' * 9, 'a~99999km'))}"
            for _ in range(self._chance.randint(1, 12))
        )

    def _names(self) -> str:
        scope = self._choose(("", "", "name:", "ad:"))
        names = [scope + self._mistyped(name) for name in self._sample(NAMES, 40)]
        return self._choose((" ", " OR ", " -")).join(names)

    def _mistyped(self, word: str) -> str:
        letters = list(word)
        if self._chance.random() < 0.6:
            letters[self._chance.randrange(len(letters))] = self._choose("əıöqxzwш")  # type: ignore[arg-type]
        return "".join(letters)

    def _unknown(self) -> str:
        fields = ("profession", "place", "organisation", "award", "country", "yer", "награда")
        return " ".join(
            f'{self._choose(fields)}:"{self._mistyped(self._choose([*NAMES, "composer", "academy"]))} '
            f'{self._choose(WORDS)}"'
            for _ in range(self._chance.randint(1, 30))
        )

    def _relations(self) -> str:
        people = (" ".join(self._sample(NAMES, 3)) for _ in range(self._chance.randint(1, 24)))
        return self._choose((" ", " OR ")).join(f'relation:"{person_id}"' for person_id in people)

    def _places(self) -> str:
        nearby = (
            f"near:{self._choose(('baku', 'Şuşa', 'Tbilisi', 'paris', 'x'))}"
            f"~{self._chance.randint(0, 2500)}km"
            for _ in range(self._chance.randint(1, 24))
        )
        return self._choose((" ", " OR ", " -")).join(nearby)

    def _phrases(self) -> str:
        scope = self._choose(("", "text:", "-", "work:"))
        return " ".join(
            f'{scope}"{" ".join(self._sample(COMMON, 30))}"' for _ in range(self._chance.randint(1, 20))
        )

    def _negations(self) -> str:
        return " ".join(
            self._choose(("-", "--", "NOT ", "-(-", "NOT (NOT ", '-"')) + word
            for word in self._sample([*WORDS, *VALUES], 40)
        )

    def _salad(self) -> str:
        parts = [*WORDS, *SIGNS, *VALUES, *ODD, *(f"{name}:" for name in QUERY_FIELD_NAMES)]
        return self._choose((" ", "")).join(self._sample(parts, 80))

    def _long_word(self) -> str:
        return self._choose(("a", "ə", "И", "ش", "-", "*", "1", ".", "İ", "\u0301", "a-", "'a")) * 600

    def _arguments(self) -> list[tuple[str, str]]:
        facets = [
            (self._choose(FACETS), self._choose((*VALUES, *PAYLOADS, "-", "--", "-unknown", "x" * 121)))
            for _ in range(self._chance.choice((0, 1, 4, 60)))
        ]
        variants = [
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
            (name, self._choose(values)) for name, values in variants if self._chance.random() < 0.3
        ]

    def _bytes(self) -> str:
        raw = self._chance.randbytes(self._chance.randint(1, 60))
        return self._choose((quote(raw), "%", "%zz", "%c0%80", "%ed%a0%80", "%00", "%u0041", "&&&==&q"))
