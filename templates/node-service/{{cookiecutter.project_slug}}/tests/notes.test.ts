// The example feature: replace it together with `notes.ts`.

import { expect, test } from "vitest";

import { createTestApp } from "./support.ts";

test("a created note can be read", async () => {
  const { server } = createTestApp();

  const created = await server.inject({
    method: "POST",
    url: "/notes",
    body: { text: "buy milk" },
  });
  const read = await server.inject(created.headers.location ?? "");

  expect([created.statusCode, read.statusCode]).toEqual([201, 200]);
  expect(created.json()).toEqual({ id: 1, text: "buy milk" });
  expect(read.json()).toEqual({ id: 1, text: "buy milk" });
});

test("notes are listed oldest first", async () => {
  const { server } = createTestApp();
  for (const text of ["first", "second"]) {
    await server.inject({ method: "POST", url: "/notes", body: { text } });
  }

  const response = await server.inject("/notes");

  expect(response.json()).toEqual([
    { id: 1, text: "first" },
    { id: 2, text: "second" },
  ]);
});

test("an unknown note is not found", async () => {
  const { server } = createTestApp();

  const response = await server.inject("/notes/1");

  expect([response.statusCode, response.json()]).toEqual([404, { message: "No such note" }]);
});

test("an empty note is refused", async () => {
  const { server } = createTestApp();

  const response = await server.inject({ method: "POST", url: "/notes", body: { text: "" } });

  expect(response.statusCode).toBe(400);
  expect((await server.inject("/notes")).json()).toEqual([]);
});

test("notes that were created are counted", async () => {
  const { server } = createTestApp();
  await server.inject({ method: "POST", url: "/notes", body: { text: "buy milk" } });

  const metrics = await server.inject("/metrics");

  expect(metrics.body).toContain("notes_created_total 1");
});
