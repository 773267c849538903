import { request } from "node:http";

import { expect, test } from "vitest";

import { start } from "../src/server.ts";
import { createTestApp, deferred, type TestApplication } from "./support.ts";

/** Returns the samples of a metric, as `/metrics` shows them. */
async function samples({ server }: TestApplication, metric: string): Promise<string[]> {
  const { body } = await server.inject("/metrics");
  return body.split("\n").filter((line) => line.startsWith(metric));
}

const COUNT = "http_request_duration_seconds_count";

test("requests are measured by method, route and status", async () => {
  const application = createTestApp();
  for (const url of ["/notes/1", "/notes/2", "/notes?page=2"]) {
    await application.server.inject(url);
  }

  expect(await samples(application, COUNT)).toEqual([
    `${COUNT}{method="GET",route="/notes/:id",status="404"} 2`,
    `${COUNT}{method="GET",route="/notes",status="200"} 1`,
  ]);
});

test("paths that no route answers share one label, unreadable ones too", async () => {
  const application = createTestApp();
  for (const url of ["/nowhere", "/wp-login.php", "/notes/1/2", "/%zz"]) {
    await application.server.inject(url);
  }

  expect(await samples(application, COUNT)).toEqual([
    `${COUNT}{method="GET",route="unmatched",status="404"} 3`,
    `${COUNT}{method="GET",route="unmatched",status="400"} 1`,
  ]);
});

test("requests in flight are counted", async () => {
  const application = createTestApp();
  application.server.get("/gauge", () => samples(application, "http_requests_in_flight"));

  const during = await application.server.inject("/gauge");

  expect(during.json()).toEqual(["http_requests_in_flight 1"]);
  expect(await samples(application, "http_requests_in_flight")).toEqual([
    "http_requests_in_flight 0",
  ]);
});

test("a client that goes away is not in flight for ever", async () => {
  const application = createTestApp();
  const arrived = deferred();
  const left = deferred();
  application.server.get("/slow", (_request, reply) => {
    reply.raw.once("close", left.resolve);
    arrived.resolve();
    return new Promise(() => undefined);
  });
  const client = request(`${await start(application, application.settings)}/slow`);
  client.on("error", () => undefined).end();
  await arrived.promise;

  client.destroy();
  await left.promise;

  expect(await samples(application, "http_requests_in_flight")).toEqual([
    "http_requests_in_flight 0",
  ]);
  expect(await samples(application, COUNT)).toEqual([
    `${COUNT}{method="GET",route="/slow",status="499"} 1`,
  ]);
});

test("metrics are served but not measured", async () => {
  const application = createTestApp();
  await application.server.inject("/health");

  const response = await application.server.inject("/metrics");

  expect(response.headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(response.body).toContain('http_request_duration_seconds_bucket{le="0.005"');
  expect(response.body).not.toContain('route="/metrics"');
});

test("an error is answered without its reason, logged and measured", async () => {
  const application = createTestApp();
  application.server.get("/broken", () => {
    throw new Error("internal detail");
  });

  const response = await application.server.inject("/broken");

  expect(response.statusCode).toBe(500);
  expect(response.json()).toEqual({ message: "Internal Server Error" });
  expect(application.log).toContainEqual(
    expect.objectContaining({
      message: "Unhandled error",
      error: expect.objectContaining({ message: "internal detail" }) as object,
    }),
  );
  expect(await samples(application, COUNT)).toEqual([
    `${COUNT}{method="GET",route="/broken",status="500"} 1`,
  ]);
});

test("each request is one line of the log, probes at debug only", async () => {
  const { server, log } = createTestApp();

  await server.inject("/notes/1?token=secret");
  await server.inject("/health");

  expect(log).toEqual([
    expect.objectContaining({
      level: "info",
      message: "GET /notes/1 404",
      method: "GET",
      path: "/notes/1",
      route: "/notes/:id",
      status: 404,
      duration_ms: expect.any(Number) as number,
    }),
  ]);
});
