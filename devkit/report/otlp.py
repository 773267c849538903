"""Posting to an OpenTelemetry collector, as the variables of its specification say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from devkit.api.findings import Finding
from devkit.errors import NOT_TOLD

if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.request import OpenerDirector

_LONGEST = 3.0
"""Seconds that the end of a run may be held up."""
_BASE = "OTEL_EXPORTER_OTLP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """Where spans go: an address, further headers (they may hold a secret), and how long to wait, in seconds."""

    address: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: float = _LONGEST

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self | None:
        """Return the collector that the environment names, if it names one and switches it not off."""
        base, own = environ.get(f"{_BASE}_ENDPOINT", "").strip(), environ.get(f"{_BASE}_TRACES_ENDPOINT", "").strip()
        is_off = (
            environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or environ.get("OTEL_TRACES_EXPORTER") == "none"
        )
        if is_off or not (base or own):
            return None
        headers = pairs(environ.get(f"{_BASE}_TRACES_HEADERS") or environ.get(f"{_BASE}_HEADERS", ""))
        timeout = environ.get(f"{_BASE}_TRACES_TIMEOUT") or environ.get(f"{_BASE}_TIMEOUT", "")
        seconds = min(_LONGEST, int(timeout) / 1000) if timeout.isdecimal() and int(timeout) else _LONGEST
        return cls(address=own or f"{base.rstrip('/')}/v1/traces", headers=headers, timeout=seconds)

    def post(self, document: Mapping[str, Any]) -> Finding | None:
        """Post a document; return a finding when that failed, and never raise for it."""
        import json
        from http.client import HTTPException
        from urllib.error import HTTPError
        from urllib.request import Request

        headers = {**self.headers, "Content-Type": "application/json"}
        try:
            if not self.address.startswith(("http://", "https://")):
                return _failed(self.address, "it is no address of HTTP")
            request = Request(self.address, json.dumps(document).encode(), headers)  # noqa: S310 - checked above
            with _opener().open(request, timeout=self.timeout):
                return None
        except HTTPError as answer:
            answer.close()
            return _failed(self.address, f"it answered {answer.code} {answer.reason}".rstrip())
        except OSError as problem:
            return _failed(self.address, str(getattr(problem, "reason", "") or problem))
        except (ValueError, HTTPException):  # whose words may hold what stands before the host
            return _failed(self.address, "its address or its answer is not valid")


def pairs(text: str) -> dict[str, str]:
    """Return what `key=value,key=value` says, the values percent-encoded (W3C Baggage, without properties)."""
    from urllib.parse import unquote

    words = (word.partition("=") for word in text.split(","))
    return {key.strip(): unquote(value.strip()) for key, equals, value in words if key.strip() and equals}


def _opener() -> OpenerDirector:
    """Return what sends over HTTP and follows no redirect, which would carry the headers to wherever that leads."""
    from urllib import request

    opener = request.OpenerDirector()
    opener.add_handler(request.ProxyHandler())
    opener.add_handler(request.HTTPHandler())
    opener.add_handler(request.HTTPSHandler())
    opener.add_handler(request.HTTPErrorProcessor())
    opener.add_handler(request.HTTPDefaultErrorHandler())
    return opener


def _failed(address: str, reason: str) -> Finding:
    message = f"the spans of this run could not be sent to {_shown(address)}: {reason}"
    help_text = "start the collector, mend OTEL_EXPORTER_OTLP_ENDPOINT, or set OTEL_SDK_DISABLED=true"
    return Finding(code=NOT_TOLD.code, message=message, help=help_text)


def _shown(address: str) -> str:
    """Return an address without the name and the password that may stand in it."""
    from urllib.parse import urlsplit

    try:
        where = urlsplit(address)
        port = f":{where.port}" if where.port else ""
    except ValueError:
        return "the collector"
    return f"{where.scheme}://{where.hostname or ''}{port}{where.path}"
