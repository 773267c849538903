"""Every error a user can meet: its code, exit code, place, help and state line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

NOTHING_CHANGED = "nothing was changed"


class Place(Struct, frozen=True, kw_only=True):
    """Where something was read: a file, and in it a line and a column (both counted from 1).

    `text` is that line as it was read, `width` the number of characters to underline, `label` what to say
    beneath them; a renderer needs nothing else.
    """

    path: str
    line: int | None = None
    column: int | None = None
    text: str = ""
    width: int = 1
    label: str = ""

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


class Kind(Struct, frozen=True):
    """One kind of failure: a stable code, an exit code, and the words of `devkit explain CODE`."""

    code: str
    exit: int
    title: str
    explanation: str


class DevkitError(Exception):
    """A failure that a user can cause or meet; raised deep, rendered once at the door."""

    def __init__(
        self,
        kind: Kind,
        message: str,
        *,
        place: Place | None = None,
        help: str = "",  # noqa: A002 - the contract's own word
        state: str = NOTHING_CHANGED,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.place = place
        self.help = help
        self.state = state

    @property
    def exit(self) -> int:
        """The exit code of the process, as the command line's contract lists it."""
        return self.kind.exit


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return a help that suggests the known name nearest to `name`, or `otherwise` when none is near."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=1)
    return f"did you mean `{near[0]}`?" if near else otherwise


KINDS: dict[str, Kind] = {}


def _kind(code: str, exit_code: int, title: str, explanation: str) -> Kind:
    KINDS[code] = Kind(code, exit_code, title, explanation)
    return KINDS[code]


# Usage
USAGE = _kind("DK0101", 2, "wrong usage", "The command line could not be understood. `--help` lists what it takes.")
PROMPT_NEEDED = _kind(
    "DK0102",
    2,
    "an answer is needed",
    "There is no terminal to ask on; `--yes` confirms, and options answer beforehand.",
)
INVALID_NAME = _kind(
    "DK0103", 2, "not a valid project name",
    "A project name becomes a folder, a package and an image name: it starts with a letter and holds "
    "letters, digits, `-`, `_` and `.`.",
)  # fmt: skip
UNKNOWN_NAME = _kind("DK0104", 2, "unknown name", "No stage, task, template, file or code has this name.")
STAGE_UNUSED = _kind("DK0105", 78, "the project does not use this stage", "`devkit add STAGE` adds a stage.")

# Project and git
NO_PROJECT = _kind(
    "DK0201", 66, "no project here",
    "Neither this folder nor one above it, up to the git root, holds devkit configuration. `devkit init` makes "
    "a new project.",
)  # fmt: skip
EXISTS = _kind("DK0202", 73, "the destination is not empty", "devkit never writes over files it did not make.")
NO_GIT = _kind(
    "DK0203", 69, "git was not found", "Install git, or use `--no-git` for a project without a repository."
)
NO_IDENTITY = _kind(
    "DK0204", 78, "git does not know who commits",
    "git needs a name and an e-mail address for the first commit: set `user.name` and `user.email`.",
)  # fmt: skip
GIT_FAILED = _kind("DK0205", 1, "git refused", "git answered with an error; its own words are shown.")
GIT_BUSY = _kind("DK0206", 75, "the git index is locked", "Another git command is running, or one was killed.")
BARE_REPOSITORY = _kind("DK0208", 1, "a bare repository", "A bare repository has no files to work on.")

# Plugins
PLUGIN_FAILED = _kind(
    "DK0301", 70, "a plugin failed",
    "A plugin raised an error while devkit asked it something. The message names the plugin, its version and "
    "the hook; `--no-plugins` or `-p` leaves it out.",
)  # fmt: skip
PLUGIN_INVALID = _kind(
    "DK0302", 78, "a plugin is not set up correctly",
    "The plugin implements an unknown hook, registers a name that is taken, or does not fit this version of devkit.",
)  # fmt: skip
PLUGIN_MISSING = _kind(
    "DK0303", 78, "a plugin of this project is not installed",
    "The project was made with a plugin that is not here. Reading goes on without it; writing needs it, since "
    "absence is not removal.",
)  # fmt: skip
STAGE_CYCLE = _kind("DK0304", 78, "stages form a cycle", "The `after` and `before` of these stages contradict.")
KEY_MISSING = _kind("DK0305", 78, "a published value is missing", "A stage asked for a value that nobody published.")
KEY_CONTESTED = _kind("DK0306", 78, "a value has two owners", "Two plugins published the same value.")
QUARANTINED = _kind(
    "DK0307", 78, "a plugin was left out",
    "The plugin cannot be imported, does not fit this version of devkit, or registers a name that is taken. "
    "Everything else works without it; `devkit plugin list` shows it with the reason.",
)  # fmt: skip
UNKNOWN_NEIGHBOUR = _kind(
    "DK0308", 78, "a stage names an unknown neighbour",
    "A stage comes after or before one that no plugin declares. The order is made without it.",
)  # fmt: skip

