from __future__ import annotations

import pytest

from devkit.cli.words import read_request


@pytest.mark.parametrize(
    ("line", "wish"),
    [
        ("", "help"),
        ("--help", "help"),
        ("-h", "help"),
        ("--version", "version"),
        ("-q --no-plugins --help", "help"),
        ("-C dir --color never --version", "version"),
        ("--color=never -pNAME -p NAME --plugin=NAME -h", "help"),
        ("--json --version", "version"),
        ("completion bash", "completion"),
        ("-q completion answers -- a", "completion"),
        ("completion", ""),
        ("init --help", ""),
        ("-C --help", ""),
        ("-C", ""),
        ("-qv --help", ""),
        ("--help=yes", ""),
        ("--unknown --help", ""),
        ("-- --help", ""),
        ("- --help", ""),
        ("--no-plugins", ""),
    ],
)
def test_a_wish_is_recognised_where_click_would_grant_it(line: str, wish: str) -> None:
    assert read_request(line.split()).wish == wish


def test_what_comes_before_the_command_is_read() -> None:
    request = read_request(["-p", "one", "--plugin=two", "-pthree", "--no-plugins", "run", "test", "-p", "four"])
    assert (request.command, request.position, list(request.rest)) == ("run", 5, ["test", "-p", "four"])
    assert request.plugins == ["one", "two", "three"]
    assert request.no_plugins


@pytest.mark.parametrize("line", ["--json --help", "--help --json"])
def test_json_is_seen_on_either_side(line: str) -> None:
    assert read_request(line.split()).is_json
