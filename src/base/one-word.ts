/** Whether the text is one word of printable ASCII: what a header can carry as it stands. */
export function isOneWord(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
