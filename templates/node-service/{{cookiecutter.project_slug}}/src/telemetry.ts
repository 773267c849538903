// What is known about each request: Prometheus metrics, and one line in the log.

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Gauge, Histogram, type Registry } from "prom-client";

const METRICS_PATH = "/metrics";
const UNMATCHED = "unmatched";

// nginx's status for a client that went away before it was answered.
const CLIENT_CLOSED_REQUEST = 499;

// Asked every few seconds by machines: logged at debug only.
const QUIET_PATHS = new Set(["/health", "/ready"]);

export class Telemetry {
  readonly #registry: Registry;
  readonly #duration: Histogram;
  readonly #inFlight: Gauge;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#duration = new Histogram({
      name: "http_request_duration_seconds",
      help: "Time from the head of a request to the last byte of its response.",
      labelNames: ["method", "route", "status"],
      registers: [registry],
    });
    this.#inFlight = new Gauge({
      name: "http_requests_in_flight",
      help: "Requests that are being answered now.",
      registers: [registry],
    });
  }

  /** Measures and logs a request that has just arrived. */
  observe(request: FastifyRequest, reply: FastifyReply): void {
    if (pathOf(request) === METRICS_PATH) {
      return;
    }
    const start = performance.now();
    let isOver = false;
    const end = (status: number) => {
      if (!isOver) {
        isOver = true;
        this.#inFlight.dec();
        this.#record(request, status, (performance.now() - start) / 1000);
      }
    };

    this.#inFlight.inc();
    reply.raw.once("finish", () => {
      end(reply.statusCode);
    });
    // Nothing else tells of a client that went away: Fastify's onResponse is for what was sent.
    reply.raw.once("close", () => {
      end(CLIENT_CLOSED_REQUEST);
    });
  }

  /** Serves every metric of the registry, in the format that Prometheus asks for. */
  addRoute(app: FastifyInstance): void {
    app.get(METRICS_PATH, { schema: { hide: true } }, async (_request, reply) =>
      reply.type(this.#registry.contentType).send(await this.#registry.metrics()),
    );
  }

  #record(request: FastifyRequest, status: number, seconds: number): void {
    // Node.js refuses methods that it does not know, and raw paths are never labels: what a client
    // could choose freely would become an endless number of time series.
    const route = request.routeOptions.url ?? UNMATCHED;
    const { method } = request;
    this.#duration.observe({ method, route, status }, seconds);

    const path = pathOf(request);
    const isQuiet = QUIET_PATHS.has(path) && status < 400;
    request.log[isQuiet ? "debug" : "info"](
      { method, path, route, status, duration_ms: Math.round(seconds * 100_000) / 100 },
      `${method} ${path} ${status}`,
    );
  }
}

/** Returns the path without the query, which may hold what does not belong into a log. */
function pathOf(request: FastifyRequest): string {
  return request.url.split("?", 1)[0] ?? "";
}
