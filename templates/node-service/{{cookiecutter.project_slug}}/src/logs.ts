// Logs: one JSON object per line on standard output.

import type { FastifyBaseLogger } from "fastify";
import { type DestinationStream, destination, pino } from "pino";

/** Returns a logger; lines below `level` are not written. */
export function createLogger(
  level: string,
  stream: DestinationStream = destination({ sync: true }), // nothing is lost when the process ends
): FastifyBaseLogger {
  return pino(
    {
      level,
      base: null, // which process and machine wrote a line is known to whoever collects it
      messageKey: "message",
      errorKey: "error",
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
}
