"""Fixtures: a visitor of another site that embeds the bank."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request

from tests.browser.conftest import EXPECTED
from tests.support.host_site import HostSite, host_site

#: Records the events of the elements in `window.told`.
RECORD_EVENTS = """() => {
  window.told = [];
  for (const type of ["results", "select", "submit", "error", "load"])
    document.addEventListener(`biobank-${type}`, (event) => window.told.push([type, event.detail]));
}"""


@dataclass
class Visitor:
    """A browser that opens host pages and records their console messages and requests."""

    browser: Browser
    console: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, site: HostSite, body: str, **options: Any) -> Page:
        site.body = body
        context = self.browser.new_context(reduced_motion="reduce", **options)
        context.set_default_timeout(30_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda message: self.console.append(str(message)))
        context.on("request", lambda message: self.requests.append(message))
        page.goto(site.address)
        if options.get("java_script_enabled", True):
            page.evaluate(RECORD_EVENTS)
        return page


class Host:
    """A host site that embeds the bank, and its visitor."""

    def __init__(self, visitor: Visitor, site: HostSite) -> None:
        self.visitor = visitor
        self.site = site
        self.bank = site.bank

    def open(self, body: str, **options: Any) -> Page:
        return self.visitor.open(self.site, body, **options)

    def assert_quiet(self) -> None:
        """Assert that the console is empty and only the bank and the host were contacted."""
        unexpected = [text for text in self.visitor.console if not text.startswith(EXPECTED)]
        assert unexpected == []
        hosts = {urlsplit(request.url).netloc for request in self.visitor.requests} - {""}
        assert hosts <= {urlsplit(self.site.address).netloc, urlsplit(self.bank).netloc}


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    new_visitor = Visitor(browser)
    yield new_visitor
    for context in new_visitor.contexts:
        # Neither the bank nor the host sets cookies.
        assert context.cookies() == []
        context.close()


@pytest.fixture
def host(visitor: Visitor, address: str) -> Iterator[Host]:
    """Serve a host of the read-only bank, and check its console at teardown."""
    with ExitStack() as stack:
        new_host = Host(visitor, stack.enter_context(host_site(address)))
        yield new_host
        new_host.assert_quiet()


@pytest.fixture
def visit_plain(browser: Browser, address: str) -> Iterator[Page]:
    """Open pages in a browser without JavaScript."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()
