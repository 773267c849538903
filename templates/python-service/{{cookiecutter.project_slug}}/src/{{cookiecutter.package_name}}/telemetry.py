"""What is known about each request: Prometheus metrics, and one line in the log."""

import logging
from http import HTTPStatus
from time import perf_counter

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from prometheus_client import REGISTRY, Gauge, Histogram
from prometheus_client.exposition import choose_encoder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)

METRICS_PATH = "/metrics"
UNMATCHED = "unmatched"

# Asked every few seconds by machines: logged at DEBUG only.
_QUIET_PATHS = frozenset({"/health", "/ready"})

# Labels must not be the client's to choose: each new value is a new time series, kept forever.
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})

REQUEST_DURATION = Histogram(
    "http_request_duration_seconds",
    "Time from the first byte of a request to the last byte of its response.",
    ["method", "route", "status"],
)
REQUESTS_IN_FLIGHT = Gauge(
    "http_requests_in_flight",
    "Requests that are being answered now.",
)


@router.get(METRICS_PATH)
def metrics(request: Request) -> Response:
    """Every metric of this process, in the format that Prometheus asks for."""
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(REGISTRY), headers={"content-type": content_type})


class TelemetryMiddleware:
    """Measures and logs each request, and answers 500 where the application raised."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"] == METRICS_PATH:
            await self.app(scope, receive, send)
            return

        status: int | None = None

        async def send_and_note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        application = scope["app"]  # a mounted application replaces it
        start = perf_counter()
        try:
            with REQUESTS_IN_FLIGHT.track_inprogress():
                await self.app(scope, receive, send_and_note_status)
        except Exception:
            logger.exception("Unhandled error")
            if status is not None:
                raise  # half of a response is out; the server has to break the connection
            response = JSONResponse({"detail": "Internal Server Error"}, status_code=500)
            await response(scope, receive, send_and_note_status)
        finally:
            duration = perf_counter() - start
            _record(scope, _route(scope, application), status or 500, duration)


def _route(scope: Scope, application: FastAPI) -> str:
    """Return the template of the route, such as `/notes/{note_id}`.

    Raw paths would be an endless number of labels; paths that no route of this application
    answers, such as those of a mounted one, share a single label.
    """
    endpoint = scope.get("endpoint")
    if endpoint is None:
        return UNMATCHED
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    for route in iter_route_contexts(application.routes):
        if route.endpoint is endpoint and route.path_regex.match(path):
            return route.path_format or UNMATCHED
    return UNMATCHED


def _record(scope: Scope, route: str, status: int, duration: float) -> None:
    method, path = scope["method"], scope["path"]
    label = method if method in _METHODS else "OTHER"
    REQUEST_DURATION.labels(label, route, str(status)).observe(duration)

    is_quiet = path in _QUIET_PATHS and status < HTTPStatus.BAD_REQUEST
    logger.log(
        logging.DEBUG if is_quiet else logging.INFO,
        "%s %s %d",
        method,
        path,
        status,
        extra={
            "method": method,
            "path": path,
            "route": route,
            "status": status,
            "duration_ms": round(duration * 1000, 2),
        },
    )
