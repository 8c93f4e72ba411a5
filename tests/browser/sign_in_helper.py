"""Helper that signs in by the form."""

from playwright.sync_api import Page

from tests.support.users import PASSWORD


def sign_in(page: Page, email: str) -> None:
    """Submit the sign-in form and wait for the next page with its scripts.

    The URL of the form may end in the target path, so waiting for that path is not enough.
    """
    page.locator("#email").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    signed_in(page)


def signed_in(page: Page) -> None:
    """Wait until the next page is loaded."""
    page.wait_for_url(lambda url: "/sign-in" not in url)
