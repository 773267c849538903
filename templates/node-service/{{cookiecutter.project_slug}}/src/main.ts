// The process: settings, logs, metrics of the runtime, and signals.

import { collectDefaultMetrics } from "prom-client";

import { createApp } from "./app.ts";
import { createLogger } from "./logs.ts";
import { start, stop } from "./server.ts";
import { readEnvironment, readSettings } from "./settings.ts";

const logger = createLogger("info");
process.on("uncaughtExceptionMonitor", (error) => {
  logger.fatal(error, "The service fails");
});

try {
  const settings = readSettings(readEnvironment());
  logger.level = settings.LOG_LEVEL;
  const application = createApp(settings, logger);
  collectDefaultMetrics({ register: application.registry });

  // Only the first signal is waited for: a second one ends the process at once.
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      logger.info({ signal }, "Service stopping");
      void stop(application, settings).then(() => {
        logger.info("Service stopped");
        process.exit(); // whatever a request that was cut off may still be waiting for
      });
    });
  }
  await start(application, settings);
} catch (error) {
  logger.fatal(error, "The service cannot start");
  process.exit(1);
}
