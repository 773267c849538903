// Starting to listen, and stopping without losing a request.

import { setTimeout as wait } from "node:timers/promises";

import type { Application } from "./app.ts";
import type { Settings } from "./settings.ts";

/** Listens where the settings say; returns the address. */
export async function start({ server }: Application, settings: Settings): Promise<string> {
  return server.listen({ host: settings.HOST, port: settings.PORT });
}

/**
 * Drains, then stops.
 *
 * `/ready` answers 503, while everything else is still answered for `DRAIN_SECONDS`, so that load
 * balancers can look elsewhere; then no connection is accepted any more, and requests in flight
 * get `SHUTDOWN_TIMEOUT_SECONDS` to finish.
 */
export async function stop(
  { server, readiness }: Application,
  settings: Settings,
  sleep: (milliseconds: number) => Promise<unknown> = wait,
): Promise<void> {
  readiness.drain();
  await sleep(settings.DRAIN_SECONDS * 1000);

  const cutOff = setTimeout(() => {
    server.log.warn("Requests in flight are cut off");
    server.server.closeAllConnections();
  }, settings.SHUTDOWN_TIMEOUT_SECONDS * 1000);
  try {
    await server.close();
  } finally {
    clearTimeout(cutOff);
  }
}
