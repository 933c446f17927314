/** What was read of a body, as UTF-8. */
export type BodyRead =
  | { readonly end: "whole"; readonly text: string }
  | { readonly end: "too-long"; readonly text: string }
  | { readonly end: "broken"; readonly text: string; readonly error: unknown };

/** Reads at most `maxBytes`, and gives up the rest together with its connection. Never rejects: what came is kept. */
export async function readBody(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<BodyRead> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) {
        text += decoder.decode(chunk.subarray(0, chunk.byteLength - (bytes - maxBytes)));
        return { end: "too-long", text };
      }
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    return { end: "broken", text, error };
  }
  return { end: "whole", text: text + decoder.decode() };
}
