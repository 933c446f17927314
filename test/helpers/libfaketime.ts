import { globSync } from "node:fs";

/**
 * The environment in which a program's wall clock is another, as libfaketime's own variables say, while its monotonic one
 * runs on. Throws where there is no libfaketime: without it the program would run by the true clock.
 */
export function libfaketime(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [library] = globSync("/usr/lib/*/faketime/libfaketime.so.1");
  if (library === undefined) throw new Error("Cannot find libfaketime: apt-get install libfaketime (Debian)");
  return { LD_PRELOAD: library, FAKETIME_DONT_FAKE_MONOTONIC: "1", ...variables };
}