# Configuration
CONFIG_SYNTAX = _kind("DK0401", 78, "the configuration cannot be read", "The file is not valid TOML in UTF-8.")
CONFIG_TYPE = _kind("DK0402", 78, "a value has the wrong type", "`devkit schema` lists the type of every key.")
CONFIG_TWICE = _kind(
    "DK0403", 78, "a key is set in two files", "Set it in `pyproject.toml` or `devkit.toml`, not both."
)
REQUIRED_VERSION = _kind(
    "DK0404", 78, "another version of devkit is required", "The project sets `required-version`."
)
NEWER_SCHEMA = _kind(
    "DK0405",
    78,
    "written by a newer devkit",
    "The file has a schema that this version cannot read; it is left as it is.",
)
NO_WORKSPACES = _kind(
    "DK0406", 78, "workspaces are not available yet", "`members` is reserved for projects within a project."
)
LOCK_MISSING = _kind(
    "DK0407", 78, "the lock file is missing",
    "Without it nothing is enabled, and every generated file would be taken away. Absence is not removal, so nothing "
    "is done until it is back.",
)  # fmt: skip
UNKNOWN_KEY = _kind(
    "DK0412", 78, "unknown key", "Every key is declared by devkit or a plugin; `devkit schema` lists them."
)

# Plan
CONTESTED_FILE = _kind("DK0501", 78, "two plugins claim one file", "A file has at most one `Write` or `Render`.")
CONTESTED_VALUE = _kind(
    "DK0502", 78, "two plugins set one key", "Two contributions give different values to one key."
)
CONFLICT = _kind(
    "DK0503", 73, "changes conflict",
    "You and the generator changed the same place. The file was left alone: edit it, or `devkit eject` it.",
)  # fmt: skip
STALE_PLAN = _kind("DK0504", 73, "the saved plan is out of date", "The project changed since the plan was made.")
BAD_PLAN = _kind("DK0505", 65, "not a saved plan", "The file is not a plan that `devkit plan --out` wrote.")
PENDING = _kind("DK0506", 3, "changes are pending", "`devkit plan` shows them, `devkit apply` makes them.")
BAD_PATH = _kind("DK0507", 77, "a path leads out of the project", "Generated files stay below the project root.")
COLLIDING_PATH = _kind(
    "DK0508", 65, "names collide", "The names differ only in case or form, or are reserved on another system."
)
UNSPLICEABLE = _kind(
    "DK0509", 65, "the file cannot be edited", "The file does not parse, so its keys cannot be merged."
)

OBJECTION = _kind(
    "DK0512", 1, "a plugin objects", "A plugin that reviews plans has found this one wrong; nothing was written."
)

# Templates
TEMPLATE_MISSING = _kind("DK0601", 66, "no such template", "`devkit template list` lists the templates.")
TEMPLATE_INVALID = _kind(
    "DK0602", 65, "the template is not valid", "The template, or a value it was given, is wrong."
)
TEMPLATE_UNREACHABLE = _kind(
    "DK0603", 69, "the template cannot be fetched", "The URL did not answer, or git refused."
)
BAD_ANSWER = _kind("DK0604", 2, "not a valid answer", "The template does not ask this, or does not allow the value.")

# Files
LOCKED = _kind("DK0701", 75, "another devkit is writing", "One writer at a time works on a project; try again.")
IO_FAILED = _kind("DK0702", 74, "the files could not be written", "The disk is full or read-only; all was put back.")
NO_PERMISSION = _kind("DK0703", 77, "permission denied", "The folder or file may not be written by this user.")
NOT_A_FILE = _kind("DK0704", 73, "not a regular file", "The destination is a link, a folder, a pipe or a device.")
CHANGED_UNDERNEATH = _kind("DK0705", 73, "a file changed meanwhile", "Somebody edited a file between plan and apply.")
NOT_RECOVERED = _kind(
    "DK0706", 73, "an interrupted run could not be undone whole",
    "Files edited since the interruption were kept as they are and are named.",
)  # fmt: skip

