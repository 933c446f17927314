import * as fc from "fast-check";
import { expect, test } from "vitest";
import { html } from "../../../src/http/pages/html.ts";
import { hostileText } from "../../helpers/hostile-text.ts";

test("html escapes every value, and leaves its own text and Html alone", () => {
  const inner = html`<b>${"<i>"}</b>`;
  expect(html`<p title="${'"&'}">${inner}${7}${"it's"}</p>`.toString()).toBe(
    '<p title="&#34;&#38;"><b>&#60;i&#62;</b>7it&#39;s</p>',
  );
});

test("html joins lists without a separator, also empty ones", () => {
  const items = ["a", "<"].map((text) => html`(${text})`);
  expect(html`begin ${items}${[]} end`.toString()).toBe("begin (a)(&#60;) end");
});

test("html lets no value open a tag, close a quote or begin an entity", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const shown = html`${text}`.toString();
      expect(shown).not.toMatch(/[<>"']/);
      expect(shown).not.toMatch(/&(?!#\d+;)/);
      const back = shown.replaceAll(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)));
      expect(back).toBe(text);
    }),
  );
});
