"""Injection payloads that would run as a script or break out of their context if unescaped."""

from typing import Any

#: Each sets `window.ran` if executed; they target text, attributes, scripts, URLs, Markdown.
PAYLOADS = (
    "<script>window.ran=1</script>",
    '"><img src=x onerror=window.ran=1>',
    "' onmouseover='window.ran=1' x='",
    "</title></textarea></style><svg onload=window.ran=1>",
    "[ə](javascript:window.ran=1) ![i](https://attacker.example/i.png)",
    "{{ 7*7 }} ${window.ran=1} <!--",
)
MARK = "Zərərverən"


def payload(nth: int) -> str:
    """Return a payload with a word by which its owner is found."""
    return f"{MARK} {PAYLOADS[nth % len(PAYLOADS)]}"


def hostile_record(person_id: str = "zererveren") -> dict[str, Any]:
    """Return a person with a payload in every text field."""
    texts = iter(range(1_000))

    def payload_text() -> str:
        return payload(next(texts))

    def in_every_language() -> dict[str, str]:
        return {lang: payload_text() for lang in ("az", "en", "ru")}

    sources = [
        {
            "id": f"zererli-menbe-{nth}",
            "csl": {
                "type": "book",
                "title": payload_text(),
                "author": [{"family": payload_text(), "given": payload_text()}, {"literal": payload_text()}],
                "publisher": payload_text(),
                "publisher-place": payload_text(),
                "container-title": payload_text(),
                "page": payload_text(),
            },
        }
        for nth in range(3)
    ]
    cites = [{"source": "zererli-menbe-0", "locator": payload_text()}]
    return {
        "id": person_id,
        "names": [{"text": payload_text(), "lang": lang, "kind": "preferred"} for lang in ("az", "en", "ru")]
        + [{"text": payload_text(), "lang": "az", "kind": "variant"}],
        "birth": {
            "date": "1885",
            "place": "baku",
            "original": {"text": payload_text(), "calendar": "hijri"},
            "cites": cites,
        },
        "professions": ["poet"],
        "connection": in_every_language(),
        "headline": in_every_language(),
        "biography": {
            lang: f"{payload_text()} [@zererli-menbe-1, {payload_text()}]\n\n{payload_text()}"
            for lang in ("az", "en", "ru")
        },
        "events": [{"date": "1900", "text": in_every_language(), "cites": cites}],
        "memberships": [{"organisation": "baku-music-academy", "role": in_every_language()}],
        "works": [{"title": in_every_language(), "date": "1901"}],
        "media": [
            {
                "type": kind,
                "url": f"https://media.example/{kind}?a=%22%3E%3Cscript%3E",
                "licence": payload_text(),
                "author": payload_text(),
                "source": payload_text(),
                "alt": in_every_language(),
            }
            for kind in ("image", "video", "audio")
        ],
        "identifiers": {"bbk_az": payload_text(), "other": payload_text()},
        "sources": sources,
    }
