/** What a person should know of a target: a sentence, the spans or reasons below it, and how urgent it is. */
export type Note = { text: string; lines?: readonly string[]; style: 'red' | 'yellow' | 'dim' };
