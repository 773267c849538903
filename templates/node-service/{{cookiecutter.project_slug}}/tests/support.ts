// What every test may ask for.

import { onTestFinished } from "vitest";

import { type Application, createApp } from "../src/app.ts";
import { createLogger } from "../src/logs.ts";
import { readSettings, type Settings } from "../src/settings.ts";

export interface TestApplication extends Application {
  settings: Settings;
  /** What has been logged, line by line. */
  log: Record<string, unknown>[];
}

/** Returns a new application with the default settings, so that tests share no state. */
export function createTestApp(settings: Record<string, string> = {}): TestApplication {
  const validated = readSettings({ PORT: "0", ...settings });
  const log: Record<string, unknown>[] = [];
  const logger = createLogger(validated.LOG_LEVEL, {
    write: (line) => log.push(JSON.parse(line) as Record<string, unknown>),
  });
  const application = createApp(validated, logger);
  onTestFinished(() => application.server.close());
  return { ...application, settings: validated, log };
}

/** Returns a promise, and what fulfils it. */
export function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}