RECOVERY_PENDING = _kind(
    "DK0707", 1, "an interrupted run waits to be undone",
    "devkit was killed while it changed files. The next command that writes puts them back as they were.",
)  # fmt: skip
STATE_EXPOSED = _kind(
    "DK0708", 1, "git treats devkit's files wrongly",
    "`.devkit/lock.toml` and `.devkit/baseline.jsonl` are committed; `.devkit/state/` is this clone's own.",
)  # fmt: skip

# Tasks
TASK_FAILED = _kind("DK0801", 1, "a task failed", "The command of the task ended with an error; its output is shown.")
TOOL_MISSING = _kind("DK0802", 69, "a tool is missing", "A task needs a program that is not on PATH.")
DEPENDENCIES_MISSING = _kind(
    "DK0803", 69, "dependencies cannot be had", "The package index did not answer, or lacks a package."
)
TASK_CYCLE = _kind("DK0804", 78, "tasks form a cycle", "The needs of these tasks contradict.")
OUTPUT_MISSING = _kind("DK0805", 1, "a task did not make its output", "A declared output file is not there.")
TRACKED_WRITTEN = _kind(
    "DK0806", 1, "a task changed files that git tracks",
    "What a task makes is declared as its `outputs`, or ignored by git. A task that writes elsewhere makes the next "
    "run depend on this one, and its changes end in somebody's commit.",
)  # fmt: skip
NOT_TOLD = _kind(
    "DK0840", 69, "spans could not be sent",
    "A collector of OpenTelemetry is named in the environment, and it did not take the spans of the run. The run "
    "itself is not touched by that.",
)  # fmt: skip
BAD_TASK = _kind(
    "DK0810", 78, "a configured task is wrong",
    "A task below `[tool.devkit.tasks]` names a stage or a task that is not here, or has nothing to run.",
)  # fmt: skip
LEDGER = _kind(
    "DK0820", 74, "the history of runs cannot be used",
    "The file in `.devkit/state/` that remembers runs is broken, was written by a newer devkit, or cannot be read or "
    "written. Runs go on without it; `devkit run` sets a broken one aside and begins anew.",
)  # fmt: skip
NO_INPUT = _kind(
    "DK0830", 66, "no file fits what a task reads",
    "A pattern in the `inputs` of a task fits no file of the project, so the task is not run again when the files "
    "change that were meant.",
)  # fmt: skip
NO_BASE = _kind(
    "DK0831", 2, "nothing to compare with",
    "What changed is told against a commit; there is none of this name, or the project is not in a git repository.",
)  # fmt: skip

TOOL_VERSION = _kind(
    "DK0841", 69, "a tool has the wrong version", "The project's own files ask for other versions of the program."
)
UNWELL = _kind("DK0842", 1, "something must be mended", "`devkit doctor` found errors; each is named with a way out.")

# Trust
NEEDS_TRUST = _kind(
    "DK0901", 4, "trust is required",
    "Code from a template or project runs only after `devkit trust` has recorded exactly these files.",
)  # fmt: skip

# Env stage: DK11xx
DOTENV_INVALID = _kind(
    "DK1101", 65, "a file of variables cannot be read", "It is not UTF-8, or a line is no `KEY=value`."
)
DOTENV_WRONG = _kind(
    "DK1102",
    1,
    "a variable is not as it should be",
    "`devkit env check` names what is missing, wrong or open to others.",
)
DOTENV_KEY = _kind(
    "DK1103", 2, "not the name of a variable", "A name has letters, digits and `_`, and no digit first."
)
DOTENV_VALUE = _kind(
    "DK1104", 2, "a value that cannot be written", "No reader of the file would give it back as it is."
)
UNKNOWN_VARIABLE = _kind("DK1105", 66, "the variable is not set", "The file does not hold a variable of this name.")

DOTENV_MISSING = _kind("DK1106", 66, "no such file of variables", "`--env NAME` means the file `.env.NAME`.")

