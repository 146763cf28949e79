/**
 * One thing that is wrong with what a person wrote: its place, what is wrong there, and what would be right (`fix`) where
 * the message does not say that already. Never a secret's value.
 * `line` (from 1) and `id` (of the target or rule that it belongs to) are there where they are known.
 */
export type Issue = { path: string; message: string; fix?: string; line?: number; id?: string };

/** An issue as a line of an error: `  targets[0].id (line 2, acme): is missing (must be text)`. */
export function issueLine({ path, line, id, ...issue }: Issue): string {
  const where = [...(line ? [`line ${line}`] : []), ...(id ? [id] : [])].join(', ');
  return `  ${path}${where && ` (${where})`}: ${issueText(issue)}`;
}

/** What is wrong and what would be right, without the place: `ends with a space (U+0020); remove it`. */
export function issueText({ message, fix }: Pick<Issue, 'message' | 'fix'>): string {
  // A fix of several sentences begins with a capital letter.
  return fix === undefined ? message : `${message}${/^[A-Z]/.test(fix) ? '.' : ';'} ${fix}`;
}
