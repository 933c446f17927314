import { performance } from "node:perf_hooks";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classifyReason, cleanReason, keepReason, labelText, maskNumbers } from "../../src/domain/reason.ts";
import { RULES } from "../helpers/entry-builder.ts";
import { brokenText } from "../helpers/hostile-text.ts";

describe("keepReason()", () => {
  const NOTE = "… (the rest was cut)";

  test("keeps a text of up to 8 KiB whole", () => {
    expect(keepReason(" no\nlight ")).toBe("no light");
    expect(keepReason("x".repeat(8192))).toBe("x".repeat(8192));
    expect(keepReason("é".repeat(4096))).toBe("é".repeat(4096));
    expect(keepReason(`${" ".repeat(50_000)}no light`)).toBe("no light");
  });

  test.each([
    ["x", 8193],
    ["é", 4097],
    ["😀", 2049],
    ["x", 900_000],
    ["ab 😀é", 900_000],
  ])("says that it cut the rest of a longer one, in whole code points: %s", (unit, times) => {
    const kept = keepReason(unit.repeat(times));
    const text = kept.slice(0, -NOTE.length);
    expect(kept.endsWith(NOTE)).toBe(true);
    expect(unit.repeat(times).startsWith(text)).toBe(true);
    expect(kept.isWellFormed()).toBe(true);
    const bytes = Buffer.byteLength(kept);
    expect(bytes).toBeLessThanOrEqual(8192);
    expect(bytes).toBeGreaterThan(8192 - Buffer.byteLength(unit));
  });

  test("says so of one that does not end where it is read no further", () => {
    expect(keepReason(`no light${" ".repeat(100_000)}at all`)).toBe(`no light${NOTE}`);
  });

  test("never keeps more than 8 KiB, whatever comes", () => {
    const text = fc.tuple(brokenText, fc.nat(9000)).map(([unit, times]) => unit.repeat(times));
    fc.assert(
      fc.property(text, (raw) => {
        const kept = keepReason(raw);
        expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(8192);
        expect(kept.isWellFormed()).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe("cleanReason()", () => {
  test.each([
    ["", ""],
    [" \t\r\n ", ""],
    ["  no   light\r\n\ton port ", "no light on port"],
    ["a\u0000b\u001b[31mc\u0085d\u007fe", "a b [31mc d e"],
    ["\u202eevil\u202c \u2066x\u2069 \u200ey\u200f \ufeffz", "evil x y z"],
    ["\u061cno light", "no light"],
    ["\ud83d broken \ude00", "\ufffd broken \ufffd"],
    ["a\u2028b\u00a0c", "a b c"],
    ["Unicode stays: é ✓ 😀", "Unicode stays: é ✓ 😀"],
  ])("turns %j into %j", (raw, cleaned) => {
    expect(cleanReason(raw)).toBe(cleaned);
  });

  test("leaves one trimmed line of well-formed text, and nothing to do for a second time", () => {
    fc.assert(
      fc.property(brokenText, (raw) => {
        const cleaned = cleanReason(raw);
        expect(cleaned).not.toMatch(/\p{Cc}|\s\s|^\s|\s$|[\u202a-\u202e\u2066-\u2069]/u);
        expect(cleaned.isWellFormed()).toBe(true);
        expect(cleanReason(cleaned)).toBe(cleaned);
      }),
    );
  });
});

describe("classifyReason()", () => {
  test.each([
    ["", "none"],
    ["No light detected on port", "no_light"],
    ["Loss of signal", "no_light"],
    ["LOS on interface", "no_light"],
    ["Light not detected", "no_light"],
    ["Light level is too low: -28.3 dBm", "low_light"],
    ["Low optical power received", "low_light"],
    ["Optical signal below threshold", "low_light"],
    ["No Ethernet link", "no_ethernet"],
    ["Auto-negotiation failed", "no_ethernet"],
    ["Remote fault", "no_ethernet"],
    ["Port is administratively down", "admin_down"],
    ["admin-disabled by Cloudflare", "admin_down"],
    ["Interface shut down", "admin_down"],
    ["Cross-connect is not patched", "cross_connect"],
    ["crossconnect pending", "cross_connect"],
    ["rx and tx are swapped", "cross_connect"],
    ["Router is unresponsive", "device"],
    ["Device rebooting", "device"],
    ["Scheduled maintenance in this data center", "maintenance"],
    ["Device maintenance, port shut down", "maintenance"],
    ["Something else", "other"],
    ["glossy flossy", "other"],
  ])("classes %j as %s", (text, reasonClass) => {
    expect(classifyReason(text, [])).toBe(reasonClass);
  });

  test("tries the user's classes first, in their order", () => {
    const classes = [
      { name: "carrier", match: /carrier/i },
      { name: "light", match: /light/i },
    ];
    expect(classifyReason("No light from the carrier", classes)).toBe("carrier");
    expect(classifyReason("No light", classes)).toBe("light");
    expect(classifyReason("Router rebooted", classes)).toBe("device");
    expect(classifyReason("", [{ name: "all", match: /^/ }])).toBe("none");
  });
});

describe("maskNumbers()", () => {
  test.each([
    ["Light level -28.31 dBm", "Light level # dBm"],
    ["since 2027-01-15T08:00:00.123Z", "since #"],
    ["since 2027-01-15 08:00:00+01:00, 3 ports", "since #, # ports"],
    ["on 2027-01-15", "on #"],
    ["peer 10.0.0.1/31 lost", "peer # lost"],
    ["peer fe80::1 lost", "peer # lost"],
    ["peer 2001:db8:0:1::a/64 lost", "peer # lost"],
    ["mac 00:1b:44:11:3a:b7", "mac #"],
    ["mac 001b.4411.3ab7", "mac #"],
    ["id 123e4567-e89b-12d3-a456-426614174000", "id #"],
    ["0x1f and 023e105f4ecef8ad", "# and #"],
    ["port xe-0/0/12 at 12:30", "port xe-# at #"],
    ["version 1.2.3", "version #"],
    ["10G", "#G"],
    ["no numbers: a facade, dead beef", "no numbers: a facade, dead beef"],
  ])("turns %j into %j", (text, masked) => {
    expect(maskNumbers(text)).toBe(masked);
  });

  test("leaves no digit of any text, and nothing to do for a second time", () => {
    fc.assert(
      fc.property(brokenText, (text) => {
        const masked = maskNumbers(text);
        expect(masked).not.toMatch(/\d/);
        expect(maskNumbers(masked)).toBe(masked);
      }),
      { numRuns: 1000 },
    );
  });

  test("makes one text of readings that differ in their numbers alone", () => {
    const reading = fc.tuple(
      fc.double({ min: -40, max: 5, noNaN: true }),
      fc.ipV4(),
      fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
    );
    fc.assert(
      fc.property(reading, ([power, peer, date]) => {
        const text = `Light ${power.toFixed(2)} dBm, peer ${peer}, at ${date.toISOString()}`;
        expect(maskNumbers(text)).toBe("Light # dBm, peer #, at #");
      }),
    );
  });
});

describe("labelText()", () => {
  test("cuts to max_length code points with an ellipsis, and never through a character", () => {
    const rules = { ...RULES, maxLength: 5 };
    expect(labelText("abcde", rules)).toBe("abcde");
    expect(labelText("abcdef", rules)).toBe("abcd…");
    expect(labelText("😀😀😀😀😀", rules)).toBe("😀😀😀😀😀");
    expect(labelText("😀😀😀😀😀😀", rules)).toBe("😀😀😀😀…");
    expect(labelText("ab", { ...RULES, maxLength: 1 })).toBe("…");
  });

  test("masks before it cuts, and only when told to", () => {
    expect(labelText("1234567890 dBm", { ...RULES, maxLength: 5 })).toBe("# dBm");
    expect(labelText("12 dBm", { ...RULES, maskNumbers: false })).toBe("12 dBm");
  });

  test("is empty when the rules want no text", () => {
    expect(labelText("no light", { ...RULES, label: "class" })).toBe("");
    expect(labelText("no light", { ...RULES, label: "off" })).toBe("");
  });

  test("is never longer than max_length, and always well-formed, whatever comes", () => {
    const long = fc
      .tuple(brokenText, fc.integer({ min: 1, max: 900 }))
      .map(([text, times]) => text.repeat(times));
    fc.assert(
      fc.property(long, fc.integer({ min: 1, max: 1024 }), fc.boolean(), (text, maxLength, mask) => {
        const label = labelText(cleanReason(text), { ...RULES, maxLength, maskNumbers: mask });
        expect(Array.from(label).length).toBeLessThanOrEqual(maxLength);
        expect(label.isWellFormed()).toBe(true);
      }),
    );
  });
});

/** The shortest of some runs, in milliseconds: what the work costs when nobody else is busy. */
function costOf(work: () => void): number {
  return Math.min(
    ...Array.from({ length: 4 }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    }),
  );
}

describe("hostile reasons cost linear time", () => {
  test.each([
    "1",
    "1.",
    "1:",
    ":",
    "a",
    "a:",
    "0x",
    "0xa",
    "a1",
    "aaaaaaa1-",
    "-",
    "+1",
    " ",
    "\n\u0000",
    "\u202e",
    "2027-01-15",
    "light ",
    "low ",
    "no ",
    "admin",
    "admin_",
    "_",
    "admin__-",
    "rx swap",
    "shut ",
  ])("in long runs of %j", (unit) => {
    const cost = (length: number): number => {
      const text = `x${unit.repeat(length / unit.length)}!`;
      return costOf(() => {
        cleanReason(text);
        maskNumbers(text);
        labelText(keepReason(text), RULES);
      });
    };
    cost(1 << 14);
    // Twice the text takes twice the time; quadratic work would take seconds here, a busy machine some tens of milliseconds.
    expect(cost(1 << 17)).toBeLessThan(3 * cost(1 << 16) + 200);
  });

  test.each(["admin", "admin_", "light", "low power", "rx tx swap", "shut down "])(
    "to class, with %j and what its pattern may run on over",
    (unit) => {
      // Of a reason no more than 8 KiB are kept, so the bound is absolute: linear work takes far less than 1 ms.
      for (const filler of [unit, "_", " ", "-", "a"]) {
        const text = unit + filler.repeat(8192 / filler.length);
        expect(costOf(() => classifyReason(text, []))).toBeLessThan(10);
      }
    },
  );
});
