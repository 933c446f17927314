const HASH = "$2y$04$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze";
const PAIR = "cert_file: server.crt, key_file: server.key";
const SUITE =
  "expected the Go name of a secure cipher suite, such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 (see https://pkg.go.dev/crypto/tls#CipherSuites)";
const BROKEN_TLS = "TLS 1.0 and TLS 1.1 are broken (RFC 8996) and not served, expected TLS12 or TLS13";
const NOT_A_HASH =
  "expected a bcrypt hash that starts with $2a$, $2b$ or $2y$, as `htpasswd -nBC 10 alice` prints after the colon";
const NO_CA = "client_ca or client_ca_file is required, else every certificate of a public CA would do";
const NAMES_NEED_CERTIFICATES =
  "client_auth_type must be RequireAnyClientCert or RequireAndVerifyClientCert, or a client without a certificate would pass";

/** A web config, what we say to it (nothing when it is good), and whether promtool of Prometheus 3.5 takes it. */
export type Row = readonly [text: string, problems: readonly string[], promtool: "good" | "bad"];

const tls = (fields: string): string => `tls_server_config: { ${PAIR}, ${fields} }\n`;

/** The files that the rows name are made by the test. */
export const GOOD: readonly Row[] = [
  ["", [], "good"],
  ["# nothing but a comment\n", [], "good"],
  ["tls_server_config:\nhttp_server_config:\nbasic_auth_users:\nrate_limit:\n", [], "good"],
  ["tls_server_config: {}\n", [], "good"],
  [`tls_server_config: { ${PAIR} }\n`, [], "good"],
  ["tls_server_config: { cert_file: rsa.crt, key_file: rsa.key }\n", [], "good"],
  ["tls_server_config: { cert_file: ed25519.crt, key_file: ed25519.key }\n", [], "good"],
  [tls("min_version: TLS13"), [], "good"],
  [tls("max_version: TLS12"), [], "good"],
  [tls("client_auth_type: NoClientCert"), [], "good"],
  [tls("client_auth_type: RequestClientCert"), [], "good"],
  [tls("client_auth_type: RequireAnyClientCert"), [], "good"],
  [tls("client_auth_type: RequireClientCert"), [], "good"],
  [tls("client_auth_type: VerifyClientCertIfGiven, client_ca_file: ca.crt"), [], "good"],
  [tls("client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt"), [], "good"],
  [tls("client_auth_type: RequestClientCert, client_ca_file: ca.crt"), [], "good"],
  [
    tls(
      'client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt, client_allowed_sans: ["a.example", "10.0.0.1"]',
    ),
    [],
    "good",
  ],
  [tls("cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256]"), [], "good"],
  [
    `${tls("cipher_suites: [TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256]")}http_server_config: { http2: false }\n`,
    [],
    "good",
  ],
  [tls("cipher_suites: [TLS_AES_128_GCM_SHA256], min_version: TLS13"), [], "good"],
  [tls("curve_preferences: [CurveP256, CurveP384, CurveP521, X25519]"), [], "good"],
  [tls("prefer_server_cipher_suites: false"), [], "good"],
  [
    `http_server_config:
  http2: true
  headers:
    Content-Security-Policy: "default-src 'self'"
    X-Frame-Options: sameorigin
    X-Content-Type-Options: nosniff
    X-XSS-Protection: 0
    Strict-Transport-Security: max-age=31536000
`,
    [],
    "good",
  ],
  ['http_server_config: { headers: { Content-Security-Policy: "" } }\n', [], "good"],
  [
    `basic_auth_users:\n  alice: ${HASH}\n  "ë": ${HASH.replace("2y", "2a")}\n  123: ${HASH.replace("2y", "2b")}\n`,
    [],
    "good",
  ],
  [`basic_auth_users: { alice: &same ${HASH}, bob: *same }\n`, [], "good"],
  ["rate_limit: { interval: 1s, burst: 20 }\n", [], "good"],
  ["rate_limit: { interval: 1m30s, burst: 1 }\n", [], "good"],
  ["rate_limit: { interval: 0, burst: 0 }\n", [], "good"],
  ["rate_limit: { interval: 0s }\n", [], "good"],
];

