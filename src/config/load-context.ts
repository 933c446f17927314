import type { Path } from "../document/path.ts";

/** The folder that paths in a config are relative to, and what comes to light while its schema reads it. */
export interface LoadContext {
  readonly folder: string;
  /** How many processes poll by the same configuration. */
  readonly replicas: number;
  /** Absolute paths of the files with certificates that it names. */
  readonly certificateFiles: Set<string>;
  /** Absolute paths of the files with secrets that it names; the credential source follows these by itself. */
  readonly secretFiles: Set<string>;
  /** Absolute paths of those files that a shortage of this machine kept from being read. */
  readonly shortFiles: Set<string>;
  /** What was written and does not count as written, or is unwise. */
  readonly warnings: Warning[];
}

export interface Warning {
  readonly path: Path;
  readonly message: string;
}

export function loadContext(folder: string, replicas = 1): LoadContext {
  return {
    folder,
    replicas,
    certificateFiles: new Set(),
    secretFiles: new Set(),
    shortFiles: new Set(),
    warnings: [],
  };
}
