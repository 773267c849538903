// The description of the API for programs: an OpenAPI document, made from the schemas of the routes.

import { readFileSync } from "node:fs";

import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";

interface Manifest {
  name: string;
  version: string;
}

const MANIFEST = new URL("../package.json", import.meta.url); // above dist/ as well as above src/

/** Serves a description of the routes in all plugins that are registered from now on. */
export function addOpenApi(app: FastifyInstance): void {
  const { name, version } = JSON.parse(readFileSync(MANIFEST, "utf8")) as Manifest;
  app.register(swagger, { openapi: { openapi: "3.1.0", info: { title: name, version } } });
  app.get("/openapi.json", { schema: { hide: true } }, () => app.swagger());
}
