// One question to Zabbix's API, for zabbix.sh; ends with 1 when the answer is not as it should be.
import { readFileSync } from "node:fs";

const TEMPLATE = "Cloudflare Network Interconnect";
const STATES = new Set(["Healthy", "Unhealthy", "Down", "Pending", "Unknown"]);

async function ask(method, params) {
  const token = process.env.ZABBIX_TOKEN;
  const response = await fetch(process.env.ZABBIX, {
    method: "POST",
    headers: {
      "content-type": "application/json-rpc",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = JSON.parse(await response.text());
  if (error !== undefined) throw new Error(`${method}: ${error.message} ${error.data}`);
  return result;
}

function expect(isSo, what) {
  if (!isSo) throw new Error(`Expected ${what}`);
}

const items = () =>
  ask("item.get", {
    output: ["key_", "name", "lastvalue", "state", "error"],
    selectTags: "extend",
    host: "exporter",
  });

/** By account and interconnect. */
async function states() {
  const found = (await items()).filter(({ key_ }) => key_.startsWith("cni.state["));
  return new Map(found.map(({ name, lastvalue }) => [name.replace(/: State$/, ""), lastvalue]));
}

const COMMANDS = {
  async login() {
    process.stdout.write(await ask("user.login", { username: "Admin", password: "zabbix" }));
  },
  async import(file) {
    const rules = {};
    for (const each of ["templates", "items", "triggers", "discoveryRules", "valueMaps", "template_groups"])
      rules[each] = { createMissing: true, updateExisting: true };
    await ask("configuration.import", { format: "yaml", source: readFileSync(file, "utf8"), rules });
  },
  async host(url) {
    const [template] = await ask("template.get", { filter: { host: [TEMPLATE] }, output: ["templateid"] });
    const group = await ask("hostgroup.create", { name: "exporters" });
    await ask("host.create", {
      host: "exporter",
      groups: [{ groupid: group.groupids[0] }],
      templates: [{ templateid: template.templateid }],
      macros: [
        { macro: "{$CNI.URL}", value: url },
        { macro: "{$CNI.INTERVAL}", value: "5s" },
      ],
    });
  },
  async states(count) {
    const known = [...(await states()).values()].filter((state) => STATES.has(state));
    expect(known.length === Number(count), `${count} states, got ${known.length}`);
  },
  async agrees(url) {
    const { interconnects } = await (await fetch(`${url}/api/v1/interconnects`)).json();
    const known = await states();
    const other = interconnects.filter(
      (each) => known.get(`${each.account}/${each.interconnect}`) !== each.state,
    );
    // One or another has just changed.
    expect(other.length <= 2, `the same states, got others of ${other.map((each) => each.interconnect)}`);
  },
  async healthy() {
    const broken = (await items()).filter(({ state }) => state === "1");
    expect(broken.length === 0, `no errors, got ${broken.map(({ key_, error }) => `${key_}: ${error}`)}`);
  },
  async tagged() {
    const found = (await items()).filter(({ key_ }) => key_.startsWith("cni.state["));
    for (const { tags, key_ } of found)
      expect(
        tags
          .map(({ tag }) => tag)
          .toSorted()
          .join() === "account,interconnect,site",
        `tags of ${key_}`,
      );
  },
  async problem(pattern) {
    const problems = await ask("problem.get", { output: ["name"] });
    expect(
      problems.some(({ name }) => new RegExp(pattern).test(name)),
      `a problem, got ${problems.map(({ name }) => name)}`,
    );
  },
};

const [command, ...args] = process.argv.slice(2);
try {
  await COMMANDS[command](...args);
} catch (error) {
  process.stderr.write(`${command}: ${error.message}\n`);
  process.exitCode = 1;
}
