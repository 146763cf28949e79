/** The control characters of terminals and log viewers, with their numbers. Line breaks have tests of their own. */
export const STEERING: [number: string, character: string][] = [
  ...range(0x00, 0x1f),
  ...range(0x7f, 0x9f),
  0x61c,
  0x200e,
  0x200f,
  ...range(0x2028, 0x202e),
  ...range(0x2066, 0x2069),
  0xfeff,
  0xd800,
  0xdfff,
]
  .filter((code) => code !== 0x0a)
  .map((code) => [code.toString(16).padStart(4, '0'), String.fromCharCode(code)]);

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
