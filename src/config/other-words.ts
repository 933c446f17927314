import type { OtherWords } from "../document/issues.ts";

const PROMETHEUS = "which is Prometheus's own configuration; this file is the exporter's";
const MANIFEST = "which is a Kubernetes manifest; the exporter takes what stands in it as config.yaml";
const WEB_CONFIG = "which belongs in the file of --web.config.file";
const VERIFIED = "but certificates are always verified; put the CA that signed them in api.ca_file";

/** What people call our keys, and keys that are at home elsewhere. */
export const OTHER_WORDS: OtherWords = {
  meant: {
    account: ["account_id"],
    ca: ["ca_file"],
    ca_cert: ["ca_file"],
    circuits: ["interconnects"],
    email: ["api_email"],
    enable: ["enabled"],
    endpoint: ["base_url"],
    expected: ["expected_state"],
    icon: ["name"],
    icons: ["interconnects"],
    id: ["account_id", "name"],
    ignore: ["exclude"],
    interconnect: ["name", "interconnects"],
    key: ["api_key"],
    min: ["min_healthy"],
    minimum: ["min_healthy"],
    pattern: ["match"],
    poll_interval: ["interval"],
    proxy: ["proxy_url"],
    rate_limit: ["budget"],
    regex: ["match"],
    regexp: ["match"],
    scrape_interval: ["interval"],
    scrape_timeout: ["timeout"],
    state: ["expected_state"],
    tags: ["labels"],
    token: ["api_token"],
    token_file: ["api_token_file"],
    url: ["base_url"],
  },
  foreign: {
    alerting: PROMETHEUS,
    apiVersion: MANIFEST,
    basic_auth_users: WEB_CONFIG,
    config: "which is a level too many; poll, api and accounts begin in the first column",
    global: PROMETHEUS,
    http_server_config: WEB_CONFIG,
    insecure: VERIFIED,
    insecure_skip_verify: VERIFIED,
    kind: MANIFEST,
    listen_address: "which is the flag --web.listen-address",
    log: "which are the flags --log.level and --log.format",
    log_level: "which is the flag --log.level",
    rule_files: PROMETHEUS,
    scrape_configs: PROMETHEUS,
    storage: "which is the flag --storage.path",
    tls_server_config: WEB_CONFIG,
    verify_ssl: VERIFIED,
    web: "which are the flags that begin with --web.",
  },
};
