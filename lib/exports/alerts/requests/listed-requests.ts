import type { AlertRequest } from '../../../domain/alert-request.ts';
import type { OpenRows } from '../../../ports.ts';

type Listed = Pick<OpenRows, 'requests'>;

/** The requests among open rows that can be read: open ones, and closed ones whose loss is still shown. */
export function readableRequests({ requests }: Listed): AlertRequest[] {
  return requests.filter((request): request is AlertRequest => request.state !== 'unreadable');
}

/** Those of them that are open. */
export function openRequests(listed: Listed): AlertRequest[] {
  return readableRequests(listed).filter(({ state }) => state === 'open');
}
