/** How much is tried: a little in `npm test`, a lot in `npm run test:long`. @module */

const isLong = process.env["SLUICE_LONG"] === "1";

/** The number for now. */
export function sized(quick: number, long: number): number {
  return isLong ? long : quick;
}
