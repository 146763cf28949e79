import { randomUUID } from 'node:crypto';
import { styleText } from 'node:util';
import { visible, visibleJson } from '../../domain/visible-text.ts';
import { fittedLines } from './text.ts';

export type Streams = { stdout: NodeJS.WritableStream; stderr: NodeJS.WritableStream };

type Style = Parameters<typeof styleText>[0];

/**
 * Where a command writes: text for people, and with `--json` one document on standard output and nothing else there. No
 * text but that of `paint` has control characters when it reaches the terminal.
 */
export type Screen = {
  json: boolean;
  /** A line for people: on standard output, or on standard error when `--json` has that for itself. */
  print(text: string): void;
  /** The command's result; only `--json` prints it. */
  document(value: unknown): void;
  /** An error, for people and, with `--json`, as a document. */
  fail(text: string, document: unknown): void;
  /** Present when people read on a terminal: for a line that is rewritten in place. */
  terminal?: Terminal;
  /** Text in a colour, where the stream is a terminal that wants colours (NO_COLOR is honoured). */
  paint(style: Style, text: string): string;
};

/** `columns` is its width now; a person may resize it. */
export type Terminal = { columns(): number; write(text: string): void };

export function createScreen({ stdout, stderr }: Streams, { json }: { json: boolean }): Screen {
  const human = json ? stderr : stdout;
  const terminal = terminalOf(human);
  const paintOn = (stream: NodeJS.WritableStream, style: Style, text: string) =>
    marked(styleText(style, shown(text), { stream, validateStream: true }));
  const print = (text: string) => void human.write(`${unmarked(text)}\n`);
  const document = (value: unknown) => void (json && stdout.write(`${visibleJson(JSON.stringify(value))}\n`));
  return {
    json,
    print,
    document,
    ...(terminal ? { terminal } : {}),
    fail: (text, value) => {
      const lines = fittedLines({ terminal: terminalOf(stderr) }, `${ERROR} ${text}`);
      stderr.write(`${unmarked(paintOn(stderr, 'red', ERROR) + lines.slice(ERROR.length))}\n`);
      document(value);
    },
    paint: (style, text) => paintOn(human, style, text),
  };
}

const ERROR = 'error';

const ESCAPE = '\u001b';

// Marks our own escapes until the text is written. No other text can contain this mark.
const OUR_ESCAPE = `<${randomUUID()}>`;

function shown(text: string): string {
  return text.split(OUR_ESCAPE).map(visible).join(OUR_ESCAPE);
}

function marked(text: string): string {
  return text.replaceAll(ESCAPE, OUR_ESCAPE);
}

function unmarked(text: string): string {
  return text.split(OUR_ESCAPE).map(visible).join(ESCAPE);
}

const USUAL_COLUMNS = 80;

function terminalOf(stream: NodeJS.WritableStream): Terminal | undefined {
  if (!('isTTY' in stream && stream.isTTY === true)) return undefined;
  // A pseudo-terminal without a size has 0.
  const columns = () => ('columns' in stream && Number(stream.columns)) || USUAL_COLUMNS;
  return { columns, write: (text) => void stream.write(text) };
}
