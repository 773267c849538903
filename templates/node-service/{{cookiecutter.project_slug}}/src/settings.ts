// Settings, read from the environment and from `.env`.

import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";

import { type Static, type TSchema, Type } from "typebox";
import { Value } from "typebox/value";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** Each is an environment variable. `.env.example` explains them; a test keeps the two in step. */
export const SettingsSchema = Type.Object({
  HOST: Type.String({ default: "127.0.0.1" }),
  PORT: Type.Integer({ default: 3000, minimum: 0, maximum: 65535 }),
  LOG_LEVEL: Type.Enum(LOG_LEVELS, { default: "info" }),
  READY_TIMEOUT_SECONDS: Type.Number({ default: 2, exclusiveMinimum: 0, maximum: 3600 }),
  DRAIN_SECONDS: Type.Number({ default: 0, minimum: 0, maximum: 3600 }),
  SHUTDOWN_TIMEOUT_SECONDS: Type.Number({ default: 20, minimum: 0, maximum: 3600 }),
});

export type Settings = Readonly<Static<typeof SettingsSchema>>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Says which settings are wrong, but not what they hold: a setting may be a secret. */
export class InvalidSettingsError extends Error {
  override name = "InvalidSettingsError";
}

/** Returns the validated settings; a variable that is empty counts as not set. */
export function readSettings(environment: Environment): Settings {
  const given = Object.entries(SettingsSchema.properties).flatMap(([name, schema]) => {
    const text = environment[name]?.trim();
    return text ? [[name, convert(text, schema)]] : [];
  });
  const settings = Value.Default(SettingsSchema, Object.fromEntries(given));
  if (!Value.Check(SettingsSchema, settings)) {
    const problems = Value.Errors(SettingsSchema, settings).map(
      ({ instancePath, message }) => `${instancePath.slice(1)} ${message}`,
    );
    throw new InvalidSettingsError(problems.join("; "));
  }
  return settings;
}

function convert(text: string, schema: TSchema): unknown {
  if (Type.IsNumber(schema) || Type.IsInteger(schema)) {
    return Number(text);
  }
  return Type.IsEnum(schema) ? text.toLowerCase() : text;
}

/** Returns the variables of this process, and those of a file for which it has none. */
export function readEnvironment(file = ".env"): Environment {
  return { ...readFile(file), ...process.env };
}

function readFile(file: string): Environment {
  try {
    return parseEnv(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return {};
    }
    throw error;
  }
}
