"""Signing in as people do, by the form."""

from playwright.sync_api import Page

from tests.support.users import PASSWORD


def sign_in(page: Page, email: str) -> None:
    """Sends the form that the page shows; what it leads to is loaded, its scripts too.

    The address of the form may end in where it leads to: waiting for that ending waits for nothing.
    """
    page.locator("#email").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    signed_in(page)


def signed_in(page: Page) -> None:
    """The form is left behind, and the next page loaded."""
    page.wait_for_url(lambda url: "/sign-in" not in url)
