/**
 * One thing that is wrong with what a person wrote: its place, what is wrong or would be right, and, where that is a
 * matter of its own, what to do, as a clause such as `did you mean "region"?`. Never a secret's value.
 * `line` (from 1) and `id` (of the target or rule that the place belongs to) are there where they are known.
 */
export type Issue = { path: string; message: string; fix?: string; line?: number; id?: string };

/** The place, what is wrong, and what to do. */
export function issueLine(issue: Issue): string {
  const { path, line, id } = issue;
  const where = [...(line === undefined ? [] : [`line ${line}`]), ...(id === undefined ? [] : [id])];
  return `${path}${where.length > 0 ? ` (${where.join(', ')})` : ''}: ${issueText(issue)}`;
}

/** What is wrong and what to do. */
export function issueText({ message, fix }: Issue): string {
  return fix ? `${message}; ${fix}` : message;
}
