/** A command's words and what its comment says. */
export type ShellLine = { words: string[]; comment: string };

/** Splits one logical line as a shell does: blanks, both kinds of quotes, a comment. It expands nothing. */
export function shellLine(line: string): ShellLine {
  const [, code = '', comment = ''] = WITH_COMMENT.exec(line) ?? [];
  return { words: [...code.matchAll(WORD)].map(([word]) => unquoted(word)), comment };
}

/** The lines of a block, those that end with a backslash joined with the next. */
export function logicalLines(block: string): string[] {
  return block
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

const PIECE = /"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\]/.source;
const WORD = new RegExp(`(?:${PIECE})+`, 'g');
const WITH_COMMENT = new RegExp(`^((?:\\s*(?!#)(?:${PIECE})+)*)\\s*(?:#\\s*(.*))?$`);

function unquoted(word: string): string {
  return word.replaceAll(new RegExp(PIECE, 'g'), (piece) => {
    if (piece.startsWith("'")) return piece.slice(1, -1);
    return (piece.startsWith('"') ? piece.slice(1, -1) : piece).replaceAll(/\\(.)/g, '$1');
  });
}
