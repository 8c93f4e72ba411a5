"""The custom elements on a page of another site with a strict policy."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import Locator, Page, expect

from biobank.bootstrap import Services
from biobank.http.widget_assets import list_builds
from tests.browser.conftest import serving
from tests.browser.test_accessibility import AXE, RUN
from tests.browser.widget.conftest import Host, Visitor
from tests.support.host_site import host_site

COMPOSERS = '<biobank-search lang="en" profession="composer" limit="5"></biobank-search>'
#: Type letter by letter, faster than the debounce delay even on a busy machine.
TYPE_RAPIDLY = """(field, text) => {
  for (const letter of text) {
    field.value += letter;
    field.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
  }
}"""


def combobox(page: Page, nth: int = 0) -> Locator:
    return page.get_by_role("combobox").nth(nth)


def options(page: Page) -> Locator:
    return page.get_by_role("option")


def type_in(page: Page, text: str, nth: int = 0) -> None:
    # Typed at once: on a busy machine, a prefix would get its own response.
    combobox(page, nth).focus()
    page.keyboard.insert_text(text)
    options(page).first.wait_for()


def active(page: Page) -> str:
    """Return the text of the active option; empty if there is none."""
    return str(
        page.evaluate(
            """() => { const root = document.activeElement.shadowRoot;
            const id = root.activeElement.getAttribute("aria-activedescendant");
            return id ? root.getElementById(id).textContent : ""; }"""
        )
    )


def element_events(page: Page) -> list[str]:
    return [str(kind) for kind, _detail in page.evaluate("window.told")]


def test_people_match_in_any_spelling_within_the_filters(host: Host) -> None:
    page = host.open(COMPOSERS)
    type_in(page, "гаджиб")
    assert "Uzeyir Hajibeyov" in options(page).first.inner_text()
    assert "1885–1948" in options(page).first.inner_text()
    # The match reason, if the shown name does not explain it.
    assert "Узеир Гаджибеков" in options(page).first.inner_text()
    # A journalist of that name does not match the filter.
    assert "Jeyhun" not in page.get_by_role("listbox").inner_text()
    expect(page.get_by_role("status")).to_have_text("3 suggestions")
    detail = page.evaluate("window.told.at(-1)[1]")
    assert detail["query"] == "гаджиб"
    assert detail["people"][0]["id"] == "uzeyir-hacibeyov"


def test_words_of_biographies_match(host: Host) -> None:
    page = host.open(COMPOSERS)
    type_in(page, "opera")
    # At most `limit` results, followed by the link to the bank.
    assert options(page).count() == 6
    assert "opera" in options(page).last.inner_text()


def test_person_is_selected_by_keyboard(host: Host) -> None:
    page = host.open(COMPOSERS)
    page.keyboard.press("Tab")
    page.keyboard.insert_text("haji")
    options(page).first.wait_for()
    field = combobox(page)
    assert field.get_attribute("aria-expanded") == "true"
    names = [text.split("\n")[0] for text in options(page).all_inner_texts()]
    assert active(page) == ""
    for key, at in (("ArrowDown", 0), ("ArrowDown", 1), ("End", 3), ("Home", 0), ("ArrowUp", None)):
        page.keyboard.press(key)
        assert active(page).startswith(names[at][:8]) if at is not None else not active(page), key
    page.keyboard.press("ArrowUp")
    assert "haji" in active(page)
    page.keyboard.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    assert field.input_value() == "haji"
    page.keyboard.press("ArrowDown")
    options(page).first.wait_for()
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{host.bank}/en/people/uzeyir-hacibeyov"


def test_home_and_end_move_the_caret_without_selection(host: Host) -> None:
    page = host.open(COMPOSERS)
    type_in(page, "aji")
    page.keyboard.press("Home")
    page.keyboard.type("h")
    assert combobox(page).input_value() == "haji"


def test_tab_moves_to_the_button_and_closes_the_list(host: Host) -> None:
    page = host.open(COMPOSERS)
    type_in(page, "haji")
    page.keyboard.press("Tab")
    assert page.get_by_role("listbox").count() == 0
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.tagName") == "BUTTON"


def test_arrow_down_in_empty_field_suggests_people(host: Host) -> None:
    page = host.open(COMPOSERS)
    combobox(page).press("ArrowDown")
    options(page).first.wait_for()
    assert "Uzeyir Hajibeyov" in options(page).first.inner_text()
    assert options(page).count() == 6


def test_enter_without_selection_opens_the_search(host: Host) -> None:
    page = host.open(COMPOSERS)
    combobox(page).fill("opera")
    with page.expect_navigation():
        combobox(page).press("Enter")
    assert page.url == f"{host.bank}/en/search?q=opera&profession=composer"


def test_host_can_cancel_the_default_action(host: Host) -> None:
    page = host.open(COMPOSERS)
    page.evaluate(
        """for (const type of ["select", "submit"])
        document.addEventListener(`biobank-${type}`, (event) => event.preventDefault())"""
    )
    type_in(page, "haji")
    options(page).first.click()
    combobox(page).press("Enter")
    page.wait_for_function("window.told.some(([type]) => type === 'submit')")
    assert page.url == f"{host.site.address}/"
    event_details = dict(page.evaluate("window.told"))
    assert event_details["select"] == {
        "id": "uzeyir-hacibeyov",
        "name": "Uzeyir Hajibeyov",
        "url": f"{host.bank}/en/people/uzeyir-hacibeyov",
    }
    assert event_details["submit"]["query"] == "Uzeyir Hajibeyov"


@pytest.mark.parametrize(
    ("lang", "singular", "few", "plural"),
    [
        ("az", "1 təklif", "2 təklif", "5 təklif"),
        ("en", "1 suggestion", "2 suggestions", "5 suggestions"),
        ("ru", "1 вариант", "2 варианта", "5 вариантов"),
    ],
)
def test_counts_are_announced_in_the_plurals_of_each_language(
    host: Host, lang: str, singular: str, few: str, plural: str
) -> None:
    page = host.open(f'<biobank-search lang="{lang}"></biobank-search>')
    for limit, words in ((1, singular), (2, few), (5, plural)):
        page.evaluate("limit => { document.querySelector('biobank-search').limit = limit }", limit)
        combobox(page).fill("")
        type_in(page, "m")
        expect(page.get_by_role("status")).to_have_text(words)
    combobox(page).fill("qqqxyzzy")
    options(page).filter(has_text="qqqxyzzy").wait_for()
    assert options(page).count() == 1


@pytest.mark.parametrize(
    ("lang", "placeholder", "name"),
    [
        ("az", "Ad, yer, peşə…", "Üzeyir Hacıbəyov"),
        ("en", "Name, place, profession…", "Uzeyir Hajibeyov"),
        ("ru", "Имя, место, профессия…", "Узеир Гаджибеков"),
    ],
)
def test_lang_attribute_changes_apply(host: Host, lang: str, placeholder: str, name: str) -> None:
    page = host.open('<biobank-search lang="az"></biobank-search>')
    page.evaluate("lang => { document.querySelector('biobank-search').lang = lang }", lang)
    page.get_by_placeholder(placeholder).wait_for()
    type_in(page, "uzeyir h")
    assert name in options(page).first.inner_text()


def test_default_language_is_that_of_the_page(host: Host) -> None:
    page = host.open('<div lang="ru-RU"><biobank-search></biobank-search></div>')
    assert page.get_by_placeholder("Имя, место, профессия…").count() == 1


def test_attribute_changes_apply(host: Host) -> None:
    page = host.open(COMPOSERS)
    element = page.locator("biobank-search")
    element.evaluate(
        """it => {
        it.removeAttribute("profession");
        it.setAttribute("gender", "female");
        it.setAttribute("placeholder", "Who?");
        it.setAttribute("label", "Find her");
        it.limit = 2; }"""
    )
    page.get_by_label("Find her").wait_for()
    assert combobox(page).get_attribute("placeholder") == "Who?"
    type_in(page, "m")
    assert options(page).count() == 3
    assert "Maral" in options(page).first.inner_text()


def test_themes_and_colours_of_the_host(host: Host) -> None:
    # The host style sheet is added by a script.
    page = host.open(
        '<biobank-search id="a" theme="auto"></biobank-search>'
        '<biobank-search id="l" theme="light"></biobank-search>'
        '<biobank-search id="d" theme="dark"></biobank-search>',
        color_scheme="dark",
    )
    light, dark = "rgb(253, 250, 243)", "rgb(37, 29, 25)"
    grounds = {name: _ground(page, name) for name in "ald"}
    assert grounds == {"a": dark, "l": light, "d": dark}
    page.emulate_media(color_scheme="light")
    assert _ground(page, "a") == light
    page.evaluate(
        """() => {
        const sheet = new CSSStyleSheet();
        sheet.insertRule("#a { --biobank-ground: rgb(1, 2, 3) }");
        sheet.insertRule("#a::part(input) { color: rgb(4, 5, 6) }");
        document.adoptedStyleSheets = [sheet]; }"""
    )
    assert _ground(page, "a") == "rgb(1, 2, 3)"
    assert _of_input(page, "a", "color") == "rgb(4, 5, 6)"
    assert _ground(page, "l") == light


def test_host_universal_styles_do_not_leak_in(host: Host) -> None:
    page = host.open(
        '<div dir="rtl"><biobank-search lang="en" label="Find"></biobank-search>'
        '<biobank-person person="mirze-fetali-axundzade" lang="az"></biobank-person></div>'
    )
    page.evaluate(
        """() => {
        const sheet = new CSSStyleSheet();
        sheet.insertRule("* { text-transform: uppercase; letter-spacing: 9px; text-indent: 3em;"
          + " text-align: center; font-style: italic; line-height: 4; white-space: nowrap }");
        document.adoptedStyleSheets = [sheet]; }"""
    )
    type_in(page, "mammadg")
    name = options(page).first.locator("[part=name]")
    card = page.locator("biobank-person [part=headline]")
    for part in (name, card, page.locator("biobank-search [part=label]")):
        styles = part.evaluate(
            """it => { const style = getComputedStyle(it);
            return [style.textTransform, style.letterSpacing, style.textIndent, style.textAlign,
              style.fontStyle, style.whiteSpace, style.direction]; }"""
        )
        assert styles == ["none", "normal", "0px", "start", "normal", "normal", "ltr"]
    # Years keep their order on right-to-left pages.
    assert name.locator("xpath=..").inner_text().startswith("Jalil Mammadguluzadeh")
    left, right = (name.locator(part).bounding_box() for part in ("bdi", "[part=years]"))
    assert left
    assert right
    assert left["x"] < right["x"]


def test_empty_results_are_announced(host: Host) -> None:
    page = host.open(COMPOSERS)
    type_in(page, "qqqwww")
    assert options(page).count() == 1
    assert options(page).inner_text() == "No results found. All results for “qqqwww”"
    assert page.get_by_role("status").inner_text() == "No results found."


def _ground(page: Page, element: str) -> str:
    return _of_input(page, element, "backgroundColor")


def _of_input(page: Page, element: str, what: str) -> str:
    return str(page.locator(f"#{element} input").evaluate("(it, what) => getComputedStyle(it)[what]", what))


def test_two_elements_are_independent(host: Host) -> None:
    page = host.open(
        COMPOSERS + '<biobank-search lang="ru" profession="poet" limit="3"></biobank-search>'
        '<biobank-person id="uzeyir-hacibeyov" lang="ru"></biobank-person>'
    )
    type_in(page, "haji", 0)
    assert "Uzeyir Hajibeyov" in options(page).first.inner_text()
    type_in(page, "низ", 1)
    page.get_by_role("option", name="Низами Гянджеви").wait_for()
    # The first list closes when its field loses focus.
    assert page.get_by_role("listbox").count() == 1
    assert combobox(page, 0).input_value() == "haji"
    page.get_by_role("link", name="Узеир Гаджибеков").wait_for()


def test_only_the_last_query_is_shown(host: Host) -> None:
    page = host.open(COMPOSERS)
    page.route(f"{host.bank}/api/v1/cards?q=h&*", lambda route: None)  # never answered
    with page.expect_request(lambda route: "q=h&" in route.url):
        combobox(page).fill("h")
    combobox(page).fill("haji")
    options(page).first.wait_for()
    assert page.evaluate("window.told.map(([type, it]) => [type, it.query])") == [["results", "haji"]]
    # Fast typing causes a single request.
    with page.expect_request(lambda route: "q=hajibeyov&" in route.url):
        combobox(page).evaluate(TYPE_RAPIDLY, "beyov")
    assert [request.url.count("q=hajib") for request in host.visitor.requests].count(1) == 1


def test_bank_is_unreachable(visitor: Visitor, services: Services) -> None:
    with ExitStack() as sites, ExitStack() as stack:
        bank = stack.enter_context(serving(services))
        site = sites.enter_context(host_site(bank))
        page = visitor.open(site, COMPOSERS)
        combobox(page).wait_for()
        stack.close()
        combobox(page).focus()
        page.keyboard.insert_text("opera")
        page.get_by_text("The Biography Bank is currently unavailable.").wait_for()
        link = page.get_by_role("link")
        assert link.get_attribute("href") == f"{bank}/en/search?q=opera&profession=composer"
        assert page.get_by_role("listbox").count() == 0
        assert page.evaluate("window.told")[0][0] == "error"
        assert page.evaluate("window.told")[0][1]["status"] == 0
        page.evaluate("document.body.append(document.createElement('biobank-person'))")
        page.evaluate("document.querySelector('biobank-person').person = 'uzeyir-hacibeyov'")
        page.locator("biobank-person").get_by_text("currently unavailable").wait_for()


def test_fallback_link_without_script(visitor: Visitor, services: Services) -> None:
    with ExitStack() as sites, ExitStack() as stack:
        bank = stack.enter_context(serving(services))
        site = sites.enter_context(host_site(bank))
        stack.close()
        page = visitor.open(site, '<biobank-search><a href="/az/search">Axtar</a></biobank-search>')
        assert page.get_by_role("link", name="Axtar").is_visible()


def test_card_of_person_and_of_unknown_person(host: Host) -> None:
    page = host.open(
        '<biobank-person id="uzeyir-hacibeyov" lang="ru"></biobank-person>'
        '<biobank-person person="nobody" lang="en"></biobank-person>'
    )
    card = page.locator("biobank-person").first
    link = card.get_by_role("link", name="Узеир Гаджибеков")
    link.wait_for()
    assert link.get_attribute("href") == f"{host.bank}/ru/people/uzeyir-hacibeyov"
    text = card.locator("[part=card]").inner_text()
    assert "1885–1948" in text
    assert "композитор" in text
    assert card.locator("img").evaluate("it => it.decode().then(() => it.naturalWidth > 0)")
    page.get_by_text("Biography not found.").wait_for()
    page.locator("biobank-person").first.evaluate("it => { it.id = 'nizami-gencevi' }")
    page.get_by_role("link", name="Низами Гянджеви").wait_for()
    assert element_events(page)[-1] == "load"


def test_a_pinned_build_is_checked_by_the_browser(host: Host) -> None:
    latest_build = list_builds()[0]
    script = '<script type="module" src="{}/widget/{}" integrity="{}" crossorigin="anonymous"></script>'
    host.site.head = script.format(host.bank, latest_build.file, latest_build.integrity)
    page = host.open(COMPOSERS)
    type_in(page, "haji")
    host.site.head = script.format(host.bank, latest_build.file, "sha384-" + "A" * 64)
    page = host.open(COMPOSERS)
    assert combobox(page).count() == 0
    assert any("integrity" in text for text in host.visitor.console)
    host.visitor.console.clear()


def test_element_works_under_the_strictest_policy(host: Host) -> None:
    host.site.policy += "; require-trusted-types-for 'script'; form-action {bank}; base-uri 'none'"
    host.site.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    host.site.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    page = host.open(COMPOSERS + '<biobank-person person="niyazi" lang="en"></biobank-person>')
    assert page.evaluate("crossOriginIsolated")
    page.get_by_role("link", name="Niyazi").wait_for()
    type_in(page, "haji")
    picture = options(page).first.locator("img")
    assert picture.evaluate("it => it.decode().then(() => it.naturalWidth > 0)")
    combobox(page).press("Escape")
    with page.expect_navigation():
        combobox(page).press("Enter")
    assert page.url.startswith(f"{host.bank}/en/search?q=haji")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["az", "en", "ru"])
def test_elements_have_no_axe_violations(host: Host, scheme: str, lang: str) -> None:
    markup_attributes = f'lang="{lang}" theme="{scheme}"'
    page = host.open(
        f"<biobank-search {markup_attributes}></biobank-search>"
        f'<biobank-search {markup_attributes} label="?!" limit="3"></biobank-search>'
        f'<biobank-person {markup_attributes} person="uzeyir-hacibeyov"></biobank-person>'
        f'<biobank-person {markup_attributes} person="nobody"></biobank-person>',
        bypass_csp=True,
        viewport={"width": 360, "height": 800},
    )
    page.locator("biobank-person").nth(0).get_by_role("link").wait_for()
    page.locator("biobank-person").nth(1).get_by_role("link").wait_for()
    assert violations(page) == []
    type_in(page, "haji")
    combobox(page).press("ArrowDown")
    assert violations(page) == []
    combobox(page).fill("qqqxyzzy")
    page.wait_for_function("() => window.told.at(-1)[1].people?.length === 0")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def violations(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    violations_found = page.evaluate(f"({RUN})(axe)")["violations"]
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in violations_found
        for node in violation["nodes"]
    ]
