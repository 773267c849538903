import { expect, test } from "vitest";

import manifest from "../package.json" with { type: "json" };
import { createTestApp } from "./support.ts";

async function openApi(): Promise<{ info: unknown; paths: object }> {
  const { server } = createTestApp();
  return (await server.inject("/openapi.json")).json();
}

test("the service says which one it is", async () => {
  expect((await openApi()).info).toEqual({ title: manifest.name, version: manifest.version });
});

test("what clients ask for is described, what tools ask for is not", async () => {
  const paths = Object.keys((await openApi()).paths);

  expect(paths).toEqual(expect.arrayContaining(["/health", "/ready", "/notes"]));
  expect(paths).not.toContain("/metrics");
});
