"""Plain links by which a page is passed on; nobody is asked anything before one is followed."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from biobank.web.links import Link

#: Which networks are offered, those first that readers of the language use most.
ORDER: Final = {
    "az": ("whatsapp", "telegram", "facebook", "x", "linkedin"),
    "en": ("facebook", "x", "linkedin", "whatsapp", "telegram"),
    "ru": ("telegram", "vk", "whatsapp", "x", "facebook"),
}
#: What each is called, and where it takes a page: the names of address and title there.
NETWORKS: Final = {
    "telegram": ("Telegram", "https://t.me/share/url", "url", "text"),
    "facebook": ("Facebook", "https://www.facebook.com/sharer/sharer.php", "u", ""),
    "x": ("X", "https://x.com/intent/post", "url", "text"),
    "linkedin": ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/", "url", ""),
    "vk": ("VK", "https://vk.com/share.php", "url", "title"),
}


@dataclass(frozen=True)
class Share:
    """A page to be passed on: its full address, its title, and the links that do it."""

    address: str
    title: str
    networks: tuple[Link, ...]
    mail: str


def make_share(address: str, title: str, lang: str) -> Share:
    return Share(
        address=address,
        title=title,
        networks=tuple(_network(name, address, title) for name in ORDER[lang]),
        # Mail programs read %20 as a space, and a plus as a plus.
        mail=f"mailto:?subject={quote(title, safe='')}&body={quote(address, safe='')}",
    )


def _network(name: str, address: str, title: str) -> Link:
    if name == "whatsapp":
        return Link("WhatsApp", f"https://wa.me/?{_query(text=f'{title} {address}')}")
    label, url, of_address, of_title = NETWORKS[name]
    told = {of_address: address, **({of_title: title} if of_title else {})}
    return Link(label, f"{url}?{_query(**told)}")


def _query(**values: str) -> str:
    return urlencode(values, quote_via=quote, safe="")
