import { type Document, isNode, parseAllDocuments } from "yaml";

/** The release that `helm template` is to make of the chart for the manifests, with its values. */
export const MANIFEST_RELEASE = "cloudflare-interconnect-exporter";
export const MANIFEST_VALUES = "deploy/kubernetes/values.yaml";

const OPERATORS = new Set(["PrometheusRule", "ServiceMonitor"]);

const isOperators = (document: Document): boolean => OPERATORS.has(String(document.get("kind")));

/** The manifests by path in the repository, from what `helm template` printed: without what only a release of Helm's has. */
export function manifestFiles(rendering: string): ReadonlyMap<string, string> {
  const documents = parseAllDocuments(rendering).filter((document) => document.has("kind"));
  return new Map([
    ["deploy/kubernetes/exporter.yaml", joined(documents.filter((each) => !isOperators(each)))],
    ["deploy/kubernetes/prometheus-operator.yaml", joined(documents.filter(isOperators))],
  ]);
}

function joined(documents: readonly Document[]): string {
  const head =
    "# Written by `npm run manifests` from the Helm chart and values.yaml; README.md says what to put in.\n";
  return head + documents.map(manifestOf).join("---\n");
}

function manifestOf(document: Document): string {
  // It names the template.
  if (isNode(document.contents)) document.contents.commentBefore = null;
  document.deleteIn(["metadata", "namespace"]);
  for (const label of ["helm.sh/chart", "app.kubernetes.io/managed-by"]) {
    document.deleteIn(["metadata", "labels", label]);
  }
  return document.toString({ directives: false, lineWidth: 0, flowCollectionPadding: false });
}
