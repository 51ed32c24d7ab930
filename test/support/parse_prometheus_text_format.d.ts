declare module "parse-prometheus-text-format" {
  /** One of its families. */
  interface PrometheusFamily {
    readonly name: string;
    readonly help: string;
    readonly type: string;
    readonly metrics: readonly object[];
  }
  export default function parse(text: string): readonly PrometheusFamily[];
}
