// `npm run live`: writes the script of the pages as a module, so that it is there with and without a bundle.
import { writeFile } from "node:fs/promises";
import { bundleLive } from "./live.mjs";

const [{ code }] = await bundleLive();
await writeFile(
  new URL("../src/http/pages/live-script.ts", import.meta.url),
  `/** Written by \`npm run live\` from \`browser/live.ts\`, minified. */\nexport const LIVE_SCRIPT =\n  ${JSON.stringify(code.trim())};\n`,
);
