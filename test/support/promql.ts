/** What a PromQL expression asks for, by the grammar of Prometheus itself. @module */

import { parser } from "@prometheus-io/lezer-promql";

/** A metric that is asked for. */
interface Asked {
  readonly metric: string;
  /** Values that its labels are compared with, by label; an expression's own where there is none. */
  readonly matched: readonly (readonly [label: string, value: string])[];
}

/** What an expression says. */
export interface Query {
  readonly asked: readonly Asked[];
  /** Labels that it groups by. */
  readonly grouped: readonly string[];
  /** Where it is no PromQL. */
  readonly faults: readonly string[];
}

type Node = ReturnType<typeof parser.parse>["topNode"];

/** Reads an expression; variables of Grafana in it stand for a time. */
export function readQuery(expression: string): Query {
  const text = expression.replaceAll("$__rate_interval", "5m");
  const nodes: Node[] = [];
  parser.parse(text).iterate({ enter: ({ node }) => void nodes.push(node) });
  const textOf = (node: Node | null): string => (node === null ? "" : text.slice(node.from, node.to));
  const named = (name: string, { from, to }: Node = nodes[0]!): Node[] =>
    nodes.filter((node) => node.name === name && node.from >= from && node.to <= to);
  const matchOf = (matcher: Node): [string, string] => [
    textOf(matcher.getChild("LabelName")),
    textOf(matcher.getChild("StringLiteral")).slice(1, -1),
  ];
  return {
    asked: named("VectorSelector").map((selector) => ({
      metric: textOf(selector.getChild("Identifier")),
      matched: named("UnquotedLabelMatcher", selector).map(matchOf),
    })),
    grouped: named("GroupingLabels").flatMap((grouping) => grouping.getChildren("LabelName").map(textOf)),
    faults: nodes
      .filter(({ type }) => type.isError)
      .map(({ from }) => `${text.slice(0, from)} >>> ${text.slice(from)}`),
  };
}
