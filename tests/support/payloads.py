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

    def said() -> str:
        return payload(next(texts))

    def everywhere() -> dict[str, str]:
        return {lang: said() for lang in ("az", "en", "ru")}

    sources = [
        {
            "id": f"zererli-menbe-{nth}",
            "csl": {
                "type": "book",
                "title": said(),
                "author": [{"family": said(), "given": said()}, {"literal": said()}],
                "publisher": said(),
                "publisher-place": said(),
                "container-title": said(),
                "page": said(),
            },
        }
        for nth in range(3)
    ]
    cites = [{"source": "zererli-menbe-0", "locator": said()}]
    return {
        "id": person_id,
        "names": [
            {"text": said(), "lang": lang, "kind": "preferred"} for lang in ("az", "en", "ru")
        ]
        + [{"text": said(), "lang": "az", "kind": "variant"}],
        "birth": {
            "date": "1885",
            "place": "baku",
            "original": {"text": said(), "calendar": "hijri"},
            "cites": cites,
        },
        "professions": ["poet"],
        "connection": everywhere(),
        "headline": everywhere(),
        "biography": {
            lang: f"{said()} [@zererli-menbe-1, {said()}]\n\n{said()}"
            for lang in ("az", "en", "ru")
        },
        "events": [{"date": "1900", "text": everywhere(), "cites": cites}],
        "memberships": [{"organisation": "baku-music-academy", "role": everywhere()}],
        "works": [{"title": everywhere(), "date": "1901"}],
        "media": [
            {
                "type": kind,
                "url": f"https://media.example/{kind}?a=%22%3E%3Cscript%3E",
                "licence": said(),
                "author": said(),
                "source": said(),
                "alt": everywhere(),
            }
            for kind in ("image", "video", "audio")
        ],
        "identifiers": {"bbk_az": said(), "other": said()},
        "sources": sources,
    }
