// A correlation ID for each request, so that its log lines can be found again.

import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

export const HEADER = "x-request-id";

// What a client sends ends up in our logs and in the response, so it is not taken as it comes.
const ACCEPTABLE = /^[A-Za-z0-9._:-]{1,128}$/;

/** Returns the ID that came with a request, or a new one where there is none that will do. */
export function requestIdOf({ headers }: Pick<IncomingMessage, "headers">): string {
  const received = headers[HEADER];
  return typeof received === "string" && ACCEPTABLE.test(received) ? received : randomUUID();
}
