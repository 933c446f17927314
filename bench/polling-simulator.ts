/** The simulated API for the polling scenario, in a process of its own. */
import { startSimulator } from "../src/simulator/simulator.ts";
import { accountsOf } from "./polling-estate.ts";

const [port, accounts, interconnects] = process.argv.slice(2).map(Number);
await startSimulator({
  port: port ?? 0,
  accounts: accountsOf(accounts ?? 1, interconnects ?? 1),
});
