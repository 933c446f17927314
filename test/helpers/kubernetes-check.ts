import { symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { startChild } from "./child-process.ts";
import type { KubernetesObject } from "./helm.ts";
import { kubernetesTool } from "./kubernetes-tools.ts";
import { createTempFolder } from "./temp-folder.ts";

const TSC = resolve("node_modules/typescript/bin/tsc");

/** The module, among those of `.ci/kubernetes-tools`, that has the type of an object and its class. */
function moduleOf({ apiVersion, kind }: KubernetesObject): string {
  const isOperators = apiVersion.startsWith("monitoring.coreos.com/");
  return `${isOperators ? "@kubernetes-models/prometheus-operator" : "kubernetes-models"}/${apiVersion}/${kind}`;
}

/**
 * What Kubernetes would refuse, or drop without a word: fields that it does not know are found by TypeScript, each object being a
 * typed literal; wrong quantities, formats and missing fields by the models' own schemas.
 */
export async function kubernetesProblems(objects: readonly KubernetesObject[]): Promise<readonly string[]> {
  const invalid = await Promise.all(objects.map(invalidValues));
  return [...invalid.flat(), ...(await unknownFields(objects))];
}

async function invalidValues(object: KubernetesObject): Promise<readonly string[]> {
  const file = kubernetesTool(`node_modules/${moduleOf(object)}.js`).path;
  const models = (await import(pathToFileURL(file).href)) as Readonly<
    Record<string, new (data: unknown) => { validate: () => void }>
  >;
  const Model = models[object.kind];
  try {
    if (Model === undefined) throw new Error(`no such kind in ${object.apiVersion}`);
    new Model(object).validate();
    return [];
  } catch (error) {
    return [`${object.kind} ${object.metadata.name}: ${String(error)}`];
  }
}

async function unknownFields(objects: readonly KubernetesObject[]): Promise<readonly string[]> {
  const literals = objects.flatMap((object, index) => [
    `import type { I${object.kind} as T${index} } from "${moduleOf(object)}";`,
    `export const object${index}: T${index} = ${JSON.stringify(object, null, 1)};`,
  ]);
  await using folder = await createTempFolder({
    "package.json": '{"type":"module"}',
    "objects.ts": literals.join("\n"),
  });
  await symlink(resolve(kubernetesTool("node_modules").path), join(folder.path, "node_modules"));
  const args = ["--noEmit", "--strict", "--skipLibCheck", "--types", "", "--target", "esnext"];
  await using compiler = startChild(process.execPath, [TSC, ...args, "--module", "nodenext", "objects.ts"], {
    cwd: folder.path,
    env: {},
    whenMissing: "npm ci",
  });
  const { code } = await compiler.ended;
  const errors = compiler
    .stdout()
    .split("\n")
    .filter((line) => line !== "");
  return code === 0 || errors.length > 0 ? errors : [`tsc ended with ${code}: ${compiler.stderr()}`];
}
