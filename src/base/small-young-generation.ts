import { setFlagsFromString } from "node:v8";

/**
 * Keeps V8's young generation at the size it has now. Left alone it grows to 128 MiB for polls whose garbage is a few
 * KiB each, and never shrinks; time was not measurably lost without it. To be called once, as the process starts.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}
