"""The table of OWASP ASVS requirements: `python -m tests.docs.asvs_table` makes the page from the file."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "docs" / "security" / "asvs.yaml"
PAGE = SOURCE.with_suffix(".md")
#: The answers a requirement may have, with their headings in the summary.
ANSWERS = {
    "tests": "by tests",
    "docs": "by documentation",
    "not_applicable": "does not apply",
    "open": "open",
}
#: Chapters of the standard.
CHAPTERS = {
    1: "Encoding and sanitization",
    2: "Validation and business logic",
    3: "Web frontend security",
    4: "API and web service",
    5: "File handling",
    6: "Authentication",
    7: "Session management",
    8: "Authorization",
    9: "Self-contained tokens",
    10: "OAuth and OIDC",
    11: "Cryptography",
    12: "Secure communication",
    13: "Configuration",
    14: "Data protection",
    15: "Secure coding and architecture",
    16: "Security logging and error handling",
    17: "WebRTC",
}
INTRODUCTION = """\
# OWASP ASVS 5.0

How the [Application Security Verification Standard](https://owasp.org/www-project-application-security-verification-standard/)
5.0.0 is met at levels 1 and 2: for each requirement the tests that show it, the documentation where that is asked for,
the reason why it does not apply, or what is missing. Numbers and levels are those of the standard (CC BY-SA 4.0), the
texts are summaries. This page is made from `docs/security/asvs.yaml` by `python -m tests.docs.asvs_table`; a test
fails if a named test or heading does not exist.
"""

Requirement = dict[str, Any]


def load_requirements() -> list[Requirement]:
    """Return the requirements of the file."""
    requirements: list[Requirement] = yaml.safe_load(SOURCE.read_text("utf-8"))
    return requirements


def chapter_of(requirement: Requirement) -> int:
    return int(requirement["number"].partition(".")[0])


def answer_of(requirement: Requirement) -> str:
    """Return the name of the only answer.

    Raises:
        ValueError: there is none, or more than one.
    """
    (answer,) = set(requirement) & set(ANSWERS)
    return answer


def render_page(requirements: Sequence[Requirement]) -> str:
    """Return the page in Markdown."""
    parts = [INTRODUCTION, _summary(requirements)]
    opened = [requirement for requirement in requirements if answer_of(requirement) == "open"]
    parts.append(
        "## Open\n\n" + "\n".join(f"- {entry['number']}: {entry['open']}" for entry in opened) + "\n"
    )
    for number, title in CHAPTERS.items():
        chapter = [requirement for requirement in requirements if chapter_of(requirement) == number]
        rows = [_row(requirement) for requirement in chapter]
        head = f"## V{number} {title}\n\n| number | level | requirement | shown by |\n|---|---|---|---|\n"
        parts.append(head + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _summary(requirements: Sequence[Requirement]) -> str:
    counts = Counter((requirement["level"], answer_of(requirement)) for requirement in requirements)
    lines = [
        "| level | requirements | " + " | ".join(ANSWERS.values()) + " |",
        "|---" * (len(ANSWERS) + 2) + "|",
    ]
    for level in (1, 2):
        values = [counts[level, answer] for answer in ANSWERS]
        lines.append(f"| {level} | {sum(values)} | " + " | ".join(map(str, values)) + " |")
    return "\n".join(lines) + "\n"


def _row(requirement: Requirement) -> str:
    answer = answer_of(requirement)
    value = requirement[answer]
    if answer == "tests":
        text = "<br>".join(f"`{name}`" for name in value)
    elif answer == "docs":
        path, _, anchor = value.partition("#")
        target = Path(path).relative_to("docs")
        text = f"[{anchor.replace('-', ' ')}](../{target}#{anchor})"
    else:
        text = f"{'Open' if answer == 'open' else 'Does not apply'}: {value}"
    return f"| {requirement['number']} | {requirement['level']} | {requirement['about']} | {text} |"


if __name__ == "__main__":
    PAGE.write_text(render_page(load_requirements()), "utf-8")
