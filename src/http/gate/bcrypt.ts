import { verify } from "@node-rs/bcrypt";
import type { Compare } from "./password-check.ts";

/** Runs in libuv's thread pool: the event loop goes on meanwhile. */
export const compareBcrypt: Compare = (password, hash) => verify(password, hash);
