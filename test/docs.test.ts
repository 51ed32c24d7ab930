import { expect, test } from "vitest";
import { problemTypes } from "../src/front/problem.ts";
import { SERIES } from "../src/http/series.ts";
import { apiPage } from "./support/api_page.ts";
import { configurationPage } from "./support/configuration_page.ts";
import { metricsPage } from "./support/metrics_page.ts";
import { calls, document } from "./support/openapi.ts";

/** A text that Markdown takes for nothing else. */
const plain = (text: string): string => text.replaceAll(/[<|]/g, "\\$&");

test("docs/problems.md has what the service says of each problem (npx vitest run test/docs.test.ts -u writes it)", async () => {
  const rows = problemTypes()
    .toSorted((a, b) => a.status - b.status)
    .map(({ slug, status, title, cure }) => `| ${status} | \`${slug}\` | ${plain(title)}. | ${plain(cure)} |\n`);
  const head =
    "# Problems\n\nThe `type` of a problem document is `/problems/` and one of these names; the service itself tells the same there, and all of them at `/problems`.\n";
  const page = `${head}\n| status | name | cause | cure |\n|---|---|---|---|\n${rows.join("")}`;
  await expect(page).toMatchFileSnapshot("../docs/problems.md");
});

test("docs/api.md has what the OpenAPI document says (the same writes it)", async () => {
  await expect(apiPage(document, calls)).toMatchFileSnapshot("../docs/api.md");
});

test("docs/configuration.md has every setting (the same writes it)", async () => {
  await expect(configurationPage()).toMatchFileSnapshot("../docs/configuration.md");
});

test("docs/metrics.md has what the table of series says (the same writes it)", async () => {
  await expect(metricsPage(SERIES)).toMatchFileSnapshot("../docs/metrics.md");
});
