import { Temporal } from 'temporal-polyfill';
import type { Alert } from '../../../lib/domain/alerts/alert.ts';
import { FROM_GUARDDUTY } from '../../support/ledger/request-rows.ts';

/** Alerts in the order in which they come. */
export type AlertDay = { name: string; alerts: Alert[] };

export const FIRST = Temporal.Instant.from('2026-11-22T00:00:00Z');

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** So many alerts, spread evenly over a day, about 50 addresses. */
export function evenDay(count: number): AlertDay {
  return {
    name: `${count} alerts over a day, about 50 addresses`,
    alerts: alertsWithin(DAY, { count, addresses: 50 }),
  };
}

/** So many alerts in ten minutes, five for each address. */
export function flood(count: number): AlertDay {
  const addresses = Math.ceil(count / 5);
  return {
    name: `${count} alerts in ten minutes, about ${addresses} addresses`,
    alerts: alertsWithin(10 * MINUTE, { count, addresses }),
  };
}

/** Ten findings, each reported again every 15 minutes with a later last sight, for so many hours. */
export function repeatedFindings(hours: number): AlertDay {
  const reports = Array.from({ length: hours * 4 * 10 }, (_, index) => {
    const finding = index % 10;
    const first = finding * 1.5 * MINUTE;
    const came = first + Math.floor(index / 10) * 15 * MINUTE;
    return alertOf(`finding-${finding}`, { first, came, address: finding });
  });
  return { name: `ten findings, repeated every 15 minutes for ${hours} hours`, alerts: reports };
}

function alertsWithin(
  milliseconds: number,
  { count, addresses }: { count: number; addresses: number },
): Alert[] {
  return Array.from({ length: count }, (_, index) => {
    const came = Math.floor((milliseconds * index) / count);
    return alertOf(`finding-${index}`, { first: came - 5 * MINUTE, came, address: index % addresses });
  });
}

type Sight = { first: number; came: number; address: number };

/** An alert that comes at its last sight. Times are in milliseconds since the start of the day. */
function alertOf(id: string, { first, came, address }: Sight): Alert {
  return {
    id,
    ...FROM_GUARDDUTY,
    firstSeen: FIRST.add({ milliseconds: first }),
    lastSeen: FIRST.add({ milliseconds: came }),
    named: { public_ip: [`198.51.${Math.floor(address / 250)}.${address % 250}`] },
  };
}
