from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from devkit.errors import BAD_ANSWER, TEMPLATE_INVALID, DevkitError
from devkit.render.answers import Question, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.api.values import Value
    from devkit.render.source import TemplateSource

    Make = Callable[..., TemplateSource]

VARIABLES: dict[str, Any] = {
    "slug": "shop",
    "name": "{{ cookiecutter.slug|upper }}",
    "is_big": True,
    "license": ["MIT", "{{ cookiecutter.slug }}-license"],
    "options": {"a": {"x": "{{ cookiecutter.name }}", "y": "2"}, "b": "3"},
    "late": "{{ cookiecutter.license }}",
    "_private": "p",
    "__derived": "{{ cookiecutter.slug }}",
    "__prompts__": {
        "slug": "The slug",
        "license": {"__prompt__": "Which license", "MIT": "the short one"},
        "name": "a\x1b[31m\nb",
    },
}


def failure(source: TemplateSource, given: dict[str, Value]) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        resolve(source, given, None)
    return caught.value


def test_defaults_follow_from_the_answers_before_them(make_template: Make) -> None:
    assert resolve(make_template(VARIABLES), {"slug": "bar"}, None) == {
        "slug": "bar",
        "name": "BAR",
        "is_big": True,
        "license": "MIT",
        "options": {"a": {"x": "BAR", "y": "2"}, "b": "3"},
        "late": "MIT",
    }


def test_answers_keep_the_order_of_the_template(make_template: Make) -> None:
    assert list(resolve(make_template(VARIABLES), {"late": "1", "slug": "2"}, None)) == list(VARIABLES)[:6]


@pytest.mark.parametrize("value", ["{{ 7 * 7 }}", "NO", "22:22", '"', "a\nb"])
def test_a_given_answer_is_taken_as_it_is(make_template: Make, value: str) -> None:
    answers = resolve(make_template(VARIABLES), {"slug": value}, None)
    assert (answers["slug"], answers["name"]) == (value, value.upper())


def test_a_number_or_nothing_becomes_text_where_text_is_asked(make_template: Make) -> None:
    source = make_template({"a": "x", "b": "x", "c": "x", "n": 3})
    assert resolve(source, {"a": 3, "b": True, "c": None}, None) == {"a": "3", "b": "true", "c": "", "n": "3"}


def test_an_unknown_name_is_refused_with_the_nearest(make_template: Make) -> None:
    error = failure(make_template(VARIABLES), {"licence": "MIT"})
    assert (error.kind, error.exit) == (BAD_ANSWER, 2)
    assert "`licence`" in error.message
    assert error.help == "did you mean `license`?"


@pytest.mark.parametrize("name", ["_private", "__derived", "__prompts__", "nothing-near-it"])
def test_what_the_template_does_not_ask_is_refused(make_template: Make, name: str) -> None:
    assert failure(make_template(VARIABLES), {name: "x"}).kind is BAD_ANSWER


def test_a_choice_that_is_not_offered_is_refused_with_those_that_are(make_template: Make) -> None:
    error = failure(make_template(VARIABLES), {"license": "GPL"})
    assert (error.kind, error.help) == (BAD_ANSWER, "choices: MIT, shop-license")


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("yes", True),
        ("ON", True),
        (" 1 ", True),
        (True, True),
        ("n", False),
        ("off", False),
        ("0", False),
        (False, False),
    ],
)
def test_yes_and_no_are_read_as_cookiecutter_reads_them(make_template: Make, given: Value, value: bool) -> None:
    assert resolve(make_template(VARIABLES), {"is_big": given}, None)["is_big"] is value


def test_other_words_for_yes_or_no_are_refused(make_template: Make) -> None:
    assert failure(make_template(VARIABLES), {"is_big": "perhaps"}).kind is BAD_ANSWER


@pytest.mark.parametrize("given", [{"a": {"y": "{{ 9 }}"}, "c": 1}, '{"a": {"y": "{{ 9 }}"}, "c": 1}'])
def test_a_given_object_is_laid_over_the_default(make_template: Make, given: Value) -> None:
    answers = resolve(make_template(VARIABLES), {"options": given}, None)
    assert answers["options"] == {"a": {"x": "SHOP", "y": "{{ 9 }}"}, "b": "3", "c": 1}


