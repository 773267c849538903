from __future__ import annotations

import random
import string

import pytest
from devkit_githooks.content import PLAIN, SECRET, judge
from devkit_githooks.secrets import find_secrets

_SIGNS = random.Random(7)  # noqa: S311 - examples, the same for everyone


def made(length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return "".join(_SIGNS.choices(alphabet, k=length))


UPPER = string.ascii_uppercase + "234567"
TOKENS = {
    "an AWS access key": "AKIA" + made(16, UPPER),
    "a GitHub token": "ghp_" + made(36),
    "a GitLab token": "glpat-" + made(20),
    "a Slack token": "xoxb-" + made(12, string.digits) + "-" + made(24),
    "a Slack web hook": "https://hooks.slack.com/services/T"
    + made(8, UPPER)
    + "/B"
    + made(8, UPPER)
    + "/"
    + made(24),
    "a Stripe key": "sk_live_" + made(24),
    "a Google API key": "AIza" + made(35),
    "an npm token": "npm_" + made(36),
    "a PyPI token": "pypi-AgE" + made(60),
    "a private key": "-----BEGIN RSA PRIVATE KEY-----\n" + made(64) + "\n",
}


@pytest.mark.parametrize(("what", "token"), TOKENS.items())
def test_a_secret_is_found_with_its_line(what: str, token: str) -> None:
    data = f"first\nkey = '{token}'\n".encode()
    assert find_secrets(data) == [(2, what)]
    assert judge(data, PLAIN, SECRET) == SECRET


@pytest.mark.parametrize(
    "text",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "x" * 36,
        "glpat-" + "short",
        "sk_test_" + made(24),
        "-----BEGIN PUBLIC KEY-----\n" + made(64) + "\n",
        "if text.startswith('-----BEGIN PRIVATE KEY-----'):",
        "a" + TOKENS["an AWS access key"],
    ],
)
def test_examples_and_likenesses_are_no_secrets(text: str) -> None:
    assert find_secrets(text.encode()) == []


def test_a_mark_in_the_line_or_the_one_before_allows_it() -> None:
    token = TOKENS["a GitHub token"]
    assert find_secrets(f"{token}  # devkit: allow-secret\n".encode()) == []
    assert find_secrets(f"# devkit: allow-secret\n{token}\n".encode()) == []
    assert find_secrets(f"# devkit: allow-secret\n\n{token}\n".encode()) == [(3, "a GitHub token")]


def test_a_key_in_a_string_of_json_is_found() -> None:
    data = ('{"key": "-----BEGIN PRIVATE KEY-----\\n' + made(64) + '\\n"}').encode()
    assert find_secrets(data) == [(1, "a private key")]
