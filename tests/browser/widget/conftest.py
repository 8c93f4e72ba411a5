"""Somebody who reads a page of another site that embeds the bank."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request

from tests.browser.conftest import EXPECTED
from tests.support.host_site import HostSite, host_site

#: What the elements tell their host is kept in `window.told`.
KEEP = """() => {
  window.told = [];
  for (const type of ["results", "select", "submit", "error", "load"])
    document.addEventListener(`biobank-${type}`, (event) => window.told.push([type, event.detail]));
}"""


@dataclass
class Visitor:
    """Opens a host's page; what the page says in the console and asks for is kept."""

    browser: Browser
    said: list[str] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, site: HostSite, body: str, **options: Any) -> Page:
        site.body = body
        context = self.browser.new_context(reduced_motion="reduce", **options)
        context.set_default_timeout(30_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda it: self.said.append(it.text))
        page.on("pageerror", lambda it: self.said.append(str(it)))
        context.on("request", lambda it: self.asked.append(it))
        page.goto(site.address)
        if options.get("java_script_enabled", True):
            page.evaluate(KEEP)
        return page


class Host:
    """The site of somebody else that embeds `address`, and who reads it."""

    def __init__(self, visitor: Visitor, site: HostSite) -> None:
        self.visitor = visitor
        self.site = site
        self.bank = site.bank

    def open(self, body: str, **options: Any) -> Page:
        return self.visitor.open(self.site, body, **options)

    def assert_quiet(self) -> None:
        """The console was silent, and nobody but the bank and the site was asked."""
        unexpected = [text for text in self.visitor.said if not text.startswith(EXPECTED)]
        assert unexpected == []
        asked = {urlsplit(request.url).netloc for request in self.visitor.asked} - {""}
        assert asked <= {urlsplit(self.site.address).netloc, urlsplit(self.bank).netloc}


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    found = Visitor(browser)
    yield found
    for context in found.contexts:
        # Neither the bank nor the host set any.
        assert context.cookies() == []
        context.close()


@pytest.fixture
def host(visitor: Visitor, address: str) -> Iterator[Host]:
    """A host of the bank that nobody writes to; quiet to the end."""
    with ExitStack() as stack:
        found = Host(visitor, stack.enter_context(host_site(address)))
        yield found
        found.assert_quiet()


@pytest.fixture
def visit_plain(browser: Browser, address: str) -> Iterator[Page]:
    """A page of the bank in a browser that runs no script."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()
