import { InputError, type Issue } from '../errors.ts';

/**
 * The text of a file that a person wrote. A byte order mark of UTF-8 is dropped. Anything but UTF-8 is an `InputError`
 * that begins with `subject` and names the place of the first wrong byte, never its value. A decoder that wrote U+FFFD in
 * its place would make a filter that matches nobody.
 */
export function decodeUtf8(bytes: Uint8Array, subject: string): string {
  const issue = utf16Issue(bytes) ?? nulIssue(bytes);
  if (issue) throw new InputError(subject, [issue]);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const place = placeOf(bytes, firstBadByte(bytes));
    throw new InputError(subject, [{ path: place, message: 'is not UTF-8', fix: SAVE }]);
  }
}

const SAVE = 'save the file as UTF-8';

// The byte order marks of UTF-16. The marks of UTF-32 hold one of these or a NUL.
function utf16Issue([first, second]: Uint8Array): Issue | undefined {
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isMarked ? { path: '(the whole document)', message: 'is UTF-16', fix: SAVE } : undefined;
}

// In UTF-16, half of the bytes of English text are NUL. No text in UTF-8 has a NUL.
function nulIssue(bytes: Uint8Array): Issue | undefined {
  const index = bytes.indexOf(0);
  if (index < 0) return undefined;
  return { path: placeOf(bytes, index), message: 'holds a NUL byte, as files in UTF-16 do', fix: SAVE };
}

// The first byte that changes when the text is decoded and encoded again.
function firstBadByte(bytes: Uint8Array): number {
  const again = new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  const index = bytes.findIndex((byte, at) => byte !== again[at]);
  return index < 0 ? bytes.length : index;
}

const LINE_BREAK = 0x0a;

function placeOf(bytes: Uint8Array, index: number): string {
  const before = bytes.subarray(0, index);
  const line = before.filter((byte) => byte === LINE_BREAK).length + 1;
  const column = new TextDecoder().decode(before.subarray(before.lastIndexOf(LINE_BREAK) + 1)).length + 1;
  return `line ${line}, column ${column}`;
}
