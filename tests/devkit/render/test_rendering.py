from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from devkit.errors import BAD_PATH, COLLIDING_PATH, TEMPLATE_INVALID, DevkitError
from devkit.render.answers import resolve
from devkit.render.tree import RenderedFile, render_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from devkit.api.values import Value
    from devkit.render.source import TemplateSource

    Make = Callable[..., TemplateSource]

ROOT = "{{cookiecutter.slug}}"


def render(source: TemplateSource, given: Mapping[str, Value] | None = None) -> dict[str, RenderedFile]:
    return {file.path: file for file in render_tree(source, resolve(source, given or {}, None))}


def failure(source: TemplateSource, given: Mapping[str, Value] | None = None) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        render(source, given)
    return caught.value


@pytest.mark.parametrize(
    "value", ["NO", "3.10", "22:22", 'it\'s "quoted"', "a\nb", "{{ 7 * 7 }}", "{% if %}", "ä€𝄞", "$(id)", "\\n", ""]
)
def test_an_answer_survives_as_it_was_given(make_template: Make, value: str) -> None:
    source = make_template({"slug": "shop", "v": "x"}, {"a.txt": "<{{ cookiecutter.v }}>"})
    assert render(source, {"v": value})["a.txt"].content.decode() == f"<{value}>"


@pytest.mark.parametrize(
    "value", ["../x", "/etc/x", "a/../../x", "C:/x", "C:x", "..\\x", "a//b", ".git/hooks/x", "a\nb", "sub/.GIT/x", ""]
)
@pytest.mark.parametrize("name", ["{{ cookiecutter.v }}/f", "sub/{{ cookiecutter.v }}/f"])
def test_a_rendered_name_that_leads_out_is_refused_with_file_and_name(
    make_template: Make, value: str, name: str
) -> None:
    error = failure(make_template({"slug": "shop", "v": "x"}, {name: "text"}), {"v": value})
    assert (error.kind, error.exit) == (BAD_PATH, 77)
    assert error.place is not None
    assert error.place.path.endswith(f"{ROOT}/{name}")
    assert repr(value)[1:-1] in error.message


def test_a_project_folder_that_leads_out_is_refused(make_template: Make) -> None:
    assert failure(make_template({"slug": "shop"}, {"f": ""}), {"slug": "../shop"}).kind is BAD_PATH


@pytest.mark.parametrize(
    "names", [("README", "readme"), ("CON",), ("aux.txt",), ("a.",), ("e\u0301", "é"), ("a", "{{'a'}}/b"), ("x ",)]
)
def test_names_that_collide_elsewhere_are_refused(make_template: Make, names: tuple[str, ...]) -> None:
    error = failure(make_template(None, dict.fromkeys(names, "")))
    assert (error.kind, error.exit) == (COLLIDING_PATH, 65)


