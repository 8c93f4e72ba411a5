"""Generated documents for measurements, any number, recombined from the seed.

Each part of a document (given name, family name, sentences, labels, facts) is taken from another
person of the seed, so that lengths, languages and co-occurrence of words are those of real
biographies. Only the number of different words is lower than in a real bank of that size, which
makes postings longer: measurements are rather too high than too low.
"""

import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from biobank.exchange import seeding
from biobank.i18n import LANGUAGES, Lang
from biobank.names.alphabet import sort_key
from biobank.records.catalogue import load_catalogue
from biobank.records.people import queries
from biobank.search.document import Document, make_document
from biobank.store import schema
from biobank.store.session import Database

SEED = Path(__file__).parents[1] / "seed_data"
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def same_chance() -> random.Random:
    """Return a random generator with a fixed seed."""
    return random.Random(1885)  # noqa: S311 - no secret hangs on it


def seed_documents(folder: Path = SEED) -> list[Document]:
    """Return the documents of the seed, using a temporary database."""
    with tempfile.TemporaryDirectory() as place:
        database = Database(f"sqlite:///{place}/biobank.db")
        schema.upgrade(database)
        seeding.seed(database, folder)
        with database.read() as session:
            catalogue = load_catalogue(session)
            found = [
                make_document(record, catalogue)
                for records in queries.walk(session)
                for record in records.values()
            ]
        database.dispose()
    return found


def sentences(documents: Sequence[Document], lang: str) -> list[str]:
    """Return every sentence of the texts in `lang`."""
    texts = (document.text.get(lang, "") for document in documents)
    return [part for text in texts for part in _SENTENCE_END.split(text) if part]


def made_documents(seed: Sequence[Document], count: int) -> Iterator[Document]:
    """Yield `count` documents, each recombined from several of `seed`."""
    chance = same_chance()
    by_lang = {lang: sentences(seed, lang) for lang in LANGUAGES}
    average = {lang: len(found) // len(seed) for lang, found in by_lang.items()}

    def text(lang: Lang) -> str:
        length = chance.randint(average[lang] // 2, average[lang] * 3 // 2)
        return " ".join(chance.choices(by_lang[lang], k=length))

    for number in range(count):
        first, last, facts, told = chance.choices(seed, k=4)
        names = tuple(map(_crossed, first.names, last.names))
        years = chance.randint(-40, 40)
        yield Document(
            id=f"{first.id}-{number}",
            names=names,
            headline=told.headline,
            labels=facts.labels,
            text={lang: text(lang) for lang in LANGUAGES},
            facets={facet: chance.choice(seed).facets[facet] for facet in facts.facets},
            sort_key=sort_key(names[0]),
            born=_shifted(facts.born, years),
            died=_shifted(facts.died, years),
            updated=float(number),
            documented=chance.choice(seed).documented,
        )


def _crossed(given: str, family: str) -> str:
    """Return the first word of one name with the last word of another."""
    return f"{given.split()[0]} {family.split()[-1]}"


def _shifted(days: tuple[int | None, int | None], years: int) -> tuple[int | None, int | None]:
    earliest, latest = (None if day is None else day + years * 365 for day in days)
    return earliest, latest
