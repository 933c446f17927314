import { type Answer, jsonAnswer } from "./answer.ts";

interface CodedMessage {
  readonly code: number;
  readonly message: string;
}

/** An error of Cloudflare's API before it is put in its envelope. */
export interface ApiProblem extends CodedMessage {
  readonly status: number;
  readonly chain?: CodedMessage;
}

const headersProblem = (chain: CodedMessage): ApiProblem => ({
  status: 400,
  code: 6003,
  message: "Invalid request headers",
  chain,
});

/** Codes and texts as seen in the wild; those marked are invented, since the real ones are not public. */
export const PROBLEMS = {
  malformedBearer: headersProblem({ code: 6111, message: "Invalid format for Authorization header" }),
  malformedEmail: headersProblem({ code: 6102, message: "Invalid format for X-Auth-Email header" }),
  malformedKey: headersProblem({ code: 6103, message: "Invalid format for X-Auth-Key header" }),
  unknownKey: { status: 400, code: 9103, message: "Unknown X-Auth-Key or X-Auth-Email" },
  halfAPair: {
    status: 400,
    code: 9106,
    message: "Missing X-Auth-Key, X-Auth-Email or Authorization headers",
  },
  emptyHeader: { status: 400, code: 9107, message: "Missing X-Auth-* header" },
  missingAuthorization: { status: 400, code: 1001, message: 'Missing "Authorization" header' },
  /** Invented. */
  badParameter: { status: 400, code: 10_400, message: "Invalid query parameter" },
  invalidToken: { status: 401, code: 1000, message: "Invalid API Token" },
  expiredToken: { status: 403, code: 9109, message: "Invalid access token" },
  forbiddenLocation: {
    status: 403,
    code: 9109,
    message: "Cannot use the access token from location: 192.0.2.10",
  },
  authentication: { status: 403, code: 10_000, message: "Authentication error" },
  /** Invented. */
  unknownInterconnect: { status: 404, code: 1000, message: "Interconnect not found" },
  /** Invented. */
  methodNotAllowed: { status: 405, code: 10_405, message: "Method not allowed" },
  throttled: { status: 429, code: 971, message: "Please wait and consider throttling your request speed" },
  rateLimited: {
    status: 429,
    code: 10_000,
    message: "Rate limited. Please wait and consider throttling your request speed",
  },
  /** Invented. */
  internal: { status: 500, code: 10_001, message: "Internal server error" },
} as const satisfies Readonly<Record<string, ApiProblem>>;

/** The gateway's answer to a path that it cannot route. */
export function cannotRoute(path: string): ApiProblem {
  return {
    status: 404,
    code: 7003,
    message: `Could not route to ${path}, perhaps your object identifier is invalid?`,
  };
}

/**
 * The problem in its envelope. `variation` in [0, 1) picks one of the shapes seen: keys in two orders,
 * with and without `messages` and `result`.
 */
export function problemAnswer(problem: ApiProblem, variation: number, headers?: Answer["headers"]): Answer {
  const { status, code, message, chain } = problem;
  const errors = [chain === undefined ? { code, message } : { code, message, error_chain: [chain] }];
  const shapes = [
    { success: false, errors, messages: [], result: null },
    { result: null, success: false, errors, messages: [] },
    { success: false, errors },
    { errors, success: false, result: null },
  ];
  return jsonAnswer(status, shapes[Math.floor(variation * shapes.length)], headers);
}
