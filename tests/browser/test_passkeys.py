"""Passkeys with Chromium's virtual authenticator: adding, signing in, removing, and attacks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import CDPSession, Page, expect

from biobank.bootstrap import Services, make_services
from tests.browser.conftest import Open, serving
from tests.browser.sign_in_helper import sign_in, signed_in
from tests.browser.test_accessibility import _violations_in_both, _width
from tests.support.ports import free_port
from tests.support.users import PASSWORD, add_user

EMAIL = "nigar@example.az"


@pytest.fixture
def address(own_services: Services) -> Iterator[str]:
    """Serve a bank with two editors at the host that browsers trust without HTTPS."""
    port = free_port()
    base_url = f"http://localhost:{port}"
    services = make_services(replace(own_services.settings, base_url=base_url))
    for name in ("Nigar", "Rauf"):
        add_user(services.database, name, "editor")
    with serving(services, port=port):
        yield base_url
    services.close()


@dataclass
class VirtualAuthenticator:
    """Chromium's authenticator for one page, which confirms everything."""

    cdp: CDPSession
    id: str

    @property
    def credentials(self) -> list[dict[str, Any]]:
        credentials: list[dict[str, Any]] = self.cdp.send(
            "WebAuthn.getCredentials", {"authenticatorId": self.id}
        )["credentials"]
        return credentials

    def replace_credential(self, **changes: object) -> None:
        """Replace the only credential by a changed copy."""
        (credential,) = self.credentials
        identity = {"authenticatorId": self.id, "credentialId": credential["credentialId"]}
        self.cdp.send("WebAuthn.removeCredential", identity)
        self.cdp.send(
            "WebAuthn.addCredential", {"authenticatorId": self.id, "credential": {**credential, **changes}}
        )


def plug_in(page: Page, *, verifies_user: bool = True) -> VirtualAuthenticator:
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies_user,
        "automaticPresenceSimulation": True,
    }
    reply = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return VirtualAuthenticator(cdp, reply["authenticatorId"])


def add_passkey(page: Page, name: str = "Phone") -> None:
    page.goto("/en/account/passkeys")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Create passkey").click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/en/sign-in")


def press_passkey(page: Page) -> None:
    page.get_by_role("button", name="Sign in with a passkey").click()


def owner_page(visit: Open) -> tuple[Page, VirtualAuthenticator]:
    """Return the sign-in page of a browser whose authenticator has a passkey of Nigar."""
    page = visit("/en/sign-in?next=/en/account")
    authenticator = plug_in(page)
    sign_in(page, EMAIL)
    add_passkey(page)
    sign_out(page)
    return page, authenticator


@contextmanager
def recorded_responses(page: Page) -> Iterator[list[str]]:
    """Collect the authenticator's responses that the page submits."""
    responses: list[str] = []

    def record(request: Any) -> None:
        fields = parse_qs(request.post_data or "") if request.method == "POST" else {}
        responses.extend(fields.get("response", []))

    page.on("request", record)
    yield responses
    page.remove_listener("request", record)


def refused(page: Page, text: str = "This passkey was not accepted.") -> None:
    expect(page.get_by_role("alert").filter(has_text=text)).to_be_visible()
    page.goto("/en/account")
    assert "/sign-in" in page.url


def submit_response(page: Page, response: str) -> None:
    """Submit a response as an attacker's script would."""
    script = """response => {
      const form = document.querySelector("form[data-passkey]");
      form.elements.response.value = response;
      HTMLFormElement.prototype.submit.call(form);
    }"""
    with page.expect_navigation():
        page.evaluate(script, response)


def test_a_passkey_is_added_used_and_removed(visit: Open) -> None:
    page, authenticator = owner_page(visit)
    press_passkey(page)
    signed_in(page)
    page.goto("/en/account/passkeys")
    row = page.locator(".account-rows li")
    expect(row).to_contain_text("last used")
    row.locator("summary").click()
    row.locator("input[name=password]").fill("not the password")
    row.get_by_role("button", name="Remove passkey").click()
    expect(row.locator(".field-error")).to_have_text("Incorrect password.")
    row.locator("input[name=password]").fill(PASSWORD)
    row.get_by_role("button", name="Remove passkey").click()
    expect(page.locator(".account-rows li")).to_have_count(0)
    sign_out(page)
    press_passkey(page)
    refused(page)
    assert len(authenticator.credentials) == 1


def test_a_passkey_is_the_second_factor(visit: Open) -> None:
    page, _ = owner_page(visit)
    page.locator("#email").fill(EMAIL)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url("**/sign-in/code")
    page.get_by_role("button", name="Use passkey").click()
    signed_in(page)
    page.goto("/en/account")
    assert page.url.endswith("/en/account")


def test_a_new_passkey_brings_recovery_codes(visit: Open) -> None:
    page = visit("/en/sign-in")
    plug_in(page)
    sign_in(page, EMAIL)
    add_passkey(page)
    expect(page.locator(".account-codes li")).to_have_count(10)
    code = page.locator(".account-codes code").first.inner_text()
    sign_out(page)
    page.locator("#email").fill(EMAIL)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.locator("#code").fill(code)
    page.locator("#code").press("Enter")
    signed_in(page)


def test_a_device_is_not_added_twice(visit: Open) -> None:
    page = visit("/en/sign-in")
    plug_in(page)
    sign_in(page, EMAIL)
    add_passkey(page)
    page.goto("/en/account/passkeys")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Create passkey").click()
    expect(page.get_by_role("alert")).to_have_text("This device already has a passkey for your account.")


