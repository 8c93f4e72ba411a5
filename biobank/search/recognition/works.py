"""Authors of a work: author of Koroghlu, “Koroğlu” operasının müəllifi, автор романа."""

from biobank.search.language.tree import Words
from biobank.search.recognition.sentence import Sentence

#: Maximum number of words of a title that is read.
MAX_TITLE_WORDS = 10


def read_works(sentence: Sentence) -> None:
    """Read each author with the title beside it: before it in Azerbaijani, after it elsewhere.

    Beside a profession the type of the work must be told: composer of the opera Sevil.
    """
    for position in list(sentence.pending("author", "profession")):
        role = "author" if sentence.items[position].has("author") else "profession"
        lang = sentence.items[position].meanings[role][0].lang
        title = _title(sentence, position, -1 if lang == "az" else 1, is_typed=role == "profession")
        if title:
            # Without punctuation, so that the title has no special meaning in a query.
            text = " ".join(
                word.text for index in range(min(title), max(title) + 1) for word in sentence.words_of(index)
            )
            # The profession is read on its own.
            first = position if role == "author" else position + (1 if title[0] > position else -1)
            sentence.add([Words(text, "work")], first, *title)


def _title(sentence: Sentence, position: int, step: int, *, is_typed: bool) -> list[int]:
    """Return the positions of the title: what follows up to the next condition."""
    title: list[int] = []
    words = 0
    position += step
    while 0 <= position < len(sentence.items) and position not in sentence.used:
        item = sentence.items[position]
        words += item.end - item.start
        is_condition = item.period or item.has(
            "born", "died", "lived", "profession", "gender", "event", "member"
        )
        if is_condition or words > MAX_TITLE_WORDS:
            break
        if item.has("work_type"):
            is_typed = False
            if step > 0 and any(not sentence.items[index].is_filler for index in title):
                break
        elif is_typed and not item.is_filler:
            break
        else:
            title.append(position)
        position += step
    while title and sentence.items[title[-1]].is_filler:
        title.pop()
    while title and sentence.items[title[0]].is_filler:
        title.pop(0)
    return title
