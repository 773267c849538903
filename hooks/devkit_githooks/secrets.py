"""Tokens and private keys, by rules so precise that a finding is worth a stop."""

import re

MARK = b"devkit: allow-secret"
"""In the line of a finding, or in the one before, it says that this is none."""

_RULES = (
    ("an AWS access key", rb"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])"),
    (
        "a GitHub token",
        rb"(?<![A-Za-z0-9_])(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{82})(?![A-Za-z0-9_])",
    ),
    ("a GitLab token", rb"(?<![A-Za-z0-9_-])glpat-[A-Za-z0-9_-]{20,}"),
    ("a Slack token", rb"(?<![A-Za-z0-9])xox[abprs]-[0-9]{8,}-[A-Za-z0-9-]{16,}"),
    ("a Slack web hook", rb"hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,}"),
    ("a Stripe key", rb"(?<![A-Za-z0-9_])[rs]k_live_[A-Za-z0-9]{24,}"),
    ("a Google API key", rb"(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
    ("an npm token", rb"(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9_])"),
    ("a PyPI token", rb"(?<![A-Za-z0-9_-])pypi-AgE[A-Za-z0-9_-]{40,}"),
    (
        "a private key",
        (
            rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\\r)?(?:\\n|[ \t]*\r?\n)[ \t\"'+]*"
            rb"(?:[A-Za-z0-9+/=]{16}|[A-Za-z-]+: |\r?\n)"
        ),
    ),
)
_PLACEHOLDER = re.compile(rb"EXAMPLE|example|(.)\1{9}|0123456789|1234567890", re.DOTALL)


def find_secrets(data: bytes) -> list[tuple[int, str]]:
    """Return the line of each secret, from 1 on, and what it is."""
    found: dict[int, str] = {}
    for name, pattern in _RULES:
        for match in re.finditer(pattern, data):
            line = data.count(b"\n", 0, match.start()) + 1
            if not _PLACEHOLDER.search(match.group()) and not _is_allowed(data, match.start()):
                found.setdefault(line, name)
    return sorted(found.items())


def _is_allowed(data: bytes, position: int) -> bool:
    end = data.find(b"\n", position)
    start = data.rfind(b"\n", 0, max(data.rfind(b"\n", 0, position), 0)) + 1
    return MARK in data[start : end if end >= 0 else len(data)]
