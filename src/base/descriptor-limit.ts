import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { report } from "node:process";

/** How many files and connections this process may have open at once; undefined when there is no limit, or none is told. */
export function descriptorLimit(): number | undefined {
  // What else is in it takes long: the names of all addresses.
  Object.assign(report, { excludeNetwork: true });
  return softLimit(report.getReport());
}

/** The limit in a report of Node's, which is the one way to it without an addon of our own. */
export function softLimit(written: unknown): number | undefined {
  const { userLimits } = written as {
    readonly userLimits?: { readonly open_files?: { readonly soft?: unknown } };
  };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : undefined;
}

/** The code of the shortage that keeps this process from opening one more file now; undefined when it can. */
export function descriptorShortage(openOne = openNull): "EMFILE" | "ENFILE" | undefined {
  try {
    openOne();
    return undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "EMFILE" || code === "ENFILE" ? code : undefined;
  }
}

function openNull(): void {
  closeSync(openSync(devNull, "r"));
}
