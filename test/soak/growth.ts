/** What of a run grows. @module */

/** How much more each value is in the last quarter of the samples than in the second, as medians: the first is for warming up. */
export function growthOf<const T extends Readonly<Record<string, number>>>(samples: readonly T[]): T {
  const quarter = Math.floor(samples.length / 4);
  const medianOf = (name: string, from: number): number => {
    const values = samples.slice(from, from + quarter).map((sample) => sample[name] ?? 0);
    return values.toSorted((a, b) => a - b)[quarter >> 1] ?? Number.NaN;
  };
  const names = Object.keys(samples[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, medianOf(name, 3 * quarter) - medianOf(name, quarter)])) as T;
}