NO_APPLICATION = _kind(
    "DK1110", 66, "no application to start",
    "devkit did not find out how the application is started: `start` in `[tool.devkit.env]` says it.",
)  # fmt: skip
APPLICATION_ENDED = _kind(
    "DK1111", 1, "the application ended by itself",
    "An application runs until it is told to end; its last lines say why this one did not.",
)  # fmt: skip
PORT_TAKEN = _kind("DK1112", 69, "the port is taken", "Another program listens on the port that was asked for.")
SERVICE_FAILED = _kind(
    "DK1113", 69, "a service cannot be started",
    "Its container could not be made, ended, or did not become healthy; its last lines are shown.",
)  # fmt: skip
UNKNOWN_SERVICE = _kind("DK1114", 2, "no such service", "No container of this project belongs to that service.")
NO_COMPOSE = _kind(
    "DK1115", 69, "compose is missing", "Services are started by `docker compose`, `docker-compose` or podman's."
)
SERVICES_ELSEWHERE = _kind(
    "DK1116", 75, "the services of another folder are in the way",
    "Folders with one name share the name of their compose project; COMPOSE_PROJECT_NAME gives another.",
)  # fmt: skip
SERVICES_UNWRITTEN = _kind(
    "DK1117", 78, "the compose file lacks a chosen service", "`devkit apply` writes what the configuration names."
)

# Hooks stage: DK12xx
HOOKS_OUTSIDE = _kind(
    "DK1201", 77, "the hooks are kept outside of this repository",
    "`core.hooksPath` names a folder that other repositories may use too, and devkit never writes there.",
)  # fmt: skip
HOOKS_FAILED = _kind("DK1202", 1, "hooks failed", "A hook found something, or changed files; its output is shown.")
RUNNER_OF_HOOKS_MISSING = _kind(
    "DK1203", 69, "neither prek nor pre-commit is installed", "One of them runs what `.pre-commit-config.yaml` lists."
)
HOOKS_UNCONFIGURED = _kind(
    "DK1204", 66, "no hooks are configured", "There is no `.pre-commit-config.yaml` at the top of the repository."
)
HOOKS_CONFIG_INVALID = _kind(
    "DK1205", 65, "the configuration of the hooks is not valid", "`.pre-commit-config.yaml` cannot be read."
)
HOOKS_SOURCE = _kind(
    "DK1206", 78, "the source of the hooks is incomplete",
    '`source = "repository"` in `[tool.devkit.hooks]` needs `repository` (a URL) and `rev` (a tag or commit).',
)  # fmt: skip
NO_REPOSITORY = _kind("DK1207", 66, "not a git repository", "Hooks belong to a repository; `git init` makes one.")
HOOK_IN_THE_WAY = _kind(
    "DK1208",
    73,
    "a hook is in the way",
    "A hook was kept before, and another one has come since; devkit replaces none.",
)
HOOKS_KILLED = _kind(
    "DK1209", 1, "hooks were killed",
    "Hooks did not end, so work that was not staged may be missing from the work tree. It is kept in a commit below "
    "`refs/devkit/rescue/`, and `devkit hooks rescue` brings it back.",
)  # fmt: skip
RESCUE_UNKNOWN = _kind("DK1210", 66, "no such rescue", "`devkit hooks rescue list` lists those that are kept.")
RESCUE_FAILED = _kind(
    "DK1211", 1, "a rescue could not be brought back", "git or the system refused; nothing is lost."
)
HOOKS_FILE_MISSING = _kind("DK1212", 66, "no such file", "A file that hooks were to check is not there.")

# Test stage: DK13xx
TESTS_FAILED = _kind("DK1301", 1, "tests failed", "Tests ran, and some did not pass; `devkit test` names each.")
COVERAGE_LOW = _kind(
    "DK1302", 1, "too little is covered",
    "Tests run fewer lines than `minimum-coverage` or `minimum-changed-coverage` in `[tool.devkit.test]` ask for.",
)  # fmt: skip
REPORT_UNREADABLE = _kind(
    "DK1303", 65, "a report of the tests cannot be read", "What the test runner wrote is not the report it should be."
)
REPORT_MISSING = _kind(
    "DK1304",
    1,
    "the tests ended without a report",
    "The test runner stopped before it ran a test; its output says why.",
)
RUNNER_MISSING = _kind(
    "DK1305",
    69,
    "the test runner is not installed",
    "The project's environment lacks the program that runs its tests.",
)
NOTHING_TO_TEST = _kind("DK1306", 66, "nothing to run", "The project has no tests, or nothing that checks its code.")
UNKNOWN_KIND = _kind("DK1307", 2, "no such kind of tests", "The project has no tests of this kind.")
UNKNOWN_BASE = _kind("DK1308", 2, "no such commit", "The base to compare with is not a commit that git knows here.")
APPLICATION_SILENT = _kind(
    "DK1309", 69, "the application does not answer", "The tests need the running application: `devkit up` starts it."
)
NETWORK_NEEDED = _kind("DK1310", 69, "the network is needed", "This asks a registry, and `--offline` forbids that.")

