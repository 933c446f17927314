import { readFile } from "node:fs/promises";
import { packageFolders } from "./notices.mjs";

/**
 * What is in the bundle as a CycloneDX document: the packages that have code in these chunks, not all that is installed to build
 * them. The addon is beside it, and optional.
 */
export async function sbomOf(output, root) {
  const own = await readJson(`${root}package.json`);
  const packages = await Promise.all(
    packageFolders(output).map((folder) => readJson(`${folder}/package.json`)),
  );
  // What is installed beside it, as the package says, whether it is there or not.
  const beside = Object.entries({ ...own.dependencies, ...own.optionalDependencies });
  const main = component(own, "application");
  const components = [
    ...packages.map((each) => component(each)),
    ...beside.map(([name, version]) => Object.assign(component({ name, version }), { scope: "optional" })),
  ].toSorted((a, b) => (a.purl < b.purl ? -1 : 1));
  const dependsOn = components.map(({ purl }) => purl);
  const document = {
    $schema: "http://cyclonedx.org/schema/bom-1.5.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: main },
    components,
    dependencies: [{ ref: main.purl, dependsOn }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

async function readJson(path) {
  return JSON.parse(await readFile(path, "utf8"));
}

function component({ name, version, license }, type = "library") {
  return {
    type,
    "bom-ref": purlOf(name, version),
    name,
    version,
    purl: purlOf(name, version),
    ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
  };
}

/** As the package URL specification has it: the @ of a scope is encoded. */
function purlOf(name, version) {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}
