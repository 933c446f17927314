import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Instant } from "../../src/base/clock.ts";
import { STATES } from "../../src/domain/link-state.ts";
import { type ExporterState, reduce } from "../../src/domain/state.ts";
import { dayPicture } from "../helpers/day.ts";
import { instant, replay } from "../helpers/entry-builder.ts";
import { history, START } from "../helpers/event-history.ts";
import { portsOf } from "../helpers/http-ports.ts";
import { httpSubject } from "../helpers/http-subject.ts";
import { shownText } from "../helpers/picture.ts";

/** `account/interconnect state` of each circuit, sorted. */
type Answers = readonly string[];

/** What the wall, the circuits' own pages, the API and the metrics say of one moment. */
async function answersOf(state: ExporterState, now: Instant): Promise<readonly Answers[]> {
  await using subject = httpSubject(portsOf(state, now));
  const textOf = async (url: string): Promise<string> => (await subject.app.inject(url)).body;
  const wall = (await textOf("/")).matchAll(/<li class="row (\w+)" id="c-([^"]*)">([\s\S]*?)<\/li>/g);
  const onWall = [...wall].map(([, shape, id = "", row = ""]) => {
    const [word] = shownText(row).split(" ");
    return `${decodeURIComponent(id)} ${word === shape ? word : `${word} drawn as ${shape}`}`;
  });
  const onPages = await Promise.all(
    state.entries.all.map(async ({ target: { key } }) => {
      const title = /<title>(\w+) · /.exec(await textOf(`/interconnects/${key}`))?.[1];
      return `${key} ${title}`;
    }),
  );
  const listed = JSON.parse(await textOf("/api/v1/interconnects")) as {
    interconnects: readonly { account: string; interconnect: string; state: string }[];
  };
  const inApi = listed.interconnects.map((each) => `${each.account}/${each.interconnect} ${each.state}`);
  const series = (await textOf("/metrics")).matchAll(
    /^cloudflare_interconnect_state\{account="([^"]+)",interconnect="([^"]+)",state="([^"]+)"\} 1$/gm,
  );
  const inMetrics = [...series].map(([, account, name, word]) => `${account}/${name} ${word}`);
  return [onWall, onPages, inApi, inMetrics].map((answers) => answers.toSorted());
}

test("after any history of answers, failures and silence the pages, the API and the metrics say the same states", async () => {
  await fc.assert(
    fc.asyncProperty(history, async (events) => {
      const state = events.reduce(reduce, replay([START]));
      const [onWall = [], ...others] = await answersOf(state, events.at(-1)?.at ?? instant(0));
      expect(onWall).toHaveLength(state.entries.length);
      for (const each of others) expect(each).toEqual(onWall);
    }),
    { numRuns: 60 },
  );
});

test("the day of the pictures has all states, and all say the same of it", async () => {
  const { snapshot } = dayPicture();
  const [onWall = [], ...others] = await answersOf(snapshot.state, snapshot.now);
  for (const each of others) expect(each).toEqual(onWall);
  expect(new Set(onWall.map((line) => line.split(" ")[1]))).toEqual(new Set(STATES));
});
