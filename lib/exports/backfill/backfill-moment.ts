import type { Target } from '../../domain/target.ts';
import type { ServicePorts } from '../run-ports.ts';
import { type Moment, momentOf } from '../scheduled/moment.ts';

/**
 * Learns by whose time a backfill goes. Throws what keeps it from exporting anything: a host that does not answer
 * (`UnavailableError`), or whose time is denied (`ClockError`).
 */
export async function backfillMoment(
  ports: ServicePorts,
  target: Target,
  signal: AbortSignal,
): Promise<Moment> {
  const time = await ports.openClocks()(target, signal);
  const moment = await momentOf(ports, { target, requested: undefined }, time, signal);
  if (moment.error && !moment.mayOrder) throw moment.error;
  return moment;
}
