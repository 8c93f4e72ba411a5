"""What recognition returns: conditions, doubtful readings, and the words that are left."""

from dataclasses import dataclass

from biobank.search.language.tree import QueryNode, Words, render


@dataclass(frozen=True)
class RecognisedCondition:
    """A condition read in `text`, which stands at `start:end` of the typed query."""

    text: str
    node: QueryNode
    start: int | None = None
    end: int | None = None

    @property
    def condition(self) -> str:
        """Return the condition in the query language."""
        return render(self.node)


@dataclass(frozen=True)
class Recognition:
    """The conditions read in plain words; `words` is what remains, None if nothing does."""

    words: Words | None
    conditions: tuple[RecognisedCondition, ...] = ()
    #: Readings that the reader decides about; their words remain.
    doubtful: tuple[RecognisedCondition, ...] = ()