ESCAPES = [
    "{{ cookiecutter.__class__.__mro__[1].__subclasses__() }}",
    "{{ lipsum.__globals__['os'].system('touch owned') }}",
    "{{ cycler.__init__.__globals__.os.system('touch owned') }}",
    "{{ ''['__class__'] }}",
    "{{ '{0.__class__}'.format('') }}",
    "{{ ''|attr('__class__') }}",
    "{{ self.__init__.__globals__ }}",
    "{{ [].append.__self__.__class__ }}",
    "{{ namespace.__init__ }}",
    "{{ ['']|map(attribute='__class__')|list }}",
    "{{ ['']|map('attr', '__class__')|list }}",
    "{{ ('{0.__class__}'|attr('format'))('') }}",
    "{{ '{x.__class__}'.format_map({'x': 1}) }}",
    "{{ slugify.__globals__ }}{{ uuid4.__globals__ }}",
    "{{ (1).__class__ }}",
    "{% set x = random_ascii_string.__code__ %}{{ x }}",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_an_expression_that_reaches_for_python_is_refused_wherever_it_stands(make_template: Make, text: str) -> None:
    name = text.replace("/", "")
    for number, source in enumerate(
        [
            make_template(None, {"f": text}, name="in-file"),
            make_template({"slug": "shop", "v": text}, {"f": ""}, name="in-default"),
            make_template({"slug": "shop", "__v": text}, {"f": ""}, name="in-private"),
            make_template(None, {name: ""}, name="in-name"),
        ]
    ):
        error = failure(source)
        assert (number, error.kind, error.exit) == (number, TEMPLATE_INVALID, 65)
        assert not os.path.lexists("owned")


@pytest.mark.parametrize(
    "text",
    [
        "{{ range(10**9) }}",
        "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
        "{% for a in range(90000) %}{% for b in 'x' * 90000 %}{% endfor %}{% endfor %}",
        "{{ 'x' * 10**10 }}",
        "{{ [1] * 10**10 }}",
        "{{ 9**(9**9) }}",
        "{% set n = namespace(v=7) %}{% for i in range(99) %}{% set n.v = n.v * n.v %}{% endfor %}",
        "{% set n = namespace(v='x') %}{% for i in range(99) %}{% set n.v = n.v + n.v %}{% endfor %}",
        "{% set n = namespace(v='x') %}{% for i in range(99) %}{% set n.v = n.v ~ n.v %}{% endfor %}",
        "{% set n = namespace(v='x') %}{% for i in range(99) %}{% set n.v %}{{ n.v * 2 }}{% endset %}{% endfor %}",
        "{% for i in range(99999) %}{{ 'x' * 99999 }}{% endfor %}",
        "{% set l = [1] %}{% for i in l %}{% set _ = l.append(1) %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(40) }}",
        "{% include 'f' %}",
        "{{ lipsum(n=10**9) }}",
        "{{ ('a' * 60)|slugify(regex_pattern='(a+)+$') }}",
        "{{ ('a' * 60)|slugify(true, true, true, 0, false, '-', false, (), '(a+)+$') }}",
        "{{ random_ascii_string(10**9) }}",
        "{{ '%1000000000000d' % 1 }}",
        "{{ 'x'.ljust(10**11) }}",
        "{{ 'x'|center(10**11) }}",
        "{{ " + "(" * 500 + "1" + ")" * 500 + " }}",
        "{{ " + "-" * 5000 + "1 }}",
    ],
)
def test_work_without_bounds_is_refused(make_template: Make, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devkit.render.sandbox.STEPS", 20_000)  # what more would only take longer to refuse
    error = failure(make_template(None, {"f": text}))
    assert (error.kind, error.exit) == (TEMPLATE_INVALID, 65)
    assert error.place is not None
    assert error.place.path.endswith(f"{ROOT}/f")


def test_an_undefined_variable_is_named_with_file_and_line(make_template: Make) -> None:
    error = failure(make_template(None, {"src/f.py": "a\n\n  {{ cookiecutter.nope }}\n"}))
    assert (error.kind, error.exit) == (TEMPLATE_INVALID, 65)
    assert error.place is not None
    assert error.place.path.endswith(f"{ROOT}/src/f.py")
    assert (error.place.line, error.place.column, error.place.text) == (3, 3, "  {{ cookiecutter.nope }}")
    assert "`nope`" in error.message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n{% if %}", 2),
        ("\n\n{{ 1 / 0 }}", 3),
        ("\n{{ nope }}", 2),
        ("{% include 'gone' %}", 1),
        ("\n{{ 1|nope }}", 2),
    ],
)
def test_whatever_goes_wrong_is_shown_at_its_line(make_template: Make, text: str, line: int) -> None:
    error = failure(make_template(None, {"f": text}))
    assert error.place is not None
    assert (error.kind, error.place.line) == (TEMPLATE_INVALID, line)


def test_the_line_in_an_included_file_is_shown(make_template: Make) -> None:
    source = make_template(None, {"f": "{% include 'g' %}"}, {"templates/g": "\n\n{{ nope }}"})
    error = failure(source)
    assert error.place is not None
    assert error.place.line == 3
    assert error.place.path.endswith("g")


def test_a_default_that_does_not_render_is_shown_in_its_file(make_template: Make) -> None:
    error = failure(make_template({"slug": "shop", "v": "{{ cookiecutter.nope }}"}, {"f": ""}))
    assert error.place is not None
    assert error.place.path.endswith("cookiecutter.json")
    assert error.kind is TEMPLATE_INVALID


@pytest.mark.parametrize("where", ["f", "sub", "."])
def test_links_are_refused_and_not_followed(make_template: Make, where: str) -> None:
    source = make_template(None, {"a": ""})
    target = source.folder / ROOT / where
    if where == ".":
        (source.folder / ROOT).rename(source.folder / "elsewhere")
        target = source.folder / ROOT
    target.symlink_to("/etc" if where == "sub" else source.folder / "elsewhere")
    error = failure(source)
    assert error.kind is TEMPLATE_INVALID
    assert "symbolic link" in error.message


