// Every answer is one that the service's own OpenAPI document promises.

import type { LightMyRequestResponse } from "fastify";
import { Errors } from "typebox/schema";
import { expect, test } from "vitest";

import { createTestApp, type TestApplication } from "../support.ts";

/** As much of an OpenAPI document as is looked at here. */
interface OpenApi {
  paths: Record<string, Record<string, { responses: Record<string, Answer> }>>;
  components?: object;
}

interface Answer {
  content?: Record<string, { schema: object }>;
}

const NOTE = { method: "POST", url: "/notes", body: { text: "buy milk" } } as const;

/** How to get each answer that the document promises. */
const ANSWERS: Record<string, (application: TestApplication) => Promise<LightMyRequestResponse>> = {
  "GET /health 200": ({ server }) => server.inject("/health"),
  "GET /ready 200": ({ server, readiness }) => {
    readiness.add("database", () => Promise.resolve());
    return server.inject("/ready");
  },
  "GET /ready 503": ({ server, readiness }) => {
    readiness.add("database", () => Promise.reject(new Error("refused")));
    return server.inject("/ready");
  },
  "POST /notes 201": ({ server }) => server.inject(NOTE),
  "POST /notes 400": ({ server }) => server.inject({ ...NOTE, body: { text: "" } }),
  "GET /notes 200": async ({ server }) => {
    await server.inject(NOTE);
    return server.inject("/notes");
  },
  "GET /notes/{id} 200": async ({ server }) => {
    const { headers } = await server.inject(NOTE);
    return server.inject(headers.location ?? "");
  },
  "GET /notes/{id} 400": ({ server }) => server.inject("/notes/first"),
  "GET /notes/{id} 404": ({ server }) => server.inject("/notes/1"),
};

async function documentOf({ server }: TestApplication): Promise<OpenApi> {
  return (await server.inject("/openapi.json")).json();
}

test.each(Object.entries(ANSWERS))("%s is as promised", async (name, answer) => {
  const application = createTestApp();
  const { paths, components = {} } = await documentOf(application);
  const [method = "", path = "", status = ""] = name.split(" ");
  const promised = paths[path]?.[method.toLowerCase()]?.responses[status]?.content ?? {};

  const response = await answer(application);

  const type = response.headers["content-type"]?.toString().split(";")[0];
  expect([response.statusCode, type]).toEqual([Number(status), Object.keys(promised)[0]]);
  if (type !== undefined) {
    const schema = { ...promised[type]?.schema, components }; // to where its references point
    expect(problems(schema, response.json())).toBe("");
  }
});

function problems(schema: object, body: unknown): string {
  const [, errors] = Errors(schema, body);
  return errors.map(({ instancePath, message }) => `${instancePath} ${message}`).join("; ");
}

test("every answer that is promised is looked at", async () => {
  const { paths } = await documentOf(createTestApp());

  const promised = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { responses }]) =>
      Object.keys(responses).map((status) => `${method.toUpperCase()} ${path} ${status}`),
    ),
  );
  expect(promised.filter((name) => !(name in ANSWERS))).toEqual([]);
});
