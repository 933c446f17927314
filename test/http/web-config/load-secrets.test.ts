import { join } from "node:path";
import { expect, test } from "vitest";
import { loadWebConfig } from "../../../src/http/web-config/load.ts";
import { createTempFolder } from "../../helpers/temp-folder.ts";

/** Every text of the file, to be replaced by what belongs elsewhere; values of headers are shown to everybody anyway. */
const TEXTS = `tls_server_config:
  cert_file: @@
  key_file: @@
  client_ca_file: @@
  client_auth_type: @@
  client_allowed_sans: [@@]
  min_version: @@
  max_version: @@
  cipher_suites: [@@]
  curve_preferences: [@@]
  cert: @@
  key: @@
  client_ca: @@
http_server_config: { http2: @@, headers: { @@: x } }
basic_auth_users: { @@: x, alice: @@ }
rate_limit: { interval: @@, burst: @@ }
@@: 1
`;
const PARTS = TEXTS.split("@@");

test.each([
  "cfut_canarycanarycanarycanarycanarycanary",
  "Bearer canarycanary0123",
  "CLOUDFLARE_API_TOKEN=canarycanary0123",
  "https://user:canarycanary@example.com/",
  String.raw`-----BEGIN PRIVATE KEY-----\ncanarycanary\n-----END PRIVATE KEY-----\n`,
  "$2y$10$canarycanaryC9iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze",
  "canarycanary@example.com",
])("a secret in place of any text of the web config is not shown: %s", async (secret) => {
  for (const place of PARTS.slice(1).keys()) {
    const text = PARTS.reduce(
      (before, part, index) => `${before}${index === place + 1 ? `"${secret}"` : "x"}${part}`,
    );
    await using file = await createTempFolder({ "web.yml": text });
    const { result } = await loadWebConfig(join(file.path, "web.yml"));
    expect(result.kind).toBe("bad-file");
    expect(JSON.stringify(result)).not.toContain("canarycanary");
  }
});
