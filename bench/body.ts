import type { Extent, Report } from "./report.ts";
import { median } from "./statistics.ts";
import { startSubject, type SubjectClient } from "./subject-client.ts";
import type { Usage } from "./subject.ts";

const ESTATES = [
  { interconnects: 1000, rounds: 15 },
  { interconnects: 10_000, rounds: 7 },
] as const;
/** A newer state each time, with the same entries: a body of which rows were rendered is not so cheap. */
const NOTHING_CHANGED = { share: 0, limit: 1 / 200 } as const;
/** At the size that is common among the large. The rest of the sizes is held to what it blocks. */
const SOME_CHANGED = { interconnects: 1000, share: 0.25, limit: 1 / 8 } as const;
/** The first rounds find cold code on both sides. */
const WARM_UP = 5;
const WARM_UP_ENTRIES = 60_000;
/** Ours is short, and so the more at the mercy of whatever else runs. */
const OURS_PER_ROUND = 3;
/** Bodies per measurement where one is too short to be measured. */
const MANY = 50;
const LONGEST_BLOCK_MS = 25;

/** What building the text body costs, against prom-client's `metrics()` for the same rows, round by round. */
export async function benchBody({ isShort }: Extent): Promise<Report> {
  const rows: Report["rows"][number][] = [];
  const checks: Report["checks"][number][] = [];
  for (const { interconnects, rounds } of ESTATES) {
    const shares = [NOTHING_CHANGED.share, SOME_CHANGED.share, ...(isShort ? [] : [1])];
    const options = { interconnects, format: "text", processMetrics: false } as const;
    await using ours = await startSubject({ ...options, kind: "ours" });
    await using theirs = await startSubject({ ...options, kind: "prom-client" });
    for (const share of shares) {
      const measured = await measureRounds(ours, theirs, share, {
        count: isShort ? Math.ceil(rounds / 2) : rounds,
        interconnects,
      });
      const mine = measured.flatMap((round) => round.ours);
      const oursMs = median(mine.map(({ wallMs }) => wallMs));
      const theirsMs = median(measured.map((round) => round.theirs.wallMs));
      const ratio = oursMs / theirsMs;
      const block = median(mine.map(({ longestBlockMs }) => longestBlockMs));
      rows.push({
        interconnects,
        "changed %": share * 100,
        "ours ms": oursMs,
        "prom-client ms": theirsMs,
        "prom-client / ours": 1 / ratio,
        "ours block ms": block,
        "prom-client block ms": median(measured.map((round) => round.theirs.longestBlockMs)),
      });
      const name = `${interconnects} interconnects, ${share * 100} % changed: body, share of prom-client's time`;
      if (share === 0) checks.push({ name, unit: "ratio", value: ratio, limit: NOTHING_CHANGED.limit });
      else if (share === SOME_CHANGED.share && interconnects === SOME_CHANGED.interconnects) {
        checks.push({ name, unit: "ratio", value: ratio, limit: SOME_CHANGED.limit });
      }
      if (interconnects === 10_000) {
        const blockName = `${interconnects} interconnects, ${share * 100} % changed: longest block in ms`;
        checks.push({ name: blockName, unit: "ms", value: block, limit: LONGEST_BLOCK_MS });
      }
    }
  }
  return { title: "Building the text body", rows, checks };
}

interface Round {
  readonly ours: readonly Usage[];
  readonly theirs: Usage;
}

async function measureRounds(
  ours: SubjectClient,
  theirs: SubjectClient,
  share: number,
  { count, interconnects }: { readonly count: number; readonly interconnects: number },
): Promise<readonly Round[]> {
  const rounds: Round[] = [];
  // prom-client goes through all its rows each time, and so is compiled sooner.
  for (let nth = 0; nth < (share === 0 ? 0 : WARM_UP_ENTRIES / interconnects); nth += 1) {
    await ours.change(share);
    await ours.build(1);
  }
  for (let nth = 0; nth < count + WARM_UP; nth += 1) {
    const mine: Usage[] = [];
    for (let again = 0; again < OURS_PER_ROUND; again += 1) {
      if (share > 0) await ours.change(share);
      mine.push(await ours.build(share === 0 ? MANY : 1));
    }
    if (share > 0) await theirs.change(share);
    const round = { ours: mine, theirs: await theirs.build(1) };
    if (nth >= WARM_UP) rounds.push(round);
  }
  return rounds;
}
