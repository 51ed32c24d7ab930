import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { sized } from "../support/size.ts";
import { growthOf } from "./growth.ts";

test("growthOf sees what grows through noise, and nothing in what is flat after a warm-up", () => {
  const samples = Array.from({ length: 40 }, (_, i) => ({
    grows: 100 + i + (i % 2) * 20,
    flat: Math.min(i, 9) * 50 + (i % 2) * 20,
  }));
  expect(growthOf(samples)).toEqual({ grows: 20, flat: 0 });
});

test(
  "a service under load for a while grows in nothing, and tells its followers nothing wrong",
  { timeout: 300_000 },
  async () => {
    const program = join(import.meta.dirname, "soak.ts");
    const { stdout } = await promisify(execFile)(process.execPath, [program, "--minutes", String(sized(0.1, 3))]);
    expect(JSON.parse(stdout)).toMatchObject({ code: 0, batches: expect.any(Number) });
  },
);
