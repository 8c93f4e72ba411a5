"""Evaluation of rules: texts out of columns, split, replaced and interpreted."""

from collections.abc import Iterator
from typing import Any

from biobank.exchange.importing.bank import Bank, Wanted, country_code
from biobank.exchange.importing.mapping.dates import read_date
from biobank.exchange.importing.mapping.rules import PlaceRule, Rule, placeholders
from biobank.exchange.importing.names import turned
from biobank.exchange.importing.said import Said, say
from biobank.exchange.importing.tables.rows import Row, RowFault
from biobank.names.folding import fold
from biobank.records.dates import DateError

#: Values in one cell; a record holds fewer of anything.
SPLIT_MOST = 500


class Values:
    """Evaluate the rules of one row; an unknown value becomes a notice or refuses the row."""

    def __init__(
        self,
        row: Row,
        empty: frozenset[str],
        bank: Bank,
        notices: list[Said],
        places: dict[str, dict[str, Any]],
    ) -> None:
        self.row = row
        self.empty = empty
        self.bank = bank
        self.notices = notices
        self.places = places

    def of(self, rule: Rule, path: str) -> list[str]:
        """Return the non-empty values of a rule; `path` is the field, for messages."""
        texts = self._split(self._texts(rule), rule, path)
        if not texts and rule.default is not None:
            texts = [rule.default]
        return [value for text in texts for value in self._made(text, rule, path)]

    def _texts(self, rule: Rule) -> list[str]:
        if rule.template is not None:
            return self._filled(rule.template)
        if rule.keys is not None:
            return self.row.keys(rule.keys)
        for column in rule.columns:
            if texts := self._of(column):
                return texts
        return []

    def _of(self, column: str) -> list[str]:
        return [text for text in self.row.values(column) if text not in self.empty]

    def _filled(self, template: str) -> list[str]:
        """Return a template filled with its columns; nothing if all of them are empty."""
        columns = placeholders(template)
        found = {column: " ".join(self._of(column)) for column in columns}
        if not any(found.values()):
            return []
        text = template.replace("{{", "\0").replace("}}", "\1")
        for column, value in found.items():
            text = text.replace(f"{{{column}}}", value)
        return [" ".join(text.replace("\0", "{").replace("\1", "}").split())]

    def _split(self, texts: list[str], rule: Rule, path: str) -> list[str]:
        if rule.split is not None:
            parts = [part.strip() for text in texts for part in text.split(rule.split)]
            texts = [part for part in parts if part and part not in self.empty]
            if len(texts) > SPLIT_MOST:
                raise RowFault(say("split_many", path, count=len(texts), most=SPLIT_MOST))
        if rule.starts is not None:
            texts = [text for text in texts if text.startswith(rule.starts)]
        return [turned(text) for text in texts] if rule.turn else texts

    def _made(self, text: str, rule: Rule, path: str) -> Iterator[str]:
        for value in self._replaced(text, rule, path):
            if rule.date:
                yield self._date(value, rule, path)
            elif rule.term:
                yield from self._term(value, rule, path)
            elif rule.country:
                unknown = say("country_unknown", path, text=value[:60])
                yield from self._known(country_code(value), value, rule, unknown)
            elif rule.place:
                yield from self._place(value, rule, rule.place, path)
            else:
                yield value

    def _replaced(self, text: str, rule: Rule, path: str) -> list[str]:
        if rule.values is None:
            return [text]
        if text in rule.values:
            return list(rule.values[text])
        if rule.term or rule.country or rule.place or rule.if_unknown == "keep":
            return [text]  # a value without replacement is looked up unchanged
        self._not_known(say("value_unknown", path, text=text[:60]), rule)
        return []

    def _date(self, text: str, rule: Rule, path: str) -> str:
        try:
            found, notice = read_date(text, rule)
        except RowFault as fault:
            raise RowFault(fault.said.at(path)) from fault
        except DateError as error:
            raise RowFault(say("no_date", path, why=error.message)) from error
        if notice:
            self.notices.append(notice.at(path))
        return found

    def _term(self, text: str, rule: Rule, path: str) -> Iterator[str]:
        terms = sorted(self.bank.terms.get(str(rule.term), {}).get(fold(text), ()))
        if len(terms) > 1 and text in terms:
            terms = [text]
        if len(terms) > 1:
            told = ", ".join(terms)
            self._not_known(say("term_many", path, text=text[:60], terms=told), rule)
        else:
            unknown = say("term_unknown", path, vocabulary=rule.term, text=text[:60])
            yield from self._known(terms[0] if terms else None, text, rule, unknown)

    def _known(self, found: str | None, text: str, rule: Rule, unknown: Said) -> Iterator[str]:
        if found is not None:
            yield found
        elif rule.if_unknown == "keep":
            yield text
        else:
            self._not_known(unknown, rule)

    def _place(self, text: str, rule: Rule, told: PlaceRule, path: str) -> Iterator[str]:
        alone = not told.country and not told.lat
        if alone and text in self.bank.ids and text not in self.bank.brought:
            yield text  # a text equal to an id is an id, unless other columns describe the place
            return
        wanted = self._wanted(text, told, path)
        spots = self.bank.places(wanted)
        if len(spots) > 1:
            ids = ", ".join(spot.id for spot in spots[:5])
            self._not_known(say("place_many", path, text=text[:60], ids=ids), rule)
        elif spots:
            yield self._used(spots[0].id)
        elif told.bring:
            names = [{"text": text, "lang": told.lang}]
            yield self._used(self.bank.bring(wanted, names)["id"])
        else:
            self._not_known(say("place_unknown", path, text=text[:60]), rule)

    def _used(self, place_id: str) -> str:
        """Register an added place with the row that uses it, and return its id."""
        if place_id in self.bank.brought:
            self.places[place_id] = self.bank.brought[place_id]
        return place_id

    def _wanted(self, name: str, rule: PlaceRule, path: str) -> Wanted:
        country = self._first(rule.country)
        lat, lon = (self._degrees(column, path) for column in (rule.lat, rule.lon))
        point = (lat, lon) if lat is not None and lon is not None else None
        if point and not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
            raise RowFault(say("no_point", path, lat=str(point[0]), lon=str(point[1])))
        return Wanted(name, country_code(country) if country else None, point, rule.kind)

    def _degrees(self, column: str | None, path: str) -> float | None:
        text = self._first(column)
        if not text:
            return None
        try:
            return float(text.replace(",", "."))
        except ValueError as error:
            said = say("no_degrees", path, text=text[:40], column=column)
            raise RowFault(said) from error

    def _first(self, column: str | None) -> str:
        return next(iter(self._of(column)), "") if column else ""

    def _not_known(self, said: Said, rule: Rule) -> None:
        if rule.if_unknown != "notice":
            raise RowFault(said)
        self.notices.append(said.leaving_out())
