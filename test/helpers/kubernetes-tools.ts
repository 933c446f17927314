import { join } from "node:path";

const WHEN_MISSING = ".ci/kubernetes-tools DIR, then KUBERNETES_TOOLS=DIR";

/**
 * A path among what `.ci/kubernetes-tools` has unpacked. Throws where it is named nowhere, since a check that was left out
 * would count as passed.
 */
export function kubernetesTool(name: string): { readonly path: string; readonly whenMissing: string } {
  const folder = process.env["KUBERNETES_TOOLS"] ?? "";
  if (folder === "") throw new Error(`Cannot find ${name}: ${WHEN_MISSING}`);
  return { path: join(folder, name), whenMissing: WHEN_MISSING };
}
