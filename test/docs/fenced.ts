/** A fenced block of a document, without its indentation. */
export type Fenced = { language: string; content: string };

/** All fenced blocks of a text, in their order. */
export function fencedIn(text: string): Fenced[] {
  return [...text.matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)].map(
    ([, indent = '', language = '', content = '']) => ({
      language,
      content: content.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}

/** What a block of output promises: the pieces between `…`, which stands for anything. */
export function pieces(block: string): string[] {
  return block
    .split('…')
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
}
