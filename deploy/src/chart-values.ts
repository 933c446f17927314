import { type Document, isMap, isNode, isScalar, parse, parseDocument, type YAMLMap } from "yaml";

type JsonSchema = Readonly<Record<string, unknown>>;

/** A value of the chart that values.yaml describes: a path such as `image.tag`, with its default. */
export interface ChartValue {
  readonly path: readonly string[];
  readonly default: unknown;
  readonly description: string;
  /** What the default's type does not tell, from `# @schema`. */
  readonly schema: JsonSchema;
}

/** The values that the text of a values.yaml describes by `# --`, in their order; what is inside of one belongs to it. */
export function readChartValues(text: string): readonly ChartValue[] {
  const document = parseDocument(text);
  if (!isMap(document.contents)) throw new Error("Expected values.yaml to be a mapping");
  return valuesOf(document, document.contents, []);
}

function valuesOf(document: Document, map: YAMLMap, parent: readonly string[]): readonly ChartValue[] {
  return map.items.flatMap(({ key, value }, index) => {
    if (!isScalar(key) || !isNode(value))
      throw new Error(`Expected keys with values under "${parent.join(".")}"`);
    const path = [...parent, String(key.value)];
    // The comment before a first key is its mapping's.
    const comment = key.commentBefore ?? (index === 0 ? map.commentBefore : undefined) ?? "";
    const { description, schema } = readComment(comment);
    if (description !== "") return [{ path, default: value.toJS(document) as unknown, description, schema }];
    if (!isMap(value)) throw new Error(`Expected "# -- ..." before ${path.join(".")} in values.yaml`);
    return valuesOf(document, value, path);
  });
}

function readComment(comment: string): Pick<ChartValue, "description" | "schema"> {
  // A paragraph of its own, above, is about the file.
  const lines = (comment.split(/\n\s*\n/).at(-1) ?? "").split("\n").map((line) => line.trim());
  const start = lines.findIndex((line) => line.startsWith("-- "));
  const told = lines.slice(start).filter((line) => !line.startsWith("@schema "));
  const annotation = lines.find((line) => line.startsWith("@schema "))?.slice("@schema ".length) ?? "{}";
  return {
    description: start === -1 ? "" : told.join(" ").slice("-- ".length),
    schema: parse(annotation) as JsonSchema,
  };
}

/** The rows of the README's table, as helm-docs writes them. */
export function valuesTable(values: readonly ChartValue[]): string {
  const rows = values.map(({ path, default: standard, description }) => {
    const cells = [
      `\`${path.join(".")}\``,
      typeName(standard),
      `\`${JSON.stringify(standard)}\``,
      description,
    ];
    return `| ${cells.map((cell) => cell.replaceAll("|", String.raw`\|`)).join(" | ")} |`;
  });
  return ["| Key | Type | Default | Description |", "|---|---|---|---|", ...rows].join("\n");
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return "list";
  if (Number.isInteger(value)) return "int";
  return typeof value === "boolean" ? "bool" : typeof value;
}

const STRINGS = { type: "object", additionalProperties: { type: "string" } };
const QUANTITIES = {
  type: "object",
  additionalProperties: { type: ["string", "number"], pattern: "^[0-9.]+(m|k|[KMGTPE]i|[MGTPE])?$" },
};
const COUNT = { type: "integer", minimum: 0 };
const HANDLER = { type: "object" };

/** Kubernetes' own forms that are misspelt most; `# @schema` refers to them. */
const DEFINITIONS = {
  strings: STRINGS,
  resources: {
    type: "object",
    additionalProperties: false,
    properties: { requests: QUANTITIES, limits: QUANTITIES, claims: { type: "array" } },
  },
  probe: {
    type: "object",
    additionalProperties: false,
    properties: {
      initialDelaySeconds: COUNT,
      periodSeconds: COUNT,
      timeoutSeconds: COUNT,
      successThreshold: COUNT,
      failureThreshold: COUNT,
      terminationGracePeriodSeconds: COUNT,
      httpGet: HANDLER,
      exec: HANDLER,
      tcpSocket: HANDLER,
      grpc: HANDLER,
    },
  },
};

/**
 * values.schema.json: sections take the keys that they have and no other, and `config` is checked as the exporter's own
 * file is.
 */
export function valuesSchema(values: readonly ChartValue[], config: JsonSchema): JsonSchema {
  const root = sectionOf(values, 0);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    definitions: DEFINITIONS,
    ...root,
    properties: {
      // What Helm and a chart that depends on this one add.
      global: { type: "object" },
      enabled: { type: "boolean" },
      ...(root["properties"] as object),
      config: configInChart(config),
    },
  };
}

function sectionOf(values: readonly ChartValue[], depth: number): JsonSchema {
  const properties = [...Map.groupBy(values, ({ path }) => path[depth] ?? "")].map(([key, inner]) => {
    const [first] = inner;
    const isLeaf = first !== undefined && first.path.length === depth + 1;
    return [key, isLeaf ? leafOf(first) : sectionOf(inner, depth + 1)] as const;
  });
  // Set to null they would leave nothing to render with.
  const required = properties.filter(
    ([, schema]) => "properties" in schema || /^(?:boolean|integer)/.test(String(schema["type"])),
  );
  return {
    type: "object",
    additionalProperties: false,
    required: required.map(([key]) => key),
    properties: Object.fromEntries(properties),
  };
}

function leafOf({ default: standard, description, schema }: ChartValue): JsonSchema {
  const simple = Number.isInteger(standard) ? "integer" : typeof standard;
  return { description, type: Array.isArray(standard) ? "array" : simple, ...schema };
}

/** Accounts are asked for by the templates, which say how; Go's regular expressions have no lookahead. */
function configInChart(config: JsonSchema): JsonSchema {
  const { $schema: _schema, required: _required, ...rest } = config;
  const text = JSON.stringify(rest).replaceAll(String.raw`(?=\\d)`, "");
  const schema = JSON.parse(text) as { properties: { accounts: { minItems?: number } } } & JsonSchema;
  delete schema.properties.accounts.minItems;
  return schema;
}
