import pMap from 'p-map';
import { asExportError, InfrastructureError } from '../../../domain/errors.ts';
import type { Target } from '../../../domain/input/target.ts';
import { nextVersion } from '../../../domain/ledger/compare-and-set.ts';
import type { AlertRequest, AskedRequest, UnreadableRequest } from '../../../domain/ledger/request-row.ts';
import type { Span } from '../../../domain/time/spans.ts';
import type { RunPorts } from '../../../run-ports.ts';
import type { WindowResult } from '../../window/report.ts';
import { save } from './close-requests.ts';

type KeepPorts = Pick<RunPorts, 'ledger' | 'clock' | 'observe'>;

type Kept = { kept: AlertRequest[]; results: WindowResult[] };

/** Writes requests; where one has come before, the row that is there counts. What fails is in the results. */
export async function keepRequests(
  ports: KeepPorts,
  target: Target,
  asked: readonly AskedRequest[],
): Promise<Kept> {
  const done: Kept = { kept: [], results: [] };
  await pMap(
    asked,
    async (request) => {
      try {
        const stored = await ports.ledger.putRequest(asNew(request, ports));
        if (stored.state === 'unreadable')
          done.kept.push(await writtenAnew(ports, target, { request, unreadable: stored }));
        else done.kept.push(stored);
      } catch (thrown) {
        done.results.push(failure(ports, target, request.window, notKept(thrown)));
      }
    },
    { concurrency: WRITES_AT_ONCE },
  );
  return done;
}

const WRITES_AT_ONCE = 8;

function asNew(asked: AskedRequest, { clock }: Pick<RunPorts, 'clock'>): AlertRequest {
  return nextVersion({ ...asked, state: 'open', lost: [], tasks: [], version: 0 } as const, clock());
}

type Damaged = { request: AskedRequest; unreadable: UnreadableRequest };

// A copy of what cannot be read says what was asked, so its row is written anew. Where not even the row's version can be
// read the copy is served, and the row stays for a person.
async function writtenAnew(
  ports: KeepPorts,
  target: Target,
  { request, unreadable: { request: row, damage, version } }: Damaged,
): Promise<AlertRequest> {
  ports.observe({ type: 'row_unreadable', targetId: target.id, message: `${row}: ${damage}` });
  const found = asNew(request, ports);
  return (version === undefined ? undefined : await save(ports, { ...found, version })) ?? found;
}

function notKept(thrown: unknown): InfrastructureError {
  const { message } = asExportError(thrown);
  return new InfrastructureError(
    `${message.replace(/[^.]$/, '$&.')} What the alert asks for is not kept: it is lost unless the alert comes again.`,
    { cause: thrown },
  );
}

function failure(
  { observe }: KeepPorts,
  { id: targetId }: Target,
  window: Span,
  thrown: unknown,
): WindowResult {
  const error = asExportError(thrown);
  observe({ type: 'window_failed', targetId, window, error });
  return { window, result: { outcome: 'failed', error } };
}
