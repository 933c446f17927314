import { inspect } from "node:util";
import { assert, expect } from "vitest";
import { type ApiClient, createClient } from "../../src/api/client.ts";
import type { ApiRequest } from "../../src/domain/api-request.ts";
import { authHeaders, type AuthHeaders } from "../../src/api/credentials.ts";
import type { Clock } from "../../src/base/clock.ts";
import type { OriginOptions } from "../../src/api/origin.ts";
import { Secret } from "../../src/base/secret.ts";
import { ApiError } from "../../src/domain/failure.ts";
import type { StatusAnswer } from "../../src/domain/state.ts";
import { FakeClock } from "./fake-clock.ts";
import { httpText } from "./raw-server.ts";

export const TOKEN = "v1-secret-token-of-forty-characters-0001";
export const ASKED = 'the status of "production/icon-ewr-01"';
export const HEALTHY = httpText(200, '{"state":"Healthy"}');
export const { signal: noSignal } = new AbortController();

/** A client under test with what it observed; its clock stands still unless another one is given. */
export interface Subject extends AsyncDisposable {
  readonly client: ApiClient;
  readonly clock: FakeClock;
  readonly observed: ApiRequest[];
  readonly authorization: AuthHeaders;
  get(signal?: AbortSignal, interconnect?: string): Promise<StatusAnswer>;
}

export function subject(
  baseUrl: string,
  connections = 4,
  origin: Omit<OriginOptions, "connections" | "clock"> & { readonly clock?: Clock } = {},
): Subject {
  const observed: ApiRequest[] = [];
  const clock = new FakeClock();
  const client = createClient({
    clock,
    ...origin,
    baseUrl,
    connections,
    userAgent: "exporter/1",
    observe: (request) => observed.push(request),
  });
  const authorization = authHeaders(new Secret(TOKEN));
  return {
    client,
    clock,
    observed,
    authorization,
    get: (signal = noSignal, interconnect = "icon-ewr-01") =>
      client.getStatus({ account: "production", accountId: "0a1b", interconnect, authorization }, signal),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** What the promise rejects with, or a text that says that it did not. */
export async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => `no failure but ${inspect(value)}`,
    (reason: unknown) => reason,
  );
}

/** The ApiError that the promise rejects with, checked not to show the token anywhere. */
export async function failureOf(promise: Promise<unknown>): Promise<ApiError> {
  const error = await reasonOf(promise);
  assert(error instanceof ApiError, inspect(error));
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(TOKEN);
  return error;
}
