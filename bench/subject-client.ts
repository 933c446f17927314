import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Request, SubjectOptions, Usage } from "./subject.ts";

/** A subject in a process of its own. */
export interface SubjectClient extends AsyncDisposable {
  readonly port: number;
  readonly change: (share: number) => Promise<void>;
  readonly build: (times: number) => Promise<Usage>;
  /** Runs `work` and gives what it cost the subject. */
  readonly measure: (work: () => Promise<void>) => Promise<Usage>;
}

export async function startSubject(options: SubjectOptions): Promise<SubjectClient> {
  const child = fork(new URL("subject-process.ts", import.meta.url), [JSON.stringify(options)]);
  const { port } = (await message(child)) as { readonly port: number };
  async function ask(request: Request): Promise<unknown> {
    const reply = message(child);
    child.send(request);
    return reply;
  }
  return {
    port,
    async change(share) {
      await ask({ type: "change", share });
    },
    build: async (times) => (await ask({ type: "build", times })) as Usage,
    async measure(work) {
      await ask({ type: "start" });
      await work();
      return (await ask({ type: "stop" })) as Usage;
    },
    async [Symbol.asyncDispose]() {
      const exit = once(child, "exit");
      child.disconnect();
      await exit;
    },
  };
}

/** The next message of a child; rejects when it ends instead. */
async function message(child: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  try {
    const ended = once(child, "exit", { signal: over.signal }).then(([code]) => {
      throw new Error(`Expected an answer of the process under measurement, it ended with ${code}`);
    });
    const [reply] = await Promise.race([once(child, "message", { signal: over.signal }), ended]);
    return reply;
  } finally {
    over.abort();
  }
}
