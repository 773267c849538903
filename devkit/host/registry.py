"""pluggy behind one typed question: what does this plugin answer to this hook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pluggy import PluginManager, PluginValidationError

from devkit.api import hooks
from devkit.errors import PLUGIN_INVALID, DevkitError
from devkit.host.guard import guarded
from devkit.host.shapes import checked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pluggy import HookImpl

    from devkit.host.plugin import Plugin

HOOKS = tuple(name for name in vars(hooks) if name.startswith("devkit_"))


class Registry:
    """The registered plugins and their implementations of the hooks."""

    def __init__(self) -> None:
        self._manager = PluginManager("devkit")
        self._manager.add_hookspecs(hooks)
        self._implementations: dict[tuple[str, str], HookImpl] = {}

    def register(self, plugin: Plugin) -> None:
        """Register a plugin, or raise PLUGIN_INVALID when it does not fit the hooks."""
        with guarded(plugin, "registration"):
            try:
                self._manager.register(plugin.object, plugin.name)
                self._manager.check_pending()
                self._take_up(plugin)
            except (PluginValidationError, ValueError) as problem:
                raise DevkitError(PLUGIN_INVALID, f"{plugin} {self._reason(plugin, problem)}") from problem

    def forget(self, plugin: Plugin) -> None:
        """Take a plugin out again; one that is not registered is left as it is."""
        if self._manager.get_plugin(plugin.name) is plugin.object:
            self._manager.unregister(name=plugin.name)
        for name in HOOKS:
            self._implementations.pop((plugin.name, name), None)

    def ask(self, plugin: Plugin, hook: str, arguments: Callable[[], Mapping[str, object]] = dict) -> tuple[Any, ...]:
        """Return a plugin's answer to a hook, consumed and checked; `arguments` are made only if they are needed."""
        implementation = self._implementations.get((plugin.name, hook))
        if implementation is None:
            return ()
        given = arguments()
        with guarded(plugin, hook):
            return checked(plugin, hook, _call(implementation, given))

    def answers(self, plugin: Plugin, hook: str) -> bool:
        """Whether a plugin implements a hook."""
        return (plugin.name, hook) in self._implementations

    def tell(self, plugin: Plugin, hook: str, arguments: Mapping[str, object]) -> None:
        """Let a plugin know of something; what it returns is of no interest."""
        implementation = self._implementations.get((plugin.name, hook))
        if implementation is not None:
            with guarded(plugin, hook):
                _call(implementation, arguments)

    def _take_up(self, plugin: Plugin) -> None:
        found = {
            (plugin.name, caller.name): implementation
            for caller in self._manager.get_hookcallers(plugin.object) or ()
            for implementation in caller.get_hookimpls()
            if implementation.plugin_name == plugin.name
        }
        if not found:
            raise ValueError("implements no hook; mark its functions with `devkit.api.hookimpl`")
        for (_, hook), implementation in found.items():
            if implementation.hookwrapper or implementation.wrapper:
                raise ValueError(
                    f"wraps {hook}; the hooks of devkit are questions, and each plugin answers for itself"
                )
        self._implementations.update(found)

    def _reason(self, plugin: Plugin, problem: Exception) -> str:
        for caller in self._manager.get_hookcallers(plugin.object) or ():
            if not caller.has_spec():
                from difflib import get_close_matches

                near = get_close_matches(caller.name, HOOKS, n=1)
                hint = f"; did you mean `{near[0]}`?" if near else ""
                return f"implements the unknown hook `{caller.name}`{hint}"
        return " ".join(str(problem).split())


def _call(implementation: HookImpl, arguments: Mapping[str, object]) -> object:
    return implementation.function(*[arguments[name] for name in implementation.argnames])
