import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** The script of the pages, as one file for browsers: what rolldown makes of `browser/live.ts`. */
export async function bundleLive() {
  const bundle = await rolldown({
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    input: "browser/live.ts",
    platform: "browser",
  });
  try {
    const { output } = await bundle.generate({ format: "iife", minify: true });
    return output;
  } finally {
    await bundle.close();
  }
}
