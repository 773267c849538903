import { expect, test } from "vitest";

import { createTestApp } from "./support.ts";

test("the process is alive whatever the checks say", async () => {
  const { server, readiness } = createTestApp();
  readiness.add("database", () => Promise.reject(new Error("gone")));

  const response = await server.inject("/health");

  expect([response.statusCode, response.json()]).toEqual([200, { status: "ok" }]);
});

test("the service is ready when every check passes", async () => {
  const { server, readiness } = createTestApp();
  readiness.add("database", () => Promise.resolve());

  const response = await server.inject("/ready");

  expect(response.statusCode).toBe(200);
  expect(response.json()).toEqual({ status: "ready", checks: { database: "ok" } });
});

test("one failed check is enough, and its reason stays in the log", async () => {
  const { server, readiness, log } = createTestApp();
  readiness.add("database", () => Promise.reject(new Error("wrong password")));
  readiness.add("queue", () => Promise.resolve());

  const response = await server.inject("/ready");

  expect(response.statusCode).toBe(503);
  expect(response.json()).toEqual({
    status: "not ready",
    checks: { database: "failed", queue: "ok" },
  });
  expect(log).toContainEqual(
    expect.objectContaining({
      message: "Readiness check failed",
      check: "database",
      error: expect.objectContaining({ message: "wrong password" }) as object,
    }),
  );
});

test("a check that takes too long has failed, and is told to stop", async () => {
  const { server, readiness } = createTestApp({ READY_TIMEOUT_SECONDS: "0.01" });
  const signals: AbortSignal[] = [];
  readiness.add("database", (signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });

  const response = await server.inject("/ready");

  expect(response.json()).toMatchObject({ checks: { database: "failed" } });
  expect(signals[0]?.aborted).toBe(true);
});

test("a service that is about to stop is not ready", async () => {
  const { server, readiness } = createTestApp();
  readiness.drain();

  const response = await server.inject("/ready");

  expect([response.statusCode, response.json()]).toEqual([503, { status: "draining", checks: {} }]);
});
