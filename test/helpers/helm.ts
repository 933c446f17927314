import { parseAllDocuments } from "yaml";
import { startChild } from "./child-process.ts";
import { kubernetesTool } from "./kubernetes-tools.ts";
import { createTempFolder } from "./temp-folder.ts";

export type HelmVersion = "helm4" | "helm3";

/** An object of Kubernetes'; what is in it is for the test to say. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [key: string]: unknown;
}

const CHART = "deploy/helm";

/** Runs Helm to its end, in the root of the repository. */
export async function runHelm(
  args: readonly string[],
  version: HelmVersion = "helm4",
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const { path, whenMissing } = kubernetesTool(version);
  await using home = await createTempFolder();
  await using child = startChild(path, args, { cwd: ".", env: { HOME: home.path }, whenMissing });
  const { code } = await child.ended;
  return { code, stdout: child.stdout(), stderr: child.stderr() };
}

/** What Helm complains of, when the chart is rendered with the first value set of `ci/` and these values on top. */
export async function renderErrors(values: unknown, version: HelmVersion = "helm4"): Promise<string> {
  await using folder = await createTempFolder({ "values.json": JSON.stringify(values) });
  const files = [`${CHART}/ci/minimal-values.yaml`, `${folder.path}/values.json`];
  return (await runHelm(["template", "cni", CHART, ...files.flatMap((file) => ["--values", file])], version))
    .stderr;
}

/** The text that the chart renders to with these files of values. Throws what Helm complains of. */
export async function renderText(
  files: readonly string[],
  options: {
    readonly version?: HelmVersion;
    readonly args?: readonly string[];
    readonly release?: string;
  } = {},
): Promise<string> {
  const { version = "helm4", args = [], release = "cni" } = options;
  const values = files.flatMap((file) => ["--values", file]);
  const { code, stdout, stderr } = await runHelm(["template", release, CHART, ...values, ...args], version);
  if (code !== 0 || stderr !== "") throw new Error(`helm template: ${stderr}`);
  return stdout;
}

/** The objects of a rendering. Throws where it is no YAML, or has a key twice. */
export function objectsIn(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    const object = document.toJS() as KubernetesObject | null;
    return object === null ? [] : [object];
  });
}

/** The objects that the chart renders to with these files of values. */
export async function renderChart(
  ...args: Parameters<typeof renderText>
): Promise<readonly KubernetesObject[]> {
  return objectsIn(await renderText(...args));
}
