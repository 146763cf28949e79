import pMap from 'p-map';
import { asExportError, InfrastructureError } from '../../../domain/errors.ts';
import type { Target } from '../../../domain/input/target.ts';
import type { AlertRequest, RequestTerms, UnreadableRequest } from '../../../domain/ledger/request-row.ts';
import type { RunPorts } from '../../../run-ports.ts';
import type { WindowResult } from '../../window/outcome.ts';
import { reportFailed } from '../../window/report-outcome.ts';
import { save } from './close-requests.ts';
import { openRequestFor } from './rows.ts';

type KeepPorts = Pick<RunPorts, 'ledger' | 'clock' | 'observe'>;

type Kept = { kept: AlertRequest[]; results: WindowResult[] };

/** Stores requests. For a request that has come before, the row in the ledger counts. Failures are in the results. */
export async function keepRequests(
  ports: KeepPorts,
  target: Target,
  requests: readonly RequestTerms[],
): Promise<Kept> {
  const done: Kept = { kept: [], results: [] };
  await pMap(
    requests,
    async (request) => {
      try {
        const stored = await ports.ledger.putRequest(openRequestFor(request, ports.clock()));
        if (stored.state === 'unreadable')
          done.kept.push(await rewriteDamaged(ports, target, { request, unreadable: stored }));
        else done.kept.push(stored);
      } catch (thrown) {
        done.results.push(
          reportFailed(ports.observe, {
            targetId: target.id,
            window: request.window,
            error: notKept(thrown),
          }),
        );
      }
    },
    { concurrency: WRITES_AT_ONCE },
  );
  return done;
}

const WRITES_AT_ONCE = 8;

type Damaged = { request: RequestTerms; unreadable: UnreadableRequest };

// The copy of a damaged request says what was asked for, so its row is rewritten. Where not even the version of the row
// can be read, the copy is served, and the row is left for a person.
async function rewriteDamaged(
  ports: KeepPorts,
  target: Target,
  { request, unreadable: { request: row, damage, version } }: Damaged,
): Promise<AlertRequest> {
  ports.observe({ type: 'row_unreadable', targetId: target.id, message: `${row}: ${damage}` });
  const found = openRequestFor(request, ports.clock());
  return (version === undefined ? undefined : await save(ports, { ...found, version })) ?? found;
}

function notKept(thrown: unknown): InfrastructureError {
  const { message } = asExportError(thrown);
  return new InfrastructureError(
    `${message.replace(/[^.]$/, '$&.')} What the alert asks for is not kept: it is lost unless the alert comes again.`,
    { cause: thrown },
  );
}
