import { expect, test } from "vitest";

import { HEADER } from "../src/request-id.ts";
import { createTestApp } from "./support.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function answered(url: string, received?: string): Promise<unknown> {
  const { server } = createTestApp();
  const headers = received === undefined ? {} : { [HEADER]: received };
  return (await server.inject({ url, headers })).headers[HEADER];
}

test("the ID of the client is kept", async () => {
  expect(await answered("/health", "order-42:retry.1")).toBe("order-42:retry.1");
});

test("a request without an ID gets one of its own", async () => {
  const ids = [await answered("/health"), await answered("/health")];

  expect(new Set(ids).size).toBe(2);
  expect(ids[0]).toMatch(UUID);
});

test.each(["", "two words", "x".repeat(129), '"},{"level":"forged', "line\n"])(
  "an unsuitable ID is replaced: %j",
  async (received) => {
    expect(await answered("/health", received)).toMatch(UUID);
  },
);

test.each(["/nowhere", "/%zz", "/notes/0"])("the answer to %s carries it too", async (url) => {
  expect(await answered(url, "abc")).toBe("abc");
});

test("each log line of the request carries it", async () => {
  const { server, log } = createTestApp();

  await server.inject({
    method: "POST",
    url: "/notes",
    headers: { [HEADER]: "abc" },
    body: { text: "buy milk" },
  });

  expect(log.map((line) => [line["message"], line["request_id"]])).toEqual([
    ["Note created", "abc"],
    ["POST /notes 201", "abc"],
  ]);
});
