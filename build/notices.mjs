import { readdir, readFile } from "node:fs/promises";

const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/** The licences of all packages that have code in these chunks, as one text. */
export async function noticesOf(output) {
  const notices = await Promise.all(packageFolders(output).map(noticeOf));
  return `cloudflare-interconnect-exporter contains code of these packages.\n${notices.toSorted().join("")}`;
}

/** The folders of the packages that have code in these chunks, each once. */
export function packageFolders(output) {
  return [...new Set(output.flatMap(({ modules = {} }) => Object.keys(modules).flatMap(packageFolder)))];
}

/** The folder of the package that a module is of; none for our own modules and the bundler's. */
function packageFolder(id) {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id.replaceAll("\\", "/")) ?? [];
}

async function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  const files = (await readdir(folder)).filter((file) => LICENCE_FILE.test(file)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, "utf8")));
  if (texts.length === 0) texts.push(`${license}, by ${author?.name ?? author}`);
  return `\n${"-".repeat(78)}\n${name} ${version} (${license})\n\n${texts.map((text) => `${text.trim()}\n`).join("\n")}`;
}
