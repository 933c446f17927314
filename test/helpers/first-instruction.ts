import { registerHooks } from "node:module";

const MARK = `require("node:fs").writeSync(3, "started");`;

// For `node --import`: descriptor 3 hears of the first instruction of the program, before which signals are Node's.
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith("/dist/bin.cjs")) return loaded;
    const source = new TextDecoder().decode(loaded.source as Uint8Array).replace(/^#!.*/, "");
    return { ...loaded, source: `${MARK}${source}` };
  },
});
