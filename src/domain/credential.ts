import type { Secret } from "../base/secret.ts";

/** One of Cloudflare's two schemes, never both: a mix of a right and a wrong one is answered unpredictably. */
export type Credential =
  | { readonly scheme: "token"; readonly token: SecretSource }
  | { readonly scheme: "key"; readonly email: string; readonly key: SecretSource };

/** Where a secret comes from. */
export type SecretSource =
  | { readonly from: "inline"; readonly value: Secret }
  /** The path is absolute; the value is what the file held when the configuration was read. */
  | { readonly from: "file"; readonly path: string; readonly value: Secret };
