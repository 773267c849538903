import { expect, test } from "vitest";

import { createTestApp } from "./support.ts";

test("an unknown path is not found", async () => {
  const { server } = createTestApp();

  const response = await server.inject("/nowhere");

  expect([response.statusCode, response.json()]).toEqual([404, { message: "Not Found" }]);
});

test("what a client did wrong is told to it", async () => {
  const { server } = createTestApp();

  const response = await server.inject({
    method: "POST",
    url: "/notes",
    headers: { "content-type": "application/json" },
    body: "{",
  });

  expect(response.statusCode).toBe(400);
  expect(response.json<{ message: string }>().message).toMatch(/not valid JSON/);
});

test("two applications share no state", async () => {
  const [first, second] = [createTestApp(), createTestApp()];

  await first.server.inject({ method: "POST", url: "/notes", body: { text: "buy milk" } });

  expect((await second.server.inject("/notes")).json()).toEqual([]);
});
