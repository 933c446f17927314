import { z } from "zod";
import { oneOf } from "../../document/describe.ts";
import { type Report, rule } from "../../document/rule.ts";
import {
  CIPHER_SUITES,
  CLIENT_AUTH_TYPES,
  type ClientAuth,
  CURVES,
  REFUSED_VERSIONS,
  VERSIONS,
} from "./go-tls-names.ts";

const filled = z.string({ error: "expected text" }).min(1, { error: "expected text" });
const fileName = z
  .string({ error: "expected the path of a file" })
  .min(1, { error: "expected the path of a file" });

function choice(names: Readonly<Record<string, unknown>>) {
  const error = `expected ${oneOf(Object.keys(names))}`;
  return z.string({ error }).refine((name) => Object.hasOwn(names, name), { error });
}

const cipherSuite = z
  .string({ error: "expected the Go name of a cipher suite" })
  .refine((name) => Object.hasOwn(CIPHER_SUITES, name), {
    error:
      "expected the Go name of a secure cipher suite, such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 (see https://pkg.go.dev/crypto/tls#CipherSuites)",
  });

const version = z
  .string({ error: "expected TLS12 or TLS13" })
  .refine((name) => !REFUSED_VERSIONS.includes(name), {
    error: "TLS 1.0 and TLS 1.1 are broken (RFC 8996) and not served, expected TLS12 or TLS13",
    abort: true,
  })
  .refine((name) => Object.hasOwn(VERSIONS, name), { error: "expected TLS12 or TLS13" });

const fields = z.strictObject({
  cert: filled.optional(),
  cert_file: fileName.optional(),
  key: filled.optional(),
  key_file: fileName.optional(),
  client_auth_type: choice(CLIENT_AUTH_TYPES)
    .transform((name): ClientAuth => CLIENT_AUTH_TYPES[name as keyof typeof CLIENT_AUTH_TYPES])
    .optional(),
  client_ca: filled.optional(),
  client_ca_file: fileName.optional(),
  client_allowed_sans: z.array(filled, { error: "expected a list of names" }).optional(),
  min_version: version.optional(),
  max_version: version.optional(),
  cipher_suites: z.nullable(z.array(cipherSuite, { error: "expected a list of cipher suites" })).optional(),
  prefer_server_cipher_suites: z.boolean().optional(),
  curve_preferences: z.nullable(z.array(choice(CURVES), { error: "expected a list of curves" })).optional(),
});

export type TlsFile = z.output<typeof fields>;

/** `tls_server_config`. An empty one is as none. The files that it names are not read here. */
export const tlsSchema = fields
  .check(rule(["cert", "cert_file", "key", "key_file"], checkPair))
  .check(rule(["client_ca", "client_ca_file", "client_auth_type"], checkClientAuth))
  .check(rule(["client_allowed_sans", "client_auth_type"], checkNames))
  .check(rule(["min_version", "max_version"], checkVersions));

function checkPair(value: TlsFile, report: Report): void {
  if (Object.keys(value).length === 0) return;
  exactlyOne(value, report, "cert");
  exactlyOne(value, report, "key");
}

function exactlyOne(value: TlsFile, report: Report, name: "cert" | "key"): void {
  const file = `${name}_file` as const;
  if (value[name] === undefined && value[file] === undefined)
    report([], `one of ${name} and ${file} is required`);
  if (value[name] !== undefined && value[file] !== undefined)
    report([file], `only one of ${name} and ${file} can be used`);
}

function checkClientAuth(value: TlsFile, report: Report): void {
  const verifies = value.client_auth_type === "verified" || value.client_auth_type === "verified-if-given";
  const hasCa = value.client_ca !== undefined || value.client_ca_file !== undefined;
  if (value.client_ca !== undefined && value.client_ca_file !== undefined)
    report(["client_ca_file"], "only one of client_ca and client_ca_file can be used");
  if (hasCa && (value.client_auth_type ?? "none") === "none")
    report(
      [value.client_ca === undefined ? "client_ca_file" : "client_ca"],
      "a client CA has no effect without client_auth_type, which should be RequireAndVerifyClientCert",
    );
  if (!hasCa && verifies)
    report(
      ["client_auth_type"],
      "client_ca or client_ca_file is required, else every certificate of a public CA would do",
    );
}

function checkNames(value: TlsFile, report: Report): void {
  const names = value.client_allowed_sans;
  if (names === undefined) return;
  if (names.length === 0) report(["client_allowed_sans"], "an empty list would let nobody in");
  if (value.client_auth_type !== "required" && value.client_auth_type !== "verified")
    report(
      ["client_allowed_sans"],
      "client_auth_type must be RequireAnyClientCert or RequireAndVerifyClientCert, or a client without a certificate would pass",
    );
}

function checkVersions(value: TlsFile, report: Report): void {
  if (value.min_version === "TLS13" && value.max_version === "TLS12")
    report(["min_version"], "min_version must not be above max_version");
}
