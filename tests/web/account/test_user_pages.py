"""The list of users for administrators."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts import users
from biobank.bootstrap import Services
from tests.support.pages import select
from tests.support.users import submit_form
from tests.web.account.sign_in_helpers import add, sign_in


def test_an_administrator_manages_users(
    app: Flask, client: FlaskClient, own_services: Services, nigar: int
) -> None:
    add(own_services, "admin@example.az", "admin")
    sign_in(client, "admin@example.az")
    editor = app.test_client()
    sign_in(editor)
    page = submit_form(client, "/en/users", email="new@example.az", role="contributor", lang="en")
    link = re.search(r"http://localhost(/en/invitation/[\w-]+)", page.text)
    assert link
    assert "new@example.az" in app.test_client().get(link[1]).text
    repeated = submit_form(client, "/en/users", email="new@example.az", role="contributor", lang="en")
    assert repeated.status_code == 422
    assert "An account with this address already exists." in repeated.text
    user_path = f"/en/users/{nigar}"
    assert submit_form(client, user_path, form="/en/users", do="role", role="contributor").status_code == 303
    assert editor.get("/en/account").status_code == 303
    page = submit_form(client, user_path, form="/en/users", do="link")
    link = re.search(r"http://localhost(/az/new-password/[\w-]+)", page.text)
    assert link
    for do in ("sign_out", "second_factor", "deactivate", "activate", "nonsense"):
        assert submit_form(client, user_path, form="/en/users", do=do).status_code == 303
    audit = client.get("/en/users/audit")
    for words in ("role changed", "before: editor", "signed in", "admin@example.az"):
        assert words in audit.text
    assert client.get("/en/users/audit?page=0").status_code == 400
    assert submit_form(client, "/en/users/999999", form="/en/users", do="deactivate").status_code == 404


def test_user_list_is_paginated(
    client: FlaskClient, own_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(users, "MAX_USERS_PAGE_ROWS", 2)
    for name in ("admin", "b", "c"):
        add(own_services, f"{name}@example.az", "admin")
    sign_in(client, "admin@example.az")
    first, second = (client.get(f"/en/users?page={number}").text for number in (1, 2))
    assert "b@example.az" in first
    assert "c@example.az" not in first
    assert "c@example.az" in second
    assert select(first, "a[href='/en/users?page=2']")
    assert client.get("/en/users?page=3").status_code == 404


def test_an_administrator_erases_an_account(client: FlaskClient, own_services: Services, nigar: int) -> None:
    add(own_services, "admin@example.az", "admin")
    sign_in(client, "admin@example.az")
    user_path = f"/en/users/{nigar}"
    refused = submit_form(client, user_path, form="/en/users", do="erase", confirm="admin@example.az")
    assert refused.status_code == 422
    assert "Enter the e-mail address of the account to erase it." in refused.text
    email = "nigar@example.az"
    assert submit_form(client, user_path, form="/en/users", do="erase", confirm=email).status_code == 303
    page = client.get("/en/users").text
    assert "nigar@example.az" not in page
    assert f"user-{nigar}@erased.invalid" in page
    assert not select(page, f"form[action='{user_path}']")
    assert submit_form(client, user_path, form="/en/users", do="activate").status_code == 404
    audit = client.get("/en/users/audit").text
    assert "nigar@example.az" not in audit
    assert f"user-{nigar}" in audit


def test_an_administrator_erases_network_addresses(
    app: Flask, client: FlaskClient, own_services: Services, nigar: int
) -> None:
    add(own_services, "admin@example.az", "admin")
    sign_in(app.test_client())
    sign_in(client, "admin@example.az")
    page = "/en/users/audit"
    refused = submit_form(client, page, form=page, address="nowhere")
    assert refused.status_code == 422
    assert "Enter an IPv4 or IPv6 address." in refused.text
    assert submit_form(client, f"/en/users/{nigar}", form="/en/users", do="addresses").status_code == 303
    assert "127.0.0.1" in client.get(page).text
    assert submit_form(client, page, form=page, address="127.0.0.1").status_code == 303
    shown = client.get(page).text
    assert "network addresses erased" in shown
    # Only the two erasures themselves have one.
    assert shown.count('class="hint">127.0.0.1') <= 2
