"""Templates from elsewhere, fetched by git into the user's cache."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from devkit.engine.address import SCHEMES, checked_ref, is_url, parse_address, without_credentials
from devkit.engine.process import run_process
from devkit.engine.shelf import Shelf
from devkit.errors import NO_GIT, TEMPLATE_UNREACHABLE, TOOL_MISSING, DevkitError
from devkit.render.source import Fetched

if TYPE_CHECKING:
    from pathlib import Path

    from devkit.engine.address import Address
    from devkit.engine.process import Completed

__all__ = ["Fetched", "fetch_template", "is_url"]

_SETTINGS = (
    "protocol.ext.allow=never",
    "protocol.fd.allow=never",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.autocrlf=false",  # a template has the same bytes everywhere
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "advice.detachedHead=false",
    "http.lowSpeedLimit=1",
    "http.lowSpeedTime=30",
)
_GIT = ("git", *(word for setting in _SETTINGS for word in ("-c", setting)))
_EVERYTHING = ("+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*")
_HEX = re.compile(r"[0-9a-f]{7,64}")


def fetch_template(location: str, ref: str = "", *, is_offline: bool = False) -> Fetched:
    """Return the template at `URL` or `URL@REF`; `ref` wins over `REF`, and no commit is fetched twice.

    A location or ref that git could take for an option or for a foreign transport is `USAGE`, before anything is
    started; what does not answer, or is not in the cache when offline, is `TEMPLATE_UNREACHABLE`.
    """
    address = parse_address(location)
    wanted = checked_ref(ref) or address.ref
    shelf = Shelf(without_credentials(address.url))
    commit = shelf.last(wanted) if is_offline else wanted
    folder = shelf.commit(commit)
    if folder is None and is_offline:
        message = f"`{address.shown}` was not fetched before, and devkit is offline"
        raise DevkitError(TEMPLATE_UNREACHABLE, message, help="run the command once without --offline")
    if folder is None:
        commit = _commit_there(shelf, address, wanted)
        folder = shelf.commit(commit)
    if folder is None:
        folder, commit = _fetched(shelf, address, wanted)
    return Fetched(folder=folder, revision=commit, location=address.shown)


def _commit_there(shelf: Shelf, address: Address, wanted: str) -> str:
    """Return the commit that is wanted, where one is here that it led to before; `""` where it takes a fetch to know.

    What a name means is what `git fetch` makes of it: gitrevisions(7), a tag before a branch.
    """
    last = shelf.last(wanted)
    if shelf.commit(last) is None:
        return ""
    names = [f"refs/{wanted}", f"refs/tags/{wanted}^{{}}", f"refs/tags/{wanted}", f"refs/heads/{wanted}"]
    names = [wanted, *names] if wanted else ["HEAD"]
    done = _demand(_git(shelf.folder, "ls-remote", "--quiet", "--", address.url, *names), address, wanted)
    found = {name: commit for commit, _, name in (line.partition("\t") for line in done.stdout.splitlines())}
    known = last if _HEX.fullmatch(wanted) and last.startswith(wanted) else ""
    return next((found[name] for name in names if name in found), known)


def _fetched(shelf: Shelf, address: Address, wanted: str) -> tuple[Path, str]:
    with shelf.staging() as staging:
        _demand(_git(staging, "init", "--quiet", "--template="), address)
        name = _fetch(staging, address, wanted)
        found = _git(staging, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        commit = _demand(found, address, wanted).stdout.strip()
        if not commit.startswith(wanted if len(wanted) == len(commit) else ""):
            raise _unreachable(address, f"it answered with another commit than {wanted}")
        if shelf.commit(commit) is None:
            _demand(_git(staging, "checkout", "--quiet", "--detach", commit), address)
        return shelf.put(staging, commit, wanted), commit


def _fetch(staging: Path, address: Address, wanted: str) -> str:
    """Fetch one commit; where that is not to be had (an abbreviated id, an old server), everything.

    Return the name under which the wanted commit is found.
    """
    options = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules")
    name = wanted or "HEAD"
    done = _git(staging, *options, "--depth=1", "--", address.url, name)
    if done.code and _HEX.fullmatch(wanted):
        _demand(_git(staging, *options, "--", address.url, *_EVERYTHING), address, wanted)
        return wanted
    if done.code and "shallow" in done.stderr:
        done = _git(staging, *options, "--", address.url, name)
    _demand(done, address, wanted)
    return "FETCH_HEAD"


def _git(folder: Path, *words: str) -> Completed:
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("GIT_TRACE")}
    surroundings |= {
        "GIT_ALLOW_PROTOCOL": ":".join(SCHEMES),
        "GIT_CEILING_DIRECTORIES": str(folder.parent),  # no repository around the cache has a say
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
    try:
        return run_process([*_GIT, *words], cwd=folder, env=surroundings)
    except DevkitError as problem:
        if problem.kind is not TOOL_MISSING:
            raise
        help_text = "install git, or give a folder that holds the template"
        raise DevkitError(NO_GIT, "git was not found, and templates are fetched by it", help=help_text) from problem


def _demand(done: Completed, address: Address, wanted: str = "") -> Completed:
    """Return a process that went well; else raise what git said, without credentials."""
    if done.code == 0:
        return done
    lines = [line for line in without_credentials(done.stderr).splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("fatal:", "error:", "remote:", "ssh:"))] or lines
    reason = told[0].removeprefix("fatal:").strip() if told else f"git ended with code {done.code}"
    if wanted and ("remote ref" in done.stderr or not told):
        reason = f"it has no branch, tag or commit `{wanted}`"
    raise _unreachable(address, reason)


def _unreachable(address: Address, reason: str) -> DevkitError:
    message = f"`{address.shown}` cannot be fetched: {reason}"
    help_text = "check the URL, your access and the network; with --offline the copy fetched before is taken"
    return DevkitError(TEMPLATE_UNREACHABLE, message, help=help_text)