@pytest.mark.parametrize("given", ["{", "[1]", [1], 3])
def test_what_is_no_object_is_refused_for_one(make_template: Make, given: Value) -> None:
    assert failure(make_template(VARIABLES), {"options": given}).kind is BAD_ANSWER


def test_a_list_is_refused_where_text_is_asked(make_template: Make) -> None:
    assert failure(make_template(VARIABLES), {"slug": ["a"]}).kind is BAD_ANSWER


def test_every_question_is_asked_with_its_words_and_what_was_answered_so_far(make_template: Make) -> None:
    asked: list[Question] = []

    def ask(question: Question) -> Value:
        asked.append(question)
        return "bar" if question.name == "slug" else question.default

    answers = resolve(make_template(VARIABLES), {"late": "given"}, ask)
    assert [(each.name, each.kind, each.default, each.choices, each.prompt) for each in asked] == [
        ("slug", "text", "shop", (), "The slug"),
        ("name", "text", "BAR", (), "a [31m b"),
        ("is_big", "bool", True, (), "is_big"),
        ("license", "choice", "MIT", ("MIT", "bar-license"), "Which license"),
        ("options", "dict", {"a": {"x": "BAR", "y": "2"}, "b": "3"}, (), "options"),
    ]
    assert (answers["name"], answers["late"]) == ("BAR", "given")


def test_an_answer_that_breaks_the_rule_of_the_template_is_refused_in_its_words(make_template: Make) -> None:
    declared = '[validate]\nname = "[A-Z]+"\nslug = { pattern = "[a-z]+", message = "small letters only" }\n'
    source = make_template({"slug": "shop", "name": "X"}, {}, {"template.toml": declared})
    assert resolve(source, {}, None)["slug"] == "shop"
    error = failure(source, {"slug": "Shop"})
    assert (error.kind, error.help) == (BAD_ANSWER, "small letters only")
    assert "[A-Z]+" in failure(source, {"name": "x\n"}).help


def test_a_question_without_choices_is_a_fault_of_the_template(make_template: Make) -> None:
    assert failure(make_template({"slug": "shop", "v": []}), {}).kind is TEMPLATE_INVALID


def test_a_default_that_only_the_templates_extension_renders_is_left_to_it(make_template: Make) -> None:
    variables = {"slug": "shop", "loud": "{{ cookiecutter.slug|shout }}", "_extensions": ["local.Shout"]}
    source = make_template(variables, {}, {"local.py": ""})
    assert resolve(source, {}, None) == {"slug": "shop"}
    assert resolve(source, {"loud": "{{ x }}"}, None) == {"slug": "shop", "loud": "{{ x }}"}
    assert resolve(source, {}, lambda question: question.default) == {"slug": "shop"}
    assert resolve(source, {}, lambda _: "asked") == {"slug": "asked", "loud": "asked"}


NESTED = {"one/cookiecutter.json": '{"slug": "1"}', "two/cookiecutter.json": '{"slug": "2", "more": "m"}'}
NEW_STYLE = {"templates": {"first": {"path": "./one", "title": "One"}, "second": {"path": "two"}}}
OLD_STYLE = {"template": ["first (./one)", "second (two)"]}


@pytest.mark.parametrize(("variables", "key"), [(NEW_STYLE, "templates"), (OLD_STYLE, "template")])
def test_one_of_several_templates_is_chosen(make_template: Make, variables: dict[str, Any], key: str) -> None:
    source = make_template(variables, {}, NESTED)
    first, second = list(source.nested)
    assert resolve(source, {}, None) == {key: first, "slug": "1"}
    assert resolve(source, {"template": "second"}, None) == {key: second, "slug": "2", "more": "m"}
    assert resolve(source, resolve(source, {key: second}, None), None)["more"] == "m"
    assert failure(source, {key: "third"}).kind is BAD_ANSWER
    asked: list[str] = []
    resolve(source, {}, lambda question: asked.append(question.name) or question.default)  # type: ignore[func-returns-value]
    assert asked == [key, "slug"]
