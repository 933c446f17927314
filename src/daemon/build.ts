/** What is running. */
export interface Build {
  readonly version: string;
  /** The commit it was built from; `""` when not known. */
  readonly revision: string;
  readonly nodeVersion: string;
}
