"""One invocation: its options, and the rooms it opens when they are needed."""

from __future__ import annotations

import os
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from devkit.errors import LOCK_MISSING, NO_PROJECT, DevkitError, Place
from devkit.project.root import BASELINE_FILE, LOCK_FILE, beginning, find_root, refuse_bare
from devkit.project.state import unreadable

if TYPE_CHECKING:
    from devkit.config.load import Configuration
    from devkit.host.host import Host
    from devkit.host.trust import Code
    from devkit.plan.baseline import Baseline
    from devkit.plan.lock import Lock
    from devkit.report.events import Listener
    from devkit.session.options import Options


class Session:
    """What the commands of one invocation share; every part is made when it is first asked for."""

    def __init__(self, options: Options, tell: Listener) -> None:
        self.options = options
        self.tell = tell
        self.began = time.time_ns()
        """When the invocation began, in nanoseconds of the system's clock."""

    @cached_property
    def folder(self) -> Path:
        """The folder that the command works in, absolute: `-C`, or the current one."""
        folder = Path(os.path.abspath(self.options.directory))
        if not folder.is_dir():
            raise DevkitError(NO_PROJECT, f"there is no folder `{self.options.directory}`", help="check `-C`")
        return folder

    @cached_property
    def root(self) -> Path:
        """The project that the folder lies in."""
        root = find_root(self.folder)
        if root is None:
            refuse_bare(self.folder)
            message = f"`{self.folder.name or self.folder}` is not in a devkit project"
            raise DevkitError(
                NO_PROJECT, message, help="devkit init makes a new one; devkit add STAGE begins one here"
            )
        return root

    def begin(self) -> None:
        """Let a project begin where none is yet."""
        if find_root(self.folder) is None:
            refuse_bare(self.folder)
            vars(self)["root"] = beginning(self.folder)

    @cached_property
    def configuration(self) -> Configuration:
        """The project's configuration with its origins."""
        return self.configuration_of(self.root)

    @cached_property
    def _plugin_folders(self) -> tuple[tuple[Path, ...], tuple[Code, ...]]:
        """The project's plugin folders that are trusted, and the code in those that are not."""
        folders = self.configuration.core.plugin_folders
        if not folders:
            return (), ()
        from devkit.host.local import sorted_by_trust

        return sorted_by_trust(self.root, folders)

    @cached_property
    def host(self) -> Host:
        """The plugins chosen for this invocation, and the trusted ones of the project."""
        return self._load_host(*self._plugin_folders)

    @cached_property
    def outside_host(self) -> Host:
        """The plugins chosen for this invocation, without a project."""
        return self._load_host((), ())

    def require_trust(self) -> None:
        """Raise when the project has plugins that the user does not trust: a writer would take their files away."""
        from devkit.host.trust import TrustStore

        for code in self._plugin_folders[1]:
            TrustStore().require(code)

    @property
    def loaded_host(self) -> Host | None:
        """The host that this invocation uses, if it has loaded one."""
        return vars(self).get("host") or vars(self).get("outside_host")

    @property
    def any_host(self) -> Host:
        """The project's host inside of a project, the other one outside."""
        return self.host if find_root(self.folder) else self.outside_host

    @cached_property
    def lock(self) -> Lock:
        """What generated the project; empty when nothing did yet."""
        from devkit.plan.lock import Lock, read_lock

        text = self._record(LOCK_FILE)
        if text is None and self.baseline:
            message = "the record of what generated the project is missing, and the one of its files is there"
            help_text = f"git checkout HEAD -- {LOCK_FILE}; or begin anew: rm {BASELINE_FILE}"
            raise DevkitError(LOCK_MISSING, message, place=Place(path=LOCK_FILE), help=help_text)
        return Lock() if text is None else read_lock(text)

    @cached_property
    def baseline(self) -> Baseline:
        """What was generated last."""
        from devkit.plan.baseline import read_baseline

        return read_baseline(self._record(BASELINE_FILE) or "")

    def configuration_of(self, root: Path) -> Configuration:
        """Return the configuration of a folder."""
        from devkit.config.load import load

        return load(root, environ=os.environ)

    def _load_host(self, local: tuple[Path, ...], untrusted: tuple[Code, ...]) -> Host:
        from devkit.host.host import Host
        from devkit.host.selection import selection

        chosen = selection(no_plugins=self.options.no_plugins, names=self.options.plugins, environ=os.environ)
        return Host.load(chosen, local=local, untrusted=untrusted)

    def _record(self, path: str) -> str | None:
        """Return the text of one of devkit's records, `None` where there is none; what is no text says nothing."""
        file = self.root / path
        if not os.path.lexists(file):
            return None
        try:
            return file.read_bytes().decode("utf-8", "replace") if file.is_file() else ""
        except OSError as problem:
            raise unreadable(path, problem) from problem
