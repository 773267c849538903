// The application: everything put together.

import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import { Registry } from "prom-client";

import { health, Readiness } from "./health.ts";
import { notes, NoteStore } from "./notes.ts";
import { addOpenApi } from "./openapi.ts";
import { HEADER, requestIdOf } from "./request-id.ts";
import type { Settings } from "./settings.ts";
import { Telemetry } from "./telemetry.ts";

/** An application, and what its process has to know of it. */
export interface Application {
  server: FastifyInstance;
  readiness: Readiness;
  registry: Registry;
}

/** Returns a new application, which does not listen yet. */
export function createApp(settings: Settings, logger: FastifyBaseLogger): Application {
  const readiness = new Readiness(settings.READY_TIMEOUT_SECONDS);
  const registry = new Registry();
  const telemetry = new Telemetry(registry);

  const begin = (request: FastifyRequest, reply: FastifyReply) => {
    reply.header(HEADER, request.id);
    telemetry.observe(request, reply);
  };
  const server = Fastify({
    loggerInstance: logger,
    logController: new LogController({
      disableRequestLogging: true, // telemetry.ts writes a better line
      requestIdLogLabel: "request_id",
    }),
    genReqId: requestIdOf,
    requestTimeout: 60_000, // a client may not take for ever to send its request
    // Where the path of a request cannot be read, hooks are not called.
    frameworkErrors: (error, request, reply) => {
      begin(request, reply);
      answerError(error, request, reply);
    },
  });
  server.setErrorHandler(answerError);
  server.setNotFoundHandler((_request, reply) => {
    reply.code(404).send({ message: "Not Found" });
  });
  server.addHook("onRequest", (request, reply, done) => {
    begin(request, reply);
    done();
  });

  telemetry.addRoute(server);
  addOpenApi(server);
  server.register(health, { readiness });
  // Open connection pools and clients here, tell `readiness` how to check them, and close them in
  // an onClose hook.
  server.register(notes, { prefix: "/notes", store: new NoteStore(), registry });
  return { server, readiness, registry };
}

/** Tells a client what it did wrong, and the log alone about everything else. */
function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode = 500, message } = error;
  if (statusCode >= 400 && statusCode < 500) {
    reply.code(statusCode).send({ message });
    return;
  }
  request.log.error(error, "Unhandled error");
  reply.code(500).send({ message: "Internal Server Error" });
}
