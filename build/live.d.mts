import type { RolldownOutput } from "rolldown";

export function bundleLive(): Promise<RolldownOutput["output"]>;
