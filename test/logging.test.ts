import { expect, test } from "vitest";
import type { LogLevel } from "../src/log.ts";
import { openWriter } from "../src/log_writer.ts";
import { Logging } from "../src/logging.ts";

/** A log, and the lines it has written. */
function logged(form: "json" | "text", level: LogLevel = "info"): { logging: Logging; lines: string[] } {
  const lines: string[] = [];
  return { logging: new Logging({ level, openSink: () => ({ form, write: (line) => void lines.push(line) }) }), lines };
}

test("Logging keeps records until it can write them, a bounded number, and says how many it lost", () => {
  const { logging, lines } = logged("json");
  for (let i = 0; i < 1005; i++) logging.log("info", "event", { i });
  expect(lines).toEqual([]);
  logging.begin(openWriter);
  expect(lines.length).toBe(1001);
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: "INFO", message: "event", i: 0 });
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ level: "WARN", records: 5 });
  logging.begin(openWriter);
  logging.log("error", "at once");
  expect(lines.length).toBe(1002);
});

test("Logging leaves out what matters less than its level, which can change", () => {
  const { logging, lines } = logged("json", "warning");
  logging.begin(openWriter);
  logging.log("info", "no");
  logging.log("warning", "yes");
  logging.setLevel("debug");
  logging.log("debug", "now");
  expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(["yes", "now"]);
  const looked: string[] = [];
  const fields = {
    get word() {
      looked.push("at the word");
      return "word";
    },
  };
  logging.setLevel("info");
  logging.log("debug", "not even looked at", fields);
  logging.log("info", "looked at", fields);
  expect(looked).toEqual(["at the word"]);
});

const HOSTILE = [
  "a\nb",
  "\u001b[31m",
  "\u009b",
  "\u2028\u2029",
  "\u202e",
  "{level}",
  "%s",
  "__proto__",
  "w".repeat(1_000_000),
];

test.each(["json", "text"] as const)(
  "what strangers say stays within one line of %s, shows as text, and is cut",
  (form) => {
    const { logging, lines } = logged(form);
    logging.begin(openWriter);
    for (const word of HOSTILE) logging.log("info", "said", { word });
    expect(lines.length).toBe(HOSTILE.length);
    const shown = lines.map((line, i) => {
      expect(line).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,1200}$/u);
      return form === "json" ? (JSON.parse(line) as { word: string }).word.slice(0, 1000) : HOSTILE[i]!.slice(0, 1000);
    });
    expect(shown).toEqual(HOSTILE.map((word) => word.slice(0, 1000)));
  },
);

test("Logging writes no secret of a URL or a header", () => {
  const { logging, lines } = logged("json");
  logging.begin(openWriter);
  const trace = `Error: GET http://h/ws?ticket=s3cret&top=1\n at f, Authorization: Bearer s3cret${"x".repeat(2000)}`;
  logging.log("error", "fault", { trace, path: "/sse?access_token=s3cret" });
  expect(lines[0]).not.toContain("s3cret");
  expect(JSON.parse(lines[0]!)).toMatchObject({
    path: "/sse?access_token=***",
    trace: expect.stringContaining("ticket=***&top=1"),
  });
});
