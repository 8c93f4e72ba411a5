"""The work of a regular expression, counted in steps of a backtracking matcher.

`re` cannot be traced, so its parsed patterns are interpreted here in the same order of attempts.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]
from typing import Any

Node = tuple[Any, Any]
Continuation = Callable[[int], bool]
REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
SINGLE_CHARS = (_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN)
#: Characters that stand for a class in a sample, in order of preference.
SAMPLE_CHARS = "a1 ,;.-_:/?!()[]{}<>@#&'\"\n\tAZəя\u0301\x00"
#: Characters of a sample whose parts are repeated.
MAX_SAMPLE_CHARS = 14
#: Characters repeated alone and in pairs.
MAX_PUMP_CHARS = 7
#: Steps after which counting ends: an exponential expression would take years.
MAX_STEPS = 100_000
#: A part that is repeated at most so often is read in constant time.
MAX_CONSTANT_REPEATS = 32


class TooManySteps(Exception):
    """The expression takes more than MAX_STEPS steps."""


class StepCounter:
    """Counts the steps of a search of all matches, or of one match at the beginning."""

    def __init__(self, pattern: re.Pattern[Any]) -> None:
        source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
        self._flags = pattern.flags & ~re.UNICODE
        self._parsed = _parser.parse(source, self._flags)
        self._text = ""
        self.steps = 0
        self._test = lru_cache(maxsize=None)(self._compile_node)

    @property
    def repeats(self) -> bool:
        """Return whether a part may be repeated without limit; otherwise each match is constant work."""
        return _has_repeat(self._parsed)

    def count(self, text: str, *, anchored: bool) -> int:
        """Return the steps it takes to find all matches, or to match at the beginning if `anchored`."""
        self._text, self.steps, start = text, 0, 0
        nodes = list(self._parsed)
        while start <= len(text):
            end = self._first_end(nodes, start)
            if anchored:
                break
            start = max(end or 0, start + 1)
        return self.steps

    def sample(self, nodes: Sequence[Node] | None = None) -> str:
        """Return a text that may match, in which every optional part occurs."""
        text = ""
        for op, argument in self._parsed if nodes is None else nodes:
            if op in SINGLE_CHARS:
                test = self._test((op, _freeze(argument)))
                text += next(
                    (char for char in SAMPLE_CHARS if test.match(char)),
                    chr(argument) if op is _constants.LITERAL else "",
                )
            elif op in REPEATS:
                text += self.sample(list(argument[2])) * max(argument[0], 1)
            elif op is _constants.SUBPATTERN:
                text += self.sample(list(argument[3]))
            elif op is _constants.ATOMIC_GROUP:
                text += self.sample(list(argument))
            elif op is _constants.BRANCH:
                text += self.sample(list(argument[1][0]))
        return text

    def _compile_node(self, node: Node) -> re.Pattern[str]:
        part = _parser.SubPattern(self._parsed.state, [(node[0], _thaw(node[1]))])
        return _compiler.compile(part, self._flags)  # type: ignore[no-any-return]

    def _run(self, nodes: Sequence[Node], index: int, at: int, go_on: Continuation) -> bool:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooManySteps
        if index == len(nodes):
            return go_on(at)
        op, argument = nodes[index]

        def rest(end: int) -> bool:
            return self._run(nodes, index + 1, end, go_on)

        if op in SINGLE_CHARS:
            return self._is_char(op, argument, at) and rest(at + 1)
        if op is _constants.AT:
            return bool(self._test((op, argument)).match(self._text, at)) and rest(at)
        if op is _constants.SUBPATTERN:
            return self._run(list(argument[3]), 0, at, rest)
        if op is _constants.BRANCH:
            return any(self._run(list(branch), 0, at, rest) for branch in argument[1])
        if op in REPEATS:
            return self._repeat(op, argument, at, rest)
        if op is _constants.ATOMIC_GROUP:
            end = self._first_end(list(argument), at)
            return end is not None and rest(end)
        if op in (_constants.ASSERT, _constants.ASSERT_NOT):
            direction, part = argument
            start = at if direction > 0 else at - part.getwidth()[0]
            holds = start >= 0 and self._first_end(list(part), start) is not None
            return holds == (op is _constants.ASSERT) and rest(at)
        if op is _constants.GROUPREF:
            return rest(at)
        raise NotImplementedError(op)

    def _is_char(self, op: Any, argument: Any, at: int) -> bool:
        return at < len(self._text) and bool(self._test((op, _freeze(argument))).match(self._text[at]))

    def _first_end(self, nodes: Sequence[Node], at: int) -> int | None:
        ends: list[int] = []
        return ends[0] if self._run(nodes, 0, at, lambda end: not ends.append(end)) else None  # type: ignore[func-returns-value]

    def _repeat(self, op: Any, argument: Any, at: int, rest: Continuation) -> bool:
        minimum, maximum, part = argument
        nodes = list(part)
        if len(nodes) == 1 and nodes[0][0] in SINGLE_CHARS:
            end = at
            while end - at < maximum and self._is_char(*nodes[0], end):
                self.steps += 1
                end += 1
            ends = range(end, at + minimum - 1, -1)
            if op is _constants.POSSESSIVE_REPEAT:
                ends = ends[:1]
            return any(map(rest, ends if op is not _constants.MIN_REPEAT else reversed(ends)))
        if op is _constants.POSSESSIVE_REPEAT:
            count, end = 0, self._first_end(nodes, at)
            while end is not None and end > at and count < maximum:
                count, at = count + 1, end
                end = self._first_end(nodes, at)
            return count >= minimum and rest(at)
        return self._iterate(nodes, (minimum, maximum), at, rest)

    def _iterate(self, nodes: Sequence[Node], bounds: tuple[int, int], at: int, rest: Continuation) -> bool:
        minimum, maximum = bounds
        again = maximum > 0 and self._run(
            nodes,
            0,
            at,
            lambda end: end > at and self._iterate(nodes, (max(minimum - 1, 0), maximum - 1), end, rest),
        )
        return again or (minimum <= 0 and rest(at))


def pumps(counter: StepCounter) -> Iterator[str]:
    """Yield texts whose repetition may be expensive: parts of a sample, and pairs of its characters."""
    sample = counter.sample()[:MAX_SAMPLE_CHARS]
    chars = list(dict.fromkeys(sample))[:MAX_PUMP_CHARS]
    parts = {sample[start:end] for start in range(len(sample)) for end in range(start + 1, len(sample) + 1)}
    yield from sorted({*parts, *chars, *(left + right for left in chars for right in chars)})


def _has_repeat(value: Any) -> bool:
    if isinstance(value, tuple) and value and value[0] in REPEATS and value[1][1] > MAX_CONSTANT_REPEATS:
        return True
    return isinstance(value, tuple | list | _parser.SubPattern) and any(map(_has_repeat, value))


def _freeze(value: Any) -> Any:
    return tuple(map(_freeze, value)) if isinstance(value, list | tuple) else value


def _thaw(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) and value and isinstance(value[0], tuple) else value
