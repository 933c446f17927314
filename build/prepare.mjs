// npm's `prepare`: after `npm ci` in a clone, and for an install from git. Without the bundler, as under `--omit=dev`,
// there is nothing to build with, and whoever asked for that does not want a build.
try {
  await import("rolldown");
} catch {
  process.stdout.write("dist/ is not built: rolldown is not installed\n");
  process.exit(0);
}
const { writeBundle } = await import("./bundle.mjs");
await writeBundle();
