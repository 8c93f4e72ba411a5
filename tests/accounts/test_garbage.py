"""Arbitrary input to any route by any caller is accepted or refused, never a server error."""

import random

import pytest
from flask.testing import FlaskClient

from tests.accounts.callers import Callers, csrf
from tests.accounts.matrix import TABLE
from tests.accounts.matrix.answers import NOBODY

#: Field names of forms and URLs of all sections.
FIELDS = (
    *("about", "agrees", "author", "base", "base_gone", "base_kept", "code", "copy", "do"),
    *("email", "field", "first", "second", "format", "from", "gone", "kept", "head", "id"),
    *("kind", "lang", "licence", "merge", "name", "new", "new_id", "next", "number", "page"),
    *("person", "portrait", "proof", "q", "question", "reason", "remove", "reply", "role"),
    *("scopes", "session", "since", "size", "sort", "source", "state", "step", "suggestion"),
    *("text", "theirs", "token", "undo", "until", "value", "version", "vocabulary", "who"),
    *("names-0-text", "names-0-lang", "birth-date", "events-0-place", "relations-0-person"),
    *("sources-0", "sources-0-csl-title", "biography-az", "take.names", "choice-x", "text-x"),
)
GARBAGE = (
    *("", "\0", "a\0b", "\x1b[0m", "-1", "0", "²", "٣", "1e9", "99999999999999999999999"),
    *("9223372036854775808", "{}", "[]", "null", "nizami-gencevi", "../..", "%s{0}", "a\r\nb"),
    *("<script>", "//evil.example", "http://[", "1141-02-30", "(\"'", "\u202e\ufeff", "x" * 3_000),
)
BODIES = (
    *(b"", b"null", b"[]", b"1", b'"x"', b"{}", b"{", b"\xff\xfe", b"[" * 5_000),
    *(b'{"id": 5, "names": {}}', b'{"names": [null], "birth": []}', b'{"id": "\\u0000"}'),
    b'{"names": [{"text": "\\ud800", "lang": "az", "kind": "preferred"}]}',
    b'{"names": [{"text": [], "lang": {}, "kind": 1}], "relations": [[]], "sources": [{}]}',
    *(b'{"to": [], "number": {}}', b'{"to": "review", "number": 99999999999999999999999}'),
    *(b'{"to": "draft", "number": 1, "text": "\\u0000"}', b'{"a": NaN}', b"9" * 5_000),
)
TAGS = ('"1"', '"99999999999999999999"', "\xff", "²", '"1", "2"')
#: Routes that end the caller's session.
ENDS = ("sign_out_send", "account_sessions_send")


def _addresses(callers: Callers, method: str) -> list[tuple[str, dict[str, str]]]:
    other = callers.users["other"].id
    return [
        (case.address.partition("?")[0].format(other=other, self=other), case.form)
        for (endpoint, its), cases in TABLE.items()
        if its == method and not endpoint.endswith(ENDS)
        for case in cases
    ]


def _broken(client: FlaskClient, method: str, address: str, **sent: object) -> bool:
    """Return whether the response is a server error.

    503 means not ready; 501 is what oEmbed requires for an unsupported format.
    """
    with client.open(address, method=method, **sent) as answer:  # type: ignore[arg-type]
        return answer.status_code >= 500 and answer.status_code not in (501, 503)


@pytest.mark.parametrize("caller", ["admin", "contributor", NOBODY])
def test_no_form_breaks_anything(callers: Callers, caller: str) -> None:
    client, chance, wrong = callers.client(caller), random.Random(1), []
    proof = csrf(callers.client("other") if caller == NOBODY else client)
    for address, form in _addresses(callers, "POST"):
        if address.startswith("/api/"):
            continue
        for text in chance.sample(GARBAGE, 3):
            names = chance.sample(FIELDS, 40)
            for sent in (dict.fromkeys(FIELDS, text), {**dict.fromkeys(names, text), **form}):
                if _broken(client, "POST", address, data={**sent, "csrf_token": proof}):
                    wrong.append((address, text, sent.get("do")))
    assert wrong == []


def test_no_address_breaks_anything(callers: Callers) -> None:
    client, chance, wrong = callers.client("admin"), random.Random(2), []
    for address, _ in _addresses(callers, "GET"):
        for text in chance.sample(GARBAGE, 2):
            asked = dict.fromkeys(chance.sample(FIELDS, 8), text[:500])
            if _broken(client, "GET", address, query_string=asked):
                wrong.append((address, asked))
    assert wrong == []


@pytest.mark.parametrize("caller", ["token write", "token publish"])
def test_no_json_breaks_anything(callers: Callers, caller: str) -> None:
    client, wrong = callers.client(caller), []
    for method in ("POST", "PUT", "DELETE"):
        for address, _ in _addresses(callers, method):
            if not address.startswith("/api/"):
                continue
            for nth, body in enumerate(BODIES):
                headers = {"If-Match": TAGS[nth % len(TAGS)]}
                sent = {"data": body, "content_type": "application/json", "headers": headers}
                if _broken(client, method, f"{address}?agrees=x", **sent):
                    wrong.append((method, address, body[:80]))
                if _broken(client, method, address, **sent):
                    wrong.append((method, address, body[:80]))
    assert wrong == []


@pytest.mark.parametrize(
    ("address", "form_data"),
    [
        ("/en/desk/worklists", {"remove": "9" * 25}),
        # Beyond PostgreSQL's integer range.
        ("/en/desk/places/baku", {"do": "undo", "undo": "2147483648"}),
    ],
)
def test_an_id_that_no_database_holds_is_of_nothing(
    callers: Callers, address: str, form_data: dict[str, str]
) -> None:
    client = callers.client("editor")
    answer = client.post(address, data={**form_data, "csrf_token": csrf(client)})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/en/desk/people/new", "relations-0-person"),
        ("/en/desk/people/nizami-gencevi/edit", "message"),
        ("/en/desk/people/nizami-gencevi/conflict", "copy"),
        ("/en/desk/working-copies", "names-0-text"),
    ],
)
def test_no_form_brings_what_postgresql_does_not_take(
    callers: Callers, address: str, field: str
) -> None:
    client = callers.client("admin")
    sent = {"csrf_token": csrf(client), "do": "save", field: "a\0b"}
    assert client.post(address, data=sent).status_code == 400
