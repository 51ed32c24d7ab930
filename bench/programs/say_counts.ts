/** The counts of a program, for who checks them. @module */

/** Adds up what each word was counted, and says `COUNT WORD` for each on standard output; then the program is over. */
export function sayCounts(counted: Iterable<readonly [word: string, count: number]>): void {
  const sums = new Map<string, number>();
  for (const [word, count] of counted) sums.set(word, (sums.get(word) ?? 0) + count);
  const lines = Array.from(sums, ([word, count]) => `${count} ${word}\n`);
  process.stdout.write(lines.join(""), () => process.exit());
}
