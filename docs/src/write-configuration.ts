/** `npm run configuration`: writes docs/config.schema.json and docs/configuration.md. */
import { writeFileSync } from "node:fs";
import { configurationPage } from "./configuration-page.ts";
import { configJsonSchema } from "./configuration-schema.ts";

const schema = JSON.stringify(configJsonSchema(), null, 2);
writeFileSync(new URL("../config.schema.json", import.meta.url), `${schema}\n`);
writeFileSync(new URL("../configuration.md", import.meta.url), configurationPage());
