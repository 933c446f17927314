import { execFileSync } from "node:child_process";

/** Builds what the end-to-end tests run, once for all of them. */
export function setup(): void {
  execFileSync("npm", ["run", "build"], { stdio: ["ignore", "ignore", "inherit"] });
}
