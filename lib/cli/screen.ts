import { styleText } from 'node:util';

export type Streams = { stdout: NodeJS.WritableStream; stderr: NodeJS.WritableStream };

type Style = Parameters<typeof styleText>[0];

/** Where a command writes: people's text, and with `--json` one document on standard output and nothing else there. */
export type Screen = {
  json: boolean;
  /** A line for people: on standard output, or on standard error when `--json` has that for itself. */
  print(text: string): void;
  /** The command's result; only `--json` prints it. */
  document(value: unknown): void;
  /** An error, for people and, with `--json`, as a document. */
  fail(text: string, document: unknown): void;
  /** Text in a colour, where the stream is a terminal that wants colours (NO_COLOR is honoured). */
  paint(style: Style, text: string): string;
};

export function createScreen({ stdout, stderr }: Streams, { json }: { json: boolean }): Screen {
  const people = json ? stderr : stdout;
  const paintOn = (stream: NodeJS.WritableStream, style: Style, text: string) =>
    styleText(style, text, { stream, validateStream: true });
  const print = (text: string) => void people.write(`${text}\n`);
  const document = (value: unknown) => void (json && stdout.write(`${JSON.stringify(value)}\n`));
  return {
    json,
    print,
    document,
    fail: (text, value) => {
      stderr.write(`${paintOn(stderr, 'red', 'error')} ${text}\n`);
      document(value);
    },
    paint: (style, text) => paintOn(people, style, text),
  };
}
