import { registerHooks } from "node:module";

/** As a module of its own, imported before all others: what `main` itself imports is evaluated after it. */
const MARK = `data:text/javascript,import { writeSync } from "node:fs"; writeSync(3, "started");`;

// For `node --import`: descriptor 3 hears of the first instruction of the program, before which signals are Node's.
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith("/dist/main.js")) return loaded;
    const source = new TextDecoder().decode(loaded.source as Uint8Array).replace(/^#!.*/, "");
    return { ...loaded, source: `import ${JSON.stringify(MARK)};${source}` };
  },
});