def test_a_replayed_response_is_refused(visit: Open) -> None:
    page, _ = owner_page(visit)
    with recorded_responses(page) as responses:
        press_passkey(page)
        signed_in(page)
    (response,) = responses
    thief = visit("/en/sign-in")
    submit_response(thief, response)
    refused(thief, "The time to use the passkey has expired.")
    # Nor with a challenge of the thief's own session.
    thief.goto("/en/sign-in")
    thief.evaluate(
        """() => {
          const form = document.querySelector("form[data-passkey]");
          const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
          return fetch(form.dataset.optionsUrl, { method: "POST", body }).then((reply) => reply.json());
        }"""
    )
    submit_response(thief, response)
    refused(thief)


def test_a_challenge_is_used_once(visit: Open) -> None:
    page, _ = owner_page(visit)
    cookies: list[Any] = []
    page.on(
        "request", lambda request: cookies.append(page.context.cookies()) if _has_response(request) else None
    )
    with recorded_responses(page) as responses:
        press_passkey(page)
        signed_in(page)
    # The cookie with its challenge and token, as the browser had it before it signed in.
    thief = visit("/en/sign-in")
    thief.context.clear_cookies()
    thief.context.add_cookies(cookies[0])
    thief.goto("/en/sign-in")
    submit_response(thief, responses[0])
    refused(thief, "The time to use the passkey has expired.")


def _has_response(request: Any) -> bool:
    return request.method == "POST" and "response=" in (request.post_data or "")


def test_a_counter_that_was_rolled_back_is_refused(visit: Open) -> None:
    page, authenticator = owner_page(visit)
    press_passkey(page)
    signed_in(page)
    page.goto("/en/account")
    sign_out(page)
    authenticator.replace_credential(signCount=0)
    press_passkey(page)
    refused(page)


def test_a_passkey_of_another_user_is_no_second_factor(visit: Open) -> None:
    page, authenticator = owner_page(visit)
    sign_in(page, "rauf@example.az")
    # A browser has one internal authenticator at a time.
    authenticator.cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator.id})
    other = plug_in(page)
    add_passkey(page, "Rauf's phone")
    page.goto("/en/account")
    sign_out(page)
    page.locator("#email").fill(EMAIL)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url("**/sign-in/code")
    # An authenticator that ignores which passkeys are allowed.
    with recorded_responses(page) as responses:
        page.evaluate("""() => {
          const get = navigator.credentials.get.bind(navigator.credentials);
          navigator.credentials.get = ({ publicKey }) => get({ publicKey: { ...publicKey, allowCredentials: [] } });
        }""")
        page.get_by_role("button", name="Use passkey").click()
        refused(page)
    assert len(responses) == 1
    assert len(other.credentials) == 1


def test_a_passkey_of_another_site_is_refused(
    visit: Open, own_services: Services, messages: list[str]
) -> None:
    """A page of another origin, whose host is allowed the passkey, gets an answer for itself only."""
    page, _ = owner_page(visit)
    with serving(own_services) as other_url:
        other = other_url.replace("127.0.0.1", "localhost")
        options = page.evaluate(
            """() => {
              const form = document.querySelector("form[data-passkey]");
              const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
              return fetch(form.dataset.optionsUrl, { method: "POST", body }).then((reply) => reply.json());
            }"""
        )
        page.goto(f"{other}/en/about")
        response = page.evaluate(_SIGN_SCRIPT, options["challenge"])
    assert all(other in message for message in messages)
    messages.clear()
    page.goto("/en/sign-in")
    submit_response(page, response)
    refused(page)


#: Signs a challenge on whatever page it runs, as a phishing page would.
_SIGN_SCRIPT = """async (challenge) => {
  const decode = (text) => Uint8Array.from(
    atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const { id, rawId, type, response } = await navigator.credentials.get(
    { publicKey: { challenge: decode(challenge), rpId: "localhost", userVerification: "required" } });
  const fields = ["clientDataJSON", "authenticatorData", "signature", "userHandle"];
  const encoded = Object.fromEntries(fields.map((name) => [name, encode(response[name])]));
  return JSON.stringify({ id, rawId: encode(rawId), type, response: encoded });
}"""


def test_without_a_pin_a_passkey_does_not_replace_the_password(visit: Open) -> None:
    page, authenticator = owner_page(visit)
    authenticator.cdp.send(
        "WebAuthn.setUserVerified", {"authenticatorId": authenticator.id, "isUserVerified": False}
    )
    press_passkey(page)
    expect(page.locator("form[data-passkey] [role=alert]")).to_have_text("No passkey was used. Try again.")


def test_without_scripts_the_password_works(visit: Open) -> None:
    page = visit("/en/sign-in?next=/en/account/passkeys", java_script_enabled=False)
    expect(page.locator("noscript p").first).to_contain_text("Passkeys need JavaScript.")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_disabled()
    sign_in(page, EMAIL)
    expect(page.locator("noscript p").first).to_contain_text("Passkeys need JavaScript.")


@pytest.mark.parametrize("lang", ["az", "ru"])
def test_passkey_pages_are_accessible(visit: Open, lang: str) -> None:
    page = visit(f"/{lang}/sign-in", width=360, bypass_csp=True)
    plug_in(page)
    _check(page)
    sign_in(page, EMAIL)
    page.goto(f"/{lang}/account/passkeys")
    _check(page)
    page.locator("#password").fill(PASSWORD)
    page.locator("[name=step]").click()
    page.locator("form[data-passkey]").wait_for()
    _check(page)
    page.locator("form[data-passkey] button").click()
    page.locator(".account-codes").wait_for()
    page.locator("summary").filter(has=page.locator(".visually-hidden")).first.click()
    _check(page)


def _check(page: Page) -> None:
    assert _width(page) <= 360, page.url
    assert _violations_in_both(page) == [], page.url
