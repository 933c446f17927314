// Plain JavaScript: an install from git builds with whatever Node it has.
import { copyFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { bundleLive } from "./live.mjs";
import { noticesOf } from "./notices.mjs";
import { sbomOf } from "./sbom.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = `${ROOT}dist`;

/** Writes `dist/`: the bundle, split by command, its source maps, the guard before it, notices and SBOM of all that is in it. */
export async function writeBundle() {
  await rm(DIST, { recursive: true, force: true });
  const bundle = await rolldown({
    cwd: ROOT,
    input: "src/main.ts",
    platform: "node",
    // Native, and loaded where a password is configured alone.
    external: ["@node-rs/bcrypt"],
  });
  try {
    const { output } = await bundle.write({
      dir: DIST,
      format: "esm",
      minify: true,
      // Lines are what a stack trace needs; the sources themselves would be half of all that is installed.
      sourcemap: true,
      sourcemapExcludeSources: true,
      chunkFileNames: "[name].js",
    });
    await copyFile(`${ROOT}src/bin.cjs`, `${DIST}/bin.cjs`);
    const chunks = [...output, ...(await bundleLive())];
    await writeFile(`${DIST}/THIRD-PARTY-NOTICES`, await noticesOf(chunks));
    await writeFile(`${DIST}/sbom.cdx.json`, await sbomOf(chunks, ROOT));
  } finally {
    await bundle.close();
  }
}
