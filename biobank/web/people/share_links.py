"""Plain share links, which load nothing from a network before they are followed."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from biobank.web.core.urls import Link

#: Networks by language, the most used ones first.
NETWORK_ORDER: Final = {
    "az": ("whatsapp", "telegram", "facebook", "x", "linkedin"),
    "en": ("facebook", "x", "linkedin", "whatsapp", "telegram"),
    "ru": ("telegram", "vk", "whatsapp", "x", "facebook"),
}
#: Label, share URL, and names of its parameters for the URL and title of a page.
NETWORKS: Final = {
    "telegram": ("Telegram", "https://t.me/share/url", "url", "text"),
    "facebook": ("Facebook", "https://www.facebook.com/sharer/sharer.php", "u", ""),
    "x": ("X", "https://x.com/intent/post", "url", "text"),
    "linkedin": ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/", "url", ""),
    "vk": ("VK", "https://vk.com/share.php", "url", "title"),
}


@dataclass(frozen=True)
class ShareLinks:
    """Absolute URL and title of a page, with the links that share it."""

    address: str
    title: str
    networks: tuple[Link, ...]
    mail: str


def make_share_links(address: str, title: str, lang: str) -> ShareLinks:
    return ShareLinks(
        address=address,
        title=title,
        networks=tuple(_network_link(name, address, title) for name in NETWORK_ORDER[lang]),
        # Mail programs decode %20 as a space, but not a plus.
        mail=f"mailto:?subject={quote(title, safe='')}&body={quote(address, safe='')}",
    )


def _network_link(name: str, address: str, title: str) -> Link:
    if name == "whatsapp":
        return Link("WhatsApp", f"https://wa.me/?{_encode_query(text=f'{title} {address}')}")
    label, url, url_param, title_param = NETWORKS[name]
    params = {url_param: address, **({title_param: title} if title_param else {})}
    return Link(label, f"{url}?{_encode_query(**params)}")


def _encode_query(**values: str) -> str:
    return urlencode(values, quote_via=quote, safe="")
