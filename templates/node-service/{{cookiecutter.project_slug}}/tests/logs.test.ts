import { expect, test } from "vitest";

import { createLogger } from "../src/logs.ts";

function logged(level: string, write: (log: ReturnType<typeof createLogger>) => void): unknown[] {
  const lines: unknown[] = [];
  write(createLogger(level, { write: (line) => lines.push(JSON.parse(line)) }));
  return lines;
}

test("a line is a JSON object with what it is about", () => {
  const [line] = logged("info", (log) => {
    log.info({ note_id: 1 }, "two\nlines");
  });

  expect(line).toEqual({
    level: "info",
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    message: "two\nlines",
    note_id: 1,
  });
});

test("an error comes with its stack", () => {
  const [line] = logged("info", (log) => {
    log.error(new Error("broken"), "It failed");
  });

  expect(line).toMatchObject({
    level: "error",
    message: "It failed",
    error: { message: "broken", stack: expect.stringContaining("logs.test.ts") as string },
  });
});

test("lines below the level are not written", () => {
  expect(
    logged("warn", (log) => {
      log.info("too little");
    }),
  ).toEqual([]);
});