export const BAD: readonly Row[] = [
  [
    "- a\n",
    [
      'web.yml:1: expected a mapping, got a list; write its items as "key: value", without dashes and brackets',
    ],
    "bad",
  ],
  ["tls_server_config: [", ["web.yml:1: invalid YAML: expected a ] that closes this ["], "bad"],
  ["tls_config: {}\n", ['web.yml:1: unknown key "tls_config"'], "bad"],
  [
    "basic_auth_user: {}\n",
    ['web.yml:1: unknown key "basic_auth_user", did you mean "basic_auth_users"?'],
    "bad",
  ],
  [
    "rate_limit: {}\nrate_limit: {}\n",
    [
      "web.yml:1: rate_limit.interval: expected a duration such as 1s or 500ms, or 0, got nothing",
      "web.yml:2: rate_limit: duplicate key, first set on line 1",
    ],
    "bad",
  ],
  [
    tls("http2: true"),
    ['web.yml:1: tls_server_config: unknown key "http2", which belongs in http_server_config'],
    "bad",
  ],
  [
    "tls_server_config: { key_file: server.key }\n",
    ["web.yml:1: tls_server_config: one of cert and cert_file is required"],
    "bad",
  ],
  [
    "tls_server_config: { cert_file: server.crt }\n",
    ["web.yml:1: tls_server_config: one of key and key_file is required"],
    "bad",
  ],
  [
    "tls_server_config: { min_version: TLS13 }\n",
    [
      "web.yml:1: tls_server_config: one of cert and cert_file is required",
      "web.yml:1: tls_server_config: one of key and key_file is required",
    ],
    "good",
  ],
  [
    'tls_server_config: { cert_file: "", key_file: server.key }\n',
    ['web.yml:1: tls_server_config.cert_file: expected the path of a file, got ""'],
    "bad",
  ],
  [
    `tls_server_config: { cert: x, ${PAIR} }\n`,
    ["web.yml:1: tls_server_config.cert_file: only one of cert and cert_file can be used"],
    "good",
  ],
  [
    `tls_server_config: { key: CANARY, ${PAIR} }\n`,
    ["web.yml:1: tls_server_config.key_file: only one of key and key_file can be used"],
    "good",
  ],
  [
    "tls_server_config: { cert_file: none.crt, key_file: none.key }\n",
    [
      'web.yml:1: tls_server_config.cert_file: the file "none.crt" cannot be read: no such file',
      'web.yml:1: tls_server_config.key_file: the file "none.key" cannot be read: no such file',
    ],
    "bad",
  ],
  [
    "tls_server_config: { cert_file: ., key_file: server.key }\n",
    ['web.yml:1: tls_server_config.cert_file: the file "." cannot be read: it is a folder'],
    "bad",
  ],
  [
    "tls_server_config: { cert_file: server.key, key_file: server.key }\n",
    ['web.yml:1: tls_server_config.cert_file: the file "server.key" holds no certificate in PEM form'],
    "bad",
  ],
  [
    "tls_server_config: { cert_file: server.crt, key_file: server.crt }\n",
    ['web.yml:1: tls_server_config.key_file: the file "server.crt" holds no private key in PEM form'],
    "bad",
  ],
  [
    "tls_server_config: { cert_file: server.crt, key_file: rsa.key }\n",
    ["web.yml:1: tls_server_config.key_file: does not hold the private key of the certificate"],
    "bad",
  ],
  [
    "tls_server_config: { cert_file: server.crt, key_file: encrypted.key }\n",
    [
      'web.yml:1: tls_server_config.key_file: the file "encrypted.key" holds an encrypted key, expected one without a passphrase',
    ],
    "bad",
  ],
  [
    "tls_server_config: { cert_file: secp256k1.crt, key_file: secp256k1.key }\n",
    [
      'web.yml:1: tls_server_config.key_file: the file "secp256k1.key" holds a key on the curve secp256k1, expected RSA, Ed25519 or ECDSA on a NIST curve',
    ],
    "bad",
  ],
  [
    'tls_server_config:\n  cert: "CANARY"\n  key: "CANARY"\n',
    [
      "web.yml:2: tls_server_config.cert: holds no certificate in PEM form",
      "web.yml:3: tls_server_config.key: holds no private key in PEM form",
    ],
    "bad",
  ],
  [tls("min_version: TLS10"), [`web.yml:1: tls_server_config.min_version: ${BROKEN_TLS}`], "good"],
  [tls("max_version: TLS11"), [`web.yml:1: tls_server_config.max_version: ${BROKEN_TLS}`], "good"],
  [
    tls("min_version: TLS14"),
    ['web.yml:1: tls_server_config.min_version: expected TLS12 or TLS13, got "TLS14"'],
    "bad",
  ],
  [
    tls("min_version: TLS13, max_version: TLS12"),
    ["web.yml:1: tls_server_config.min_version: min_version must not be above max_version"],
    "good",
  ],
  [
    tls("client_auth_type: Always"),
    [
      'web.yml:1: tls_server_config.client_auth_type: expected NoClientCert, RequestClientCert, RequireAnyClientCert, RequireClientCert, VerifyClientCertIfGiven or RequireAndVerifyClientCert, got "Always"',
    ],
    "bad",
  ],
  [
    tls("client_ca_file: ca.crt"),
    [
      "web.yml:1: tls_server_config.client_ca_file: a client CA has no effect without client_auth_type, which should be RequireAndVerifyClientCert",
    ],
    "bad",
  ],
  [
    tls("client_auth_type: RequireAndVerifyClientCert"),
    [`web.yml:1: tls_server_config.client_auth_type: ${NO_CA}`],
    "good",
  ],
  [
    tls("client_auth_type: VerifyClientCertIfGiven"),
    [`web.yml:1: tls_server_config.client_auth_type: ${NO_CA}`],
    "good",
  ],
  [
    tls("client_auth_type: RequireAndVerifyClientCert, client_ca_file: none.crt"),
    ['web.yml:1: tls_server_config.client_ca_file: the file "none.crt" cannot be read: no such file'],
    "bad",
  ],
  [
    tls("client_auth_type: RequireAndVerifyClientCert, client_ca_file: server.key"),
    ['web.yml:1: tls_server_config.client_ca_file: the file "server.key" holds no certificate in PEM form'],
    "good",
  ],
  [
    tls("client_allowed_sans: [a.example]"),
    [`web.yml:1: tls_server_config.client_allowed_sans: ${NAMES_NEED_CERTIFICATES}`],
    "good",
  ],
  [
    tls("client_auth_type: RequireAnyClientCert, client_allowed_sans: []"),
    ["web.yml:1: tls_server_config.client_allowed_sans: an empty list would let nobody in"],
    "good",
  ],
  [
    tls("cipher_suites: [TLS_RSA_WITH_AES_128_CBC_SHA]"),
    [`web.yml:1: tls_server_config.cipher_suites[0]: ${SUITE}, got "TLS_RSA_WITH_AES_128_CBC_SHA"`],
    "bad",
  ],
  [
    tls("cipher_suites: [ECDHE-RSA-AES128-GCM-SHA256]"),
    [`web.yml:1: tls_server_config.cipher_suites[0]: ${SUITE}, got "ECDHE-RSA-AES128-GCM-SHA256"`],
    "bad",
  ],
  [
    tls("cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]"),
    [
      "web.yml:1: tls_server_config.cipher_suites: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 is required for HTTP/2; add it, or set http_server_config.http2 to false",
    ],
    "good",
  ],
  [
    tls("curve_preferences: [P-256]"),
    [
      'web.yml:1: tls_server_config.curve_preferences[0]: expected CurveP256, CurveP384, CurveP521 or X25519, got "P-256"',
    ],
    "bad",
  ],
  [
    "http_server_config: { http2: maybe }\n",
    ['web.yml:1: http_server_config.http2: expected true or false, got "maybe"'],
    "bad",
  ],
  [
    "http_server_config: { headers: { x-frame-options: deny } }\n",
    ['web.yml:1: http_server_config.headers: unknown key "x-frame-options", did you mean "X-Frame-Options"?'],
    "bad",
  ],
  [
    "http_server_config: { headers: { Server: x } }\n",
    ['web.yml:1: http_server_config.headers: unknown key "Server"'],
    "bad",
  ],
  [
    "http_server_config: { headers: { X-Frame-Options: allow } }\n",
    ['web.yml:1: http_server_config.headers.X-Frame-Options: expected deny or sameorigin, got "allow"'],
    "bad",
  ],
  [
    'http_server_config: { headers: { X-XSS-Protection: "1\\nX: y" } }\n',
    [
      "web.yml:1: http_server_config.headers.X-XSS-Protection: a header's value cannot hold control characters or letters beyond Latin-1",
    ],
    "good",
  ],
  [
    "basic_auth_users: [alice]\n",
    [
      'web.yml:1: basic_auth_users: expected a mapping; write its items as "key: value", without dashes and brackets',
    ],
    "bad",
  ],
  ["basic_auth_users: { alice: CANARY }\n", [`web.yml:1: basic_auth_users.alice: ${NOT_A_HASH}`], "bad"],
  [
    "basic_auth_users: { alice: }\n",
    [`web.yml:1: basic_auth_users.alice: ${NOT_A_HASH}, got nothing`],
    "bad",
  ],
  [
    `basic_auth_users: { alice: ${HASH.replace("2y", "2x")} }\n`,
    [`web.yml:1: basic_auth_users.alice: ${NOT_A_HASH}`],
    "good",
  ],
  [
    `basic_auth_users: { alice: ${HASH.replace("04", "03")} }\n`,
    ["web.yml:1: basic_auth_users.alice: expected a bcrypt cost from 4 to 20, got 3"],
    "bad",
  ],
  [
    `basic_auth_users: { alice: ${HASH.replace("04", "31")} }\n`,
    ["web.yml:1: basic_auth_users.alice: expected a bcrypt cost from 4 to 20, got 31"],
    "good",
  ],
  [
    `basic_auth_users: { "a:b": ${HASH} }\n`,
    [
      'web.yml:1: basic_auth_users["a:b"]: a user name cannot hold a colon, since basic authentication separates name and password by it',
    ],
    "good",
  ],
  [
    "basic_auth_users: { alice: ${HASH} }\n",
    [
      "web.yml:1: invalid YAML: inside [ ] and { } a value with ${...} needs quotes, which make it text; a number, true or false goes on a line of its own, without brackets and quotes",
    ],
    "bad",
  ],
  [
    "rate_limit: { interval: 1d, burst: 1 }\n",
    ['web.yml:1: rate_limit.interval: expected a duration such as 1s or 500ms, or 0, got "1d"'],
    "bad",
  ],
  [
    "rate_limit: { interval: -1s, burst: 1 }\n",
    ['web.yml:1: rate_limit.interval: expected a duration such as 1s or 500ms, or 0, got "-1s"'],
    "good",
  ],
  [
    "rate_limit: { interval: 1s }\n",
    ["web.yml:1: rate_limit.burst: burst must be at least 1, or every request would be refused"],
    "good",
  ],
  [
    "rate_limit: { interval: 1s, burst: many }\n",
    ['web.yml:1: rate_limit.burst: expected a whole number, got "many"'],
    "bad",
  ],
];
