import { writeBundle } from "./bundle.mjs";

await writeBundle();
