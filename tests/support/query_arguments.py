"""Query arguments without a web framework."""

from collections.abc import Sequence


class QueryArguments:
    """Query arguments with the interface of web frameworks."""

    def __init__(self, pairs: Sequence[tuple[str, str]] = (), **single: str) -> None:
        self.pairs = [*pairs, *single.items()]

    def getlist(self, key: str) -> list[str]:
        return [value for name, value in self.pairs if name == key]
