import { expect, test, vi } from "vitest";

import { start, stop } from "../src/server.ts";
import { createTestApp, deferred, type TestApplication } from "./support.ts";

/** Adds a route that tells when it was asked, and answers when it is told to. */
function addSlowRoute({ server }: TestApplication) {
  const arrived = deferred();
  const mayAnswer = deferred();
  server.get("/slow", async () => {
    arrived.resolve();
    await mayAnswer.promise;
    return { status: "finished" };
  });
  return { arrived, mayAnswer };
}

test("a request in flight is finished before the server stops", async () => {
  const application = createTestApp();
  const { arrived, mayAnswer } = addSlowRoute(application);
  const address = await start(application, application.settings);
  const response = fetch(`${address}/slow`);
  await arrived.promise;

  const stopped = stop(application, application.settings);
  mayAnswer.resolve();

  expect(await (await response).json()).toEqual({ status: "finished" });
  await stopped;
  await expect(fetch(`${address}/health`)).rejects.toThrow("fetch failed");
});

test("while it drains the service answers, but is not ready", async () => {
  const application = createTestApp({ DRAIN_SECONDS: "5" });
  const drained = deferred();
  const sleep = vi.fn(() => drained.promise);
  const address = await start(application, application.settings);

  const stopped = stop(application, application.settings, sleep);

  expect((await fetch(`${address}/ready`)).status).toBe(503);
  expect((await fetch(`${address}/notes`)).status).toBe(200);
  expect(sleep).toHaveBeenCalledExactlyOnceWith(5000);
  drained.resolve();
  await stopped;
});

test("a request that takes too long is cut off", async () => {
  const application = createTestApp({ SHUTDOWN_TIMEOUT_SECONDS: "0.01" });
  const { arrived } = addSlowRoute(application);
  const address = await start(application, application.settings);
  const response = expect(fetch(`${address}/slow`)).rejects.toThrow("fetch failed");
  await arrived.promise;

  await stop(application, application.settings);

  await response;
  expect(application.log).toContainEqual(
    expect.objectContaining({ level: "warn", message: "Requests in flight are cut off" }),
  );
});
