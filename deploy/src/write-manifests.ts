/** `npm run manifests`: writes `deploy/kubernetes/`, by the Helm of `.ci/kubernetes-tools` in the folder KUBERNETES_TOOLS. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { manifestFiles, MANIFEST_RELEASE, MANIFEST_VALUES } from "./manifests.ts";

const helm = `${process.env["KUBERNETES_TOOLS"] ?? ""}/helm4`;
const args = ["template", MANIFEST_RELEASE, "deploy/helm", "--values", MANIFEST_VALUES];
const rendering = execFileSync(helm, args, { cwd: new URL("../..", import.meta.url), encoding: "utf8" });
for (const [path, text] of manifestFiles(rendering))
  writeFileSync(new URL(`../../${path}`, import.meta.url), text);
