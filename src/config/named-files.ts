/** The folder that paths in a config are relative to, and the files that the config has named so far. */
export interface NamedFiles {
  readonly folder: string;
  /** Absolute paths. */
  readonly certificates: Set<string>;
  /** Absolute paths; the credential source follows these by itself. */
  readonly secrets: Set<string>;
}

export function namedFiles(folder: string): NamedFiles {
  return { folder, certificates: new Set(), secrets: new Set() };
}