@pytest.mark.parametrize("include", ["../cookiecutter.json", "/etc/passwd", "secret", "linked/passwd"])
def test_includes_stay_within_the_template(make_template: Make, include: str) -> None:
    source = make_template(None, {"f": f"{{% include '{include}' %}}"}, {"templates/x": ""})
    (source.folder / "templates/secret").symlink_to("/etc/passwd")
    (source.folder / "templates/linked").symlink_to("/etc")
    assert failure(source).kind is TEMPLATE_INVALID


def test_a_pipe_or_socket_in_the_template_is_refused_without_waiting(
    make_template: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_template(None, {"a": ""})
    os.mkfifo(source.folder / ROOT / "pipe")
    assert "not a regular file" in failure(source).message
    (source.folder / ROOT / "pipe").unlink()
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(source.folder / ROOT)  # the address of a socket has to be short
        server.bind("s")
        assert failure(source).kind is TEMPLATE_INVALID


def test_a_name_that_is_not_text_is_refused(make_template: Make) -> None:
    source = make_template(None, {})
    with open(os.path.join(os.fsencode(source.folder / ROOT), b"\xff"), "wb"):
        pass
    assert failure(source).kind is TEMPLATE_INVALID


def test_a_folder_that_a_condition_leaves_out_is_skipped_whole(make_template: Make) -> None:
    files = {"{% if cookiecutter.docs %}docs{% endif %}/a/b.md": "x", "c": ""}
    source = make_template({"slug": "shop", "docs": False}, files)
    assert list(render(source)) == ["c"]
    assert list(render(source, {"docs": "yes"})) == ["c", "docs/a/b.md"]


def test_a_file_that_is_not_utf8_is_copied_when_nothing_is_rendered_in_it(make_template: Make) -> None:
    assert render(make_template(None, {"a": b"caf\xe9 au lait"}))["a"].content == b"caf\xe9 au lait"


def test_a_file_to_render_that_is_not_utf8_is_shown(make_template: Make) -> None:
    text = b"plain words, and more of them\n caf\xe9 {{ cookiecutter.slug }}"
    error = failure(make_template(None, {"a": text}))
    assert error.place is not None
    assert (error.kind, error.place.line) == (TEMPLATE_INVALID, 2)


def test_seeds_are_what_the_template_says(make_template: Make) -> None:
    files = {"src/a.py": "", "src/deep/b.py": "", "README.md": "", "docs/README.md": "", "setup.py": ""}
    declared = make_template(None, files, {"template.toml": 'seeded = ["src/**", "README.md"]\n'})
    assert [path for path, file in render(declared).items() if file.is_seed] == [
        "README.md", "src/a.py", "src/deep/b.py",
    ]  # fmt: skip
    foreign = make_template(None, files, name="foreign")
    assert [path for path, file in render(foreign).items() if file.is_seed] == [
        "docs/README.md", "src/a.py", "src/deep/b.py",
    ]  # fmt: skip


def test_a_text_that_is_another_one_each_time_is_a_seed(make_template: Make) -> None:
    files = {
        "LICENSE": "{% now 'utc', '%Y' %}",
        "key": "{{ cookiecutter.__key }}",
        "same": "{{ cookiecutter.slug }} now 1",
        "word": "uuid4",
    }
    source = make_template({"slug": "shop", "__key": "{{ random_ascii_string(20) }}"}, files)
    assert [path for path, file in render(source).items() if file.is_seed] == ["LICENSE", "key"]


def test_rendering_writes_nothing_into_the_template(make_template: Make) -> None:
    source = make_template(None, {"a": "{{ cookiecutter.slug }}"})
    before = sorted(os.walk(source.folder))
    render(source)
    assert sorted(os.walk(source.folder)) == before


def test_a_template_without_a_project_folder_says_so(make_template: Make) -> None:
    source = make_template(None, {})
    (source.folder / ROOT).rmdir()
    assert "{{cookiecutter.project_slug}}" in failure(source).message


def test_a_thousand_nested_folders_are_no_trouble(make_template: Make) -> None:
    source = make_template(None, {"d/f": ""})
    deepest = source.folder / ROOT / "d"
    for _ in range(999):
        deepest = Path(f"{deepest}/d")
        os.mkdir(deepest)
    Path(f"{deepest}/{{{{cookiecutter.slug}}}}").write_text("{{ cookiecutter.slug }}")
    try:
        files = render(source)
        assert files["d/" * 1000 + "shop"].content == b"shop"
    finally:
        subprocess.run(["rm", "-rf", str(source.folder)], check=True)  # Python's own way is recursive
