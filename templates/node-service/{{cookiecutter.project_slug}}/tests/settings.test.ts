import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";

import { expect, test, vi } from "vitest";

import { readEnvironment, readSettings, SettingsSchema } from "../src/settings.ts";

const EXAMPLE = ".env.example";

test("the environment sets them", () => {
  expect(readSettings({ PORT: "9000", LOG_LEVEL: "DEBUG", DRAIN_SECONDS: "0.5" })).toMatchObject({
    PORT: 9000,
    LOG_LEVEL: "debug",
    DRAIN_SECONDS: 0.5,
  });
});

test("an empty variable means the default", () => {
  expect(readSettings({ PORT: "", HOST: " " })).toEqual(readSettings({}));
});

test("variables of others are left out", () => {
  expect(readSettings({ HOME: "/root" })).not.toHaveProperty("HOME");
});

test.each([
  ["PORT", "80000"],
  ["PORT", "many"],
  ["PORT", "80.5"],
  ["LOG_LEVEL", "loud"],
  ["READY_TIMEOUT_SECONDS", "0"],
  ["DRAIN_SECONDS", "-1"],
  ["SHUTDOWN_TIMEOUT_SECONDS", "Infinity"],
])("%s=%s is refused", (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^${name} must `));
});

test("what a wrong setting holds is not repeated: it may be a secret", () => {
  expect(() => readSettings({ PORT: "hunter2" })).not.toThrow("hunter2");
});

test("every setting that is wrong is named at once", () => {
  expect(() => readSettings({ PORT: "-1", LOG_LEVEL: "loud" })).toThrow(/PORT .*; LOG_LEVEL /);
});

test("the example file names every setting with its default", () => {
  const example = parseEnv(readFileSync(EXAMPLE, "utf8"));

  expect(new Set(Object.keys(example))).toEqual(new Set(Object.keys(SettingsSchema.properties)));
  expect(readSettings(example)).toEqual(readSettings({}));
});

test("a variable of the process wins over the file", () => {
  vi.stubEnv("HOST", "::1");
  vi.stubEnv("PORT", undefined);

  expect(readEnvironment(EXAMPLE)).toMatchObject({ HOST: "::1", PORT: "3000" });
});

test("without a file there is the process alone", () => {
  expect(readEnvironment("no-such-file")).toEqual({ ...process.env });
});

test("a file that cannot be read is not passed over", () => {
  expect(() => readEnvironment("tests")).toThrow("EISDIR");
});
