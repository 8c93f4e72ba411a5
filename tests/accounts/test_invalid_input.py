"""Arbitrary input to any route by any caller is accepted or refused, never a server error."""

import random

import pytest
from flask.testing import FlaskClient

from tests.accounts.callers import Callers, csrf_token
from tests.accounts.matrix import TABLE
from tests.accounts.matrix.expectations import ANONYMOUS_CALLER
from tests.support.profiles import every

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
INVALID_TEXTS = (
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
SESSION_ENDING_ROUTES = ("sign_out_post", "account.sessions_post")


def _urls(callers: Callers, method: str) -> list[tuple[str, dict[str, str]]]:
    other_user_id = callers.users["other"].id
    return [
        (case.address.partition("?")[0].format(other=other_user_id, self=other_user_id), case.form)
        for (endpoint, methods_key), cases in TABLE.items()
        if methods_key == method and not endpoint.endswith(SESSION_ENDING_ROUTES)
        for case in cases
    ]


def _is_server_error(client: FlaskClient, method: str, address: str, **kwargs: object) -> bool:
    """Return whether the response is a server error.

    503 means not ready; 501 is what oEmbed requires for an unsupported format.
    """
    with client.open(address, method=method, **kwargs) as response:  # type: ignore[arg-type]
        return response.status_code >= 500 and response.status_code not in (501, 503)


@pytest.mark.parametrize("caller", ["admin", "contributor", ANONYMOUS_CALLER])
def test_no_form_causes_a_server_error(callers: Callers, caller: str) -> None:
    client, rng, failures = callers.client(caller), random.Random(1), []
    proof = csrf_token(callers.client("other") if caller == ANONYMOUS_CALLER else client)
    for address, form in _urls(callers, "POST"):
        if address.startswith("/api/"):
            continue
        for text in rng.sample(INVALID_TEXTS, 3)[:: every()]:
            names = rng.sample(FIELDS, 40)
            for form_data in (dict.fromkeys(FIELDS, text), {**dict.fromkeys(names, text), **form}):
                if _is_server_error(client, "POST", address, data={**form_data, "csrf_token": proof}):
                    failures.append((address, text, form_data.get("do")))
    assert failures == []


def test_no_url_causes_a_server_error(callers: Callers) -> None:
    client, rng, failures = callers.client("admin"), random.Random(2), []
    for address, _ in _urls(callers, "GET"):
        for text in rng.sample(INVALID_TEXTS, 2)[:: every()]:
            query_args = dict.fromkeys(rng.sample(FIELDS, 8), text[:500])
            if _is_server_error(client, "GET", address, query_string=query_args):
                failures.append((address, query_args))
    assert failures == []


@pytest.mark.parametrize("caller", ["token write", "token publish"])
def test_no_json_causes_a_server_error(callers: Callers, caller: str) -> None:
    client, failures = callers.client(caller), []
    for method in ("POST", "PUT", "DELETE"):
        for address, _ in _urls(callers, method):
            if not address.startswith("/api/"):
                continue
            for nth, body in enumerate(BODIES):
                headers = {"If-Match": TAGS[nth % len(TAGS)]}
                request_args = {"data": body, "content_type": "application/json", "headers": headers}
                if _is_server_error(client, method, f"{address}?agrees=x", **request_args):
                    failures.append((method, address, body[:80]))
                if _is_server_error(client, method, address, **request_args):
                    failures.append((method, address, body[:80]))
    assert failures == []


@pytest.mark.parametrize(
    ("address", "form_data"),
    [
        ("/en/desk/worklists", {"remove": "9" * 25}),
        # Beyond PostgreSQL's integer range.
        ("/en/desk/places/baku", {"do": "undo", "undo": "2147483648"}),
    ],
)
def test_an_id_beyond_the_integer_range_is_not_found(
    callers: Callers, address: str, form_data: dict[str, str]
) -> None:
    client = callers.client("editor")
    response = client.post(address, data={**form_data, "csrf_token": csrf_token(client)})
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/en/desk/people/new", "relations-0-person"),
        ("/en/desk/people/nizami-gencevi/edit", "message"),
        ("/en/desk/people/nizami-gencevi/conflict", "copy"),
        ("/en/desk/working-copies", "names-0-text"),
    ],
)
def test_forms_reject_nul_characters(callers: Callers, address: str, field: str) -> None:
    client = callers.client("admin")
    form_data = {"csrf_token": csrf_token(client), "do": "save", field: "a\0b"}
    assert client.post(address, data=form_data).status_code == 400