# Build stage: DK14xx
IMAGE_NAME_INVALID = _kind(
    "DK1410", 2, "not the name of an image", "A name is [REGISTRY/]REPOSITORY[:TAG], as `docker tag` takes it."
)
NO_ENGINE = _kind(
    "DK1411",
    69,
    "no container engine answers",
    "This needs Docker or podman. It is not installed, not running, or `DOCKER_HOST` leads elsewhere.",
)
ENGINE_DENIED = _kind(
    "DK1412",
    77,
    "the container engine is not yours to use",
    "Its socket belongs to root and to a group that you are not in.",
)
ENGINE_OLD = _kind("DK1413", 69, "the container engine is too old", "Its API lacks what devkit asks for.")
BUILDER_MISSING = _kind(
    "DK1414",
    69,
    "the builder is missing",
    "This needs BuildKit through `docker buildx`, or a builder that `docker buildx ls` does not know.",
)
BUILD_FAILED = _kind("DK1415", 1, "the image could not be built", "A step failed; its output is shown.")
DOCKERFILE_INVALID = _kind("DK1416", 65, "the Dockerfile is not valid", "The builder cannot read it.")
DOCKERFILE_MISSING = _kind("DK1417", 66, "there is no Dockerfile", "`devkit apply` makes the one of the stage.")
BUILD_DISK_FULL = _kind("DK1418", 74, "no room for the build", "The disk of the engine or the builder is full.")
BUILD_SECRET_INVALID = _kind(
    "DK1419", 2, "not a secret or argument of a build", "It names where a value is, or a build argument NAME=VALUE."
)
BUILD_SECRET_MISSING = _kind("DK1420", 66, "a secret of the build is missing", "Its variable or file is not there.")
SECRET_EXPOSED = _kind(
    "DK1421", 77, "a secret would be in the image", "Build arguments stay readable in the history of an image."
)
REGISTRY_REFUSED = _kind(
    "DK1422", 77, "the registry refuses", "It does not know you, or you may not read or write this repository."
)
REGISTRY_UNAVAILABLE = _kind(
    "DK1423", 69, "the registry does not answer", "It cannot be reached, is too slow, or fails; trying again may do."
)
IMAGE_MISSING = _kind("DK1424", 66, "there is no such image", "It was not built yet, or the engine has lost it.")
PUSH_DIFFERS = _kind(
    "DK1425",
    1,
    "the registry does not show what was pushed",
    "It holds another image under this name, or nothing tells the digest of what it took.",
)
IMAGE_UNFIT = _kind("DK1426", 1, "the image does not behave", "Run as a container, it failed a check.")
IMAGE_VULNERABLE = _kind(
    "DK1427", 1, "the image has known weaknesses", "A scanner found some that the policy of the project forbids."
)
IMAGE_TOO_LARGE = _kind("DK1428", 1, "the image is too large", "It is larger than `size-budget` allows.")
SCANNER_MISSING = _kind("DK1429", 69, "no scanner is installed", "Trivy or Grype look for known weaknesses.")
ENGINE_FAILED = _kind("DK1431", 1, "the container engine refuses", "It answered with an error; its words are shown.")
REGISTRY_SLOW = _kind(
    "DK1432", 69, "the registry is too slow", "Nothing was heard of it for longer than devkit waits."
)
NO_IMAGE = _kind("DK1433", 66, "the project has no image", "Nothing says what an image of it would be made of.")
DOCKERFILE_POOR = _kind(
    "DK1434",
    1,
    "the Dockerfile can be better",
    "hadolint names what, with its rule; a server for development is none for an image.",
)
SCAN_UNREADABLE = _kind(
    "DK1430",
    65,
    "a scan or its policy cannot be read",
    "The report of the scanner or an exception is not as it should be.",
)

# The end
INTERRUPTED = _kind("DK1001", 130, "interrupted", "The run was interrupted; the state line says what is left.")
TERMINATED = _kind("DK1002", 143, "terminated", "The run was told to end; the state line says what is left.")
HUNG_UP = _kind("DK1003", 129, "the terminal hung up", "The terminal went away; the state line says what is left.")
DEFECT = _kind("DK1099", 70, "a defect of devkit", "The traceback is in the private log file that the message names.")
