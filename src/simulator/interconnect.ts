import { hashFraction } from "../base/hash.ts";
import { pick, uuidOf } from "./fingerprint.ts";
import { sentinel } from "./sentinel.ts";

/** Schema `nsc_Interconnect_Physical_Body`; the optional fields appeared during 2026. */
export interface PhysicalInterconnect {
  readonly account: string;
  readonly name: string;
  readonly type: string;
  readonly owner?: string;
  readonly site: string;
  readonly slot_id: string;
  readonly speed: string;
  readonly facility: { readonly name: string; readonly address: readonly string[] };
  readonly virtual_port_reservation_id?: string;
  readonly ccr_device_name?: string | null;
}

/** Schema `nsc_Interconnect_GcpPartner_Body`. */
export interface GcpPartnerInterconnect {
  readonly account: string;
  readonly name: string;
  readonly type: string;
  readonly owner?: string;
  readonly region: string;
  readonly speed?: string;
  readonly virtual_port_reservation_id?: string;
}

const GCP = sentinel("gcp");
const LEGACY = sentinel("legacy");
/** The site code in a name such as `icon-ewr-01`. */
const SITE_CODE = /(?:^|-)(?<code>[a-z]{3})(?=-\d)/i;

/**
 * The interconnect object of a name: GCP partner when `gcp` is in it, else physical. `legacy` leaves the fields
 * of 2026 out; other names have them, a third with `ccr_device_name: null`. Site and type values are invented.
 */
export function interconnectOf(
  seed: number,
  account: string,
  name: string,
): PhysicalInterconnect | GcpPartnerInterconnect {
  const key = `${seed}/${account}/${name}`;
  const legacy = LEGACY.test(name);
  const common = {
    account,
    name,
    ...(hashFraction(`${key}/owner`) < 0.5 ? { owner: "example-owner" } : {}),
    ...(legacy ? {} : { virtual_port_reservation_id: uuidOf(`${key}/reservation`) }),
  };
  if (GCP.test(name)) {
    const speed = legacy ? {} : { speed: pick(`${key}/speed`, "1G", "500M", "10G", "50G") };
    return {
      ...common,
      type: "gcp_partner",
      region: pick(`${key}/region`, "us-east4", "europe-west2"),
      ...speed,
    };
  }
  const code = (
    SITE_CODE.exec(name)?.groups?.["code"] ?? pick(`${key}/site`, "ewr", "lhr", "fra")
  ).toLowerCase();
  const device = pick(`${key}/device`, `ccr01.${code}`, `ccr02.${code}`, null);
  return {
    ...common,
    type: "direct",
    site: `${code}-a`,
    slot_id: uuidOf(`${key}/slot`),
    speed: pick(`${key}/speed`, "10G", "100G"),
    facility: {
      name: `Example Facility ${code.toUpperCase()}`,
      address: ["1 Example Street", "Example City"],
    },
    ...(legacy ? {} : { ccr_device_name: device }),
  };
}
