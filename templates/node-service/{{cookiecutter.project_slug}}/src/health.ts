// What an orchestrator asks: is the process alive, and may it be sent requests.

import { once } from "node:events";

import type { FastifyPluginCallbackTypebox } from "@fastify/type-provider-typebox";
import type { FastifyBaseLogger } from "fastify";
import { type Static, Type } from "typebox";

const HealthSchema = Type.Object({ status: Type.Literal("ok") });
const ReadinessSchema = Type.Object({
  status: Type.Enum(["ready", "not ready", "draining"]),
  checks: Type.Record(Type.String(), Type.Enum(["ok", "failed"])),
});

/** Whether a process is ready, and what each check says. */
export type ReadinessReport = Static<typeof ReadinessSchema>;

/** Resolves when what it checks is there, and rejects when it is not. */
export type Check = (signal: AbortSignal) => Promise<unknown>;

/**
 * Whether this process may be sent requests.
 *
 * Add a check for each thing without which no request can be answered:
 * `readiness.add("database", (signal) => database.ping({ signal }))`.
 */
export class Readiness {
  readonly #timeoutSeconds: number;
  readonly #checks = new Map<string, Check>();
  #isDraining = false;

  constructor(timeoutSeconds: number) {
    this.#timeoutSeconds = timeoutSeconds;
  }

  /** Asks `check` whenever readiness is asked for. */
  add(name: string, check: Check): void {
    this.#checks.set(name, check);
  }

  /** Reports "not ready" from now on: the process is about to stop. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Runs all checks at once; one that rejects or takes too long has failed. */
  async report(log: FastifyBaseLogger): Promise<ReadinessReport> {
    if (this.#isDraining) {
      return { status: "draining", checks: {} };
    }
    const results = await Promise.all(
      [...this.#checks].map(
        async ([name, check]) => [name, await this.#run(name, check, log)] as const,
      ),
    );
    const isReady = results.every(([, result]) => result === "ok");
    return { status: isReady ? "ready" : "not ready", checks: Object.fromEntries(results) };
  }

  async #run(name: string, check: Check, log: FastifyBaseLogger): Promise<"ok" | "failed"> {
    const signal = AbortSignal.timeout(this.#timeoutSeconds * 1000);
    const expired = once(signal, "abort").then(() => {
      throw signal.reason;
    });
    try {
      await Promise.race([check(signal), expired]);
      return "ok";
    } catch (error) {
      // The reason goes to the log, not into an answer that anyone may read.
      log.warn({ error, check: name }, "Readiness check failed");
      return "failed";
    }
  }
}

export interface HealthOptions {
  readiness: Readiness;
}

/** The routes for probes. */
export const health: FastifyPluginCallbackTypebox<HealthOptions> = (app, { readiness }, done) => {
  // Checks nothing else: a restart, which is what a failure leads to, would not mend it.
  app.get(
    "/health",
    { schema: { summary: "Whether the process answers", response: { 200: HealthSchema } } },
    () => ({ status: "ok" as const }),
  );

  app.get(
    "/ready",
    {
      schema: {
        summary: "Whether the process may be sent requests",
        response: { 200: ReadinessSchema, 503: ReadinessSchema },
      },
    },
    async (request, reply) => {
      const report = await readiness.report(request.log);
      return reply.code(report.status === "ready" ? 200 : 503).send(report);
    },
  );

  done();
};
