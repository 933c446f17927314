/** A secret of a kind, which nothing may print. */
export interface Canary {
  readonly kind: string;
  /** Without what YAML would have to escape, but for `\n`. */
  readonly text: string;
  /** What of it no text may hold, however the rest was cut or written. */
  readonly mark: string;
}

/** One of each kind of credential that the exporter's users have about them: Cloudflare's, then those of others. */
export const CANARIES: readonly Canary[] = [
  { kind: "user token", text: `cfut_${"CANARY".repeat(6)}`, mark: "CANARYCANARY" },
  { kind: "account token", text: `cfat_${"canary".repeat(6)}`, mark: "canarycanary" },
  { kind: "prefixed key", text: `cfk_${"canary".repeat(6)}`, mark: "canarycanary" },
  { kind: "old token", text: "CANARYCANARYCANARYCANARYCANARYCANARY0123", mark: "CANARYCANARY" },
  { kind: "global key", text: "0a1b2c3d4e5f60718293a4b5c6d7e8f901234", mark: "0a1b2c3d4e5f60718293a4b5" },
  {
    kind: "Origin CA key",
    text: `v1.0-0a1b2c3d4e5f60718293a4b5-${"0a1b2c3d4e5f".repeat(12)}`,
    mark: "0a1b2c3d4e5f0a1b2c3d4e5f",
  },
  { kind: "header", text: "Bearer canarycanary0123", mark: "canarycanary" },
  { kind: "variable", text: "CLOUDFLARE_API_TOKEN=canarycanary0123", mark: "canarycanary" },
  { kind: "URL", text: "https://user:canarycanary@example.com/client/v4", mark: "canarycanary" },
  {
    kind: "private key",
    text: String.raw`-----BEGIN PRIVATE KEY-----\ncanarycanary\n-----END PRIVATE KEY-----\n`,
    mark: "canarycanary",
  },
  {
    kind: "bcrypt hash",
    text: "$2y$10$canarycanaryC9iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze",
    mark: "canarycanary",
  },
  { kind: "email", text: "canarycanary@example.com", mark: "canarycanary" },
];
