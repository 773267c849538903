"""The table of devkit's own commands and options: what help and completion need before click is imported."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class CoreCommand:
    """One of devkit's own commands.

    `target` is `"module:attribute"` of its click command, `section` the heading that it stands under in the
    help. `words` is what may follow it: commands below it, or one of the lists `@stages`, `@templates`,
    `@shells` and `@codes`.
    """

    __slots__ = ("is_hidden", "section", "summary", "target", "words")

    def __init__(
        self, summary: str, target: str, section: str, *, words: tuple[str, ...] = (), is_hidden: bool = False
    ) -> None:
        self.summary = summary
        self.target = target
        self.section = section
        self.words = words
        self.is_hidden = is_hidden


PROJECT = "Start and change a project"
WORK = "Work in a project"
SETTINGS = "Configuration"
EXTENSIONS = "Plugins and templates"
HELP = "Help"
SECTIONS = (PROJECT, WORK, SETTINGS, EXTENSIONS, HELP)
"""The headings of the help, in their order."""

COMMANDS: "Mapping[str, CoreCommand]" = {
    "init": CoreCommand("Make a new repository, with every stage ready.", "devkit.cli.init:command", PROJECT),
    "add": CoreCommand("Add a stage to the project.", "devkit.cli.add:command", PROJECT, words=("@stages",)),
    "remove": CoreCommand(
        "Take a stage and its files away.", "devkit.cli.remove:command", PROJECT, words=("@stages",)
    ),
    "plan": CoreCommand("Show what would change.", "devkit.cli.plan:command", PROJECT),
    "apply": CoreCommand("Make the files as the stages want them.", "devkit.cli.apply:command", PROJECT),
    "update": CoreCommand("Move on to newer templates and plugins.", "devkit.cli.update:command", PROJECT),
    "eject": CoreCommand("Make a file or key your own.", "devkit.cli.eject:command", PROJECT),
    "run": CoreCommand("Run tasks with what they need.", "devkit.cli.run:command", WORK, words=("@stages",)),
    "status": CoreCommand("Show each stage at a glance.", "devkit.cli.status:command", WORK),
    "doctor": CoreCommand("Say what is wrong, and how to mend it.", "devkit.cli.doctor:command", WORK),
    "graph": CoreCommand("Draw stages and tasks.", "devkit.cli.graph:command", WORK, words=("@stages",)),
    "clean": CoreCommand("Take caches and state away.", "devkit.cli.clean:command", WORK),
    "config": CoreCommand(
        "Read and change settings.", "devkit.cli.config:command", SETTINGS, words=("get", "set", "show")
    ),
    "schema": CoreCommand("Print the JSON Schema of the settings.", "devkit.cli.schema:command", SETTINGS),
    "plugin": CoreCommand(
        "List plugins and what they contribute.",
        "devkit.cli.plugin:command",
        EXTENSIONS,
        words=("list", "info"),
    ),
    "template": CoreCommand(
        "List templates.", "devkit.cli.template:command", EXTENSIONS, words=("list", "show", "@templates")
    ),
    "trust": CoreCommand("Let code of a project or template run.", "devkit.cli.trust:command", EXTENSIONS),
    "untrust": CoreCommand("Take that back.", "devkit.cli.untrust:command", EXTENSIONS),
    "explain": CoreCommand("Explain an error code, a file or a task.", "devkit.cli.explain:command", HELP),
    "completion": CoreCommand(
        "Print the completion of a shell.", "devkit.cli.completion:command", HELP, words=("@shells",)
    ),
}
"""The commands by name, in the order in which the help lists them."""


class GlobalOption:
    """An option that every command takes: its spellings, the name of its value if it has one, and its help."""

    __slots__ = ("help", "names", "value")

    def __init__(self, names: tuple[str, ...], summary: str, value: str = "") -> None:
        self.names = names
        self.help = summary
        self.value = value


OPTIONS: tuple[GlobalOption, ...] = (
    GlobalOption(("-C", "--directory"), "Work in DIR.", "DIR"),
    GlobalOption(("-q", "--quiet"), "Print only failures."),
    GlobalOption(("-v", "--verbose"), "Print more; may be repeated."),
    GlobalOption(("--json",), "Print one JSON document."),
    GlobalOption(("--events",), "Write what happens to FILE, as JSON lines.", "FILE"),
    GlobalOption(("--report",), "Write a report: junit=FILE or sarif=FILE.", "KIND=FILE"),
    GlobalOption(("-y", "--yes"), "Take defaults and confirm."),
    GlobalOption(("--non-interactive",), "Never ask."),
    GlobalOption(("--offline",), "Do not use the network."),
    GlobalOption(("--color",), "When to colour: auto, always or never.", "WHEN"),
    GlobalOption(("--no-plugins",), "Leave third-party plugins out."),
    GlobalOption(("-p", "--plugin"), "Use only this third-party plugin; may be repeated.", "NAME"),
    GlobalOption(("--version",), "Print the version."),
    GlobalOption(("-h", "--help"), "Print this help."),
)
"""The options that every command takes; a test compares them with those that click knows."""
