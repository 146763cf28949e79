import { expect, it, vi } from 'vitest';
import { createPowertoolsTelemetry } from '../../../lib/adapters/telemetry/aws-powertools.ts';
import { RefusedError } from '../../../lib/domain/errors.ts';
import { STEERING } from '../../support/command/control-characters.ts';

it('no text of others steers whoever views the log', () => {
  const written: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const hostile = STEERING.map(([, character]) => character);
  const text = hostile.join('-');
  const { observe, begin, end } = createPowertoolsTelemetry({ logLevel: 'INFO' });
  begin(text);
  observe({ type: 'call_repeated', targetId: 'acme', why: text, waitMilliseconds: 1 });
  const types = [text];
  observe({ type: 'alert_unmatched', targetId: '_none', alertId: text, source: text, types, why: text });
  const cause = new SyntaxError(text);
  end({ error: new RefusedError(text, { cause, vendor: { status: 400, message: text } }) });
  vi.restoreAllMocks();
  const lines = written.join('').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).message).slice(0, 3)).toEqual([
    'call repeated',
    'no rule is for the alert',
    'run failed',
  ]);
  expect(hostile.filter((character) => lines.some((line) => line.includes(character)))).toEqual([]);
});
