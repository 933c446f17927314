/** Cells of one table, without its head. */
type Rows = readonly (readonly string[])[];

/** The text without fenced code. */
export function proseOf(markdown: string): string {
  return markdown.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "");
}

/** Fenced code of one language, without its indentation. */
export function codeBlocksOf(markdown: string, language: string): readonly string[] {
  const fences = markdown.matchAll(
    new RegExp(`^(?<indent> *)\`\`\`${language}\\n(?<code>[\\s\\S]*?)^ *\`\`\`$`, "gm"),
  );
  return [...fences].map(({ groups }) =>
    (groups?.["code"] ?? "").replaceAll(new RegExp(`^${groups?.["indent"] ?? ""}`, "gm"), ""),
  );
}

/** The rows of the tables with this head, such as `| path | what |`, in order. Throws when there is none. */
export function tablesOf(markdown: string, head: string): readonly Rows[] {
  const tables = markdown.split(`${head}\n`).slice(1);
  if (tables.length === 0) throw new Error(`Expected a table with the head ${head}`);
  return tables.map((text) =>
    (text.split("\n\n", 1)[0] ?? "")
      .split("\n")
      .filter((line) => /^\|(?!---)/.test(line))
      .map((line) =>
        line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
  );
}

/** The only table with this head. */
export function tableOf(markdown: string, head: string): Rows {
  const [table = [], ...others] = tablesOf(markdown, head);
  if (others.length > 0) throw new Error(`Expected one table with the head ${head}`);
  return table;
}

/** What stands between backticks, in order. */
export function termsIn(text: string): readonly string[] {
  return [...proseOf(text).matchAll(/`([^`\n]+)`/g)].map(([, term = ""]) => term);
}

/** Relative links. */
export function linksOf(markdown: string): readonly string[] {
  return [...proseOf(markdown).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = ""]) => link);
}

/** The anchors of the headings, as GitHub makes them. */
export function anchorsOf(markdown: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...proseOf(markdown).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}
