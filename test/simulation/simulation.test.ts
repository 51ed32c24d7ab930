import { describe, expect, test } from "vitest";
import { sized } from "../support/size.ts";
import { live } from "./world.ts";

const SEEDS = sized(150, 20_000);

describe("the service in a simulated world", () => {
  test("keeps its promises in every history", { timeout: 1_200_000 }, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      await expect(live(seed), `seed ${seed}`).resolves.toBeDefined();
    }
  });

  test("has the same history for the same seed", async () => {
    expect(await live(42)).toEqual(await live(42));
    expect(await live(43)).not.toEqual(await live(42));
  });
});
