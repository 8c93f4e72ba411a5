"""Authors of a work: author of Koroghlu, “Koroğlu” operasının müəllifi, автор романа."""

from biobank.search.language.tree import Words
from biobank.search.recognition.sentence import Sentence

#: Maximum number of words of a title that is read.
MAX_TITLE_WORDS = 10


def read_works(sentence: Sentence) -> None:
    """Read each author with the title beside it: before it in Azerbaijani, after it elsewhere."""
    for position in list(sentence.unread("author")):
        if position in sentence.used:
            continue
        lang = sentence.items[position].meanings["author"][0].lang
        step = -1 if lang == "az" else 1
        title = _title(sentence, position, step)
        if title:
            first, last = min(title), max(title)
            text = " ".join(sentence.text_as_typed(index) for index in range(first, last + 1))
            sentence.add([Words(text, "work")], position, first, last)


def _title(sentence: Sentence, position: int, step: int) -> list[int]:
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
        if not item.has("work_type"):
            title.append(position)
        elif title:
            break
        position += step
    while title and sentence.items[title[-1]].is_filler:
        title.pop()
    while title and sentence.items[title[0]].is_filler:
        title.pop(0)
    return title
