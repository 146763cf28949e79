import * as z from 'zod/mini';
import { $ZodError } from 'zod/v4/core';
import { DamagedRowError, InfrastructureError } from '../../domain/errors.ts';
import { issuesOf } from '../../domain/input/schema.ts';
import { type AlertRequest, requestId, type UnreadableRequest } from '../../domain/ledger/request-row.ts';
import { requestCodec, targetCodec, windowCodec } from '../../domain/ledger/stored-rows.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import {
  filtersDigest,
  keyOf,
  type UnreadableRow,
  type WindowKey,
  type WindowRow,
} from '../../domain/ledger/window-row.ts';
import { sortableText } from '../../domain/time/instant.ts';
import { rowKey } from './columns.ts';
import { type StoredRow, windowColumn } from './rows.ts';

/**
 * The window that was asked for by `key`. A window can be exported again, so a row that is damaged holds up nothing
 * else. Throws for one of a newer release, and for one without a version, which cannot be written over.
 */
export function windowFromRow(action: string, key: WindowKey, stored: StoredRow): WindowRow | UnreadableRow {
  try {
    const row = windowCodec.fromJson(stored.document);
    checkIsWindow(row, key, stored);
    return row;
  } catch (cause) {
    const version = versionToReplace(stored);
    if (version === undefined) throw unreadable(action, cause);
    return { state: 'unreadable', version, attempt: attemptOf(stored) ?? version, damage: damageOf(cause) };
  }
}

/**
 * A target. Throws a `DamagedRowError` for one that can be rebuilt, because all that it says follows from the
 * target's windows; an `InfrastructureError` for one that must not be written over.
 */
export function targetFromRow(action: string, stored: StoredRow): TargetRow {
  try {
    return targetCodec.fromJson(stored.document);
  } catch (cause) {
    const version = versionToReplace(stored);
    const error = unreadable(action, cause);
    throw version === undefined ? error : new DamagedRowError(error.message, { version, cause });
  }
}

/** A request, or that nobody can read it. `stored.request` is the id in its name. */
export function requestFromRow(stored: StoredRow): AlertRequest | UnreadableRequest {
  try {
    const request = requestCodec.fromJson(stored.document);
    checkIsRequest(request, stored);
    return request;
  } catch (cause) {
    const version = versionToReplace(stored);
    return {
      state: 'unreadable',
      request: `request/${stored['request']}`,
      damage: damageOf(cause),
      ...(version === undefined ? {} : { version }),
    };
  }
}

/** Whether a newer release wrote the document. It may say more than this one knows, and must not be written over. */
export function isOfNewerRelease({ document }: StoredRow): boolean {
  return newerRelease.safeParse(parsedJson(document)).success;
}

const newerRelease = z.looseObject({ schema: z.int().check(z.gt(1)) });

// Writes and listings use the columns beside the document. Where the two differ, the row could never be processed.
function checkIsWindow(row: WindowRow, key: WindowKey, stored: StoredRow): void {
  const { target_id, window } = rowKey(keyOf(row));
  const asked = rowKey(key);
  if (target_id !== asked.target_id || window !== asked.window)
    throw new Error(`it is the document of ${window} of target ${target_id}`);
  checkAgrees(stored, 'version', row.version);
  const besides = {
    state: row.state,
    window_start: sortableText(row.window.start),
    window_end: sortableText(row.window.end),
    filters_digest: filtersDigest(row.filters),
  };
  // What cannot be read is no other truth: a listing reports it, and the document is written again unchanged.
  for (const [column, schema] of Object.entries(windowColumn))
    if (z.safeParse(schema, stored[column]).success)
      checkAgrees(stored, column, besides[column as keyof typeof besides]);
}

function checkIsRequest(request: AlertRequest, stored: StoredRow): void {
  checkAgrees(stored, 'target_id', request.targetId);
  checkAgrees(stored, 'request', requestId(request));
  checkAgrees(stored, 'version', request.version);
  checkAgrees(stored, 'state', request.state);
}

function checkAgrees(stored: StoredRow, column: string, said: string | number): void {
  if (stored[column] === said) return;
  throw new Error(`its ${column} is ${said}, and the row's is ${stored[column]}`);
}

function versionToReplace(stored: StoredRow): number | undefined {
  const { version } = stored;
  return typeof version === 'number' && !isOfNewerRelease(stored) ? version : undefined;
}

// Where nothing says it, the version is no less: each attempt is written, and another must not have an id that was sent.
function attemptOf({ attempt, document }: StoredRow): number | undefined {
  return typeof attempt === 'number' ? attempt : withAttempt.safeParse(parsedJson(document)).data?.attempt;
}

const withAttempt = z.looseObject({ attempt: z.int() });

function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

// `action` is what was being done, such as `read target acme from the ledger table windows`.
function unreadable(action: string, cause: unknown): InfrastructureError {
  const message = `Could not ${action}: the row is there but cannot be read: ${damageOf(cause)}`;
  return new InfrastructureError(message, { cause });
}

function damageOf(cause: unknown): string {
  if (!(cause instanceof $ZodError)) return String(cause);
  return issuesOf(cause)
    .map(({ path, message }) => `${path} ${message}`)
    .join('; ');
}
