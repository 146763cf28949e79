import * as z from 'zod/mini';
import { taskSubmitted } from '../exports/message.ts';
import { instant } from '../time/instant.ts';
import type { Failure, WindowState } from './window-row.ts';

const failure = z.object({
  kind: z.string(),
  message: z.string(),
  at: instant,
  vendor_code: z.optional(z.string()),
  request_id: z.optional(z.string()),
});

/** The part of a window's stored document that differs from state to state. */
export const storedState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('claimed'), lease_until: instant }),
  z.object({
    state: z.literal('submitted'),
    lease_until: instant,
    message: taskSubmitted,
    failure: z.optional(failure),
  }),
  z.object({
    state: z.literal('published'),
    message: taskSubmitted,
    published_at: instant,
    failure: z.optional(failure),
  }),
  z.object({
    state: z.literal('confirmed'),
    message: taskSubmitted,
    published_at: instant,
    confirmed_at: instant,
  }),
  z.object({ state: z.literal('failed'), failure }),
  z.object({ state: z.literal('lost'), lost_at: instant, failure: z.optional(failure) }),
]);

export type StoredState = z.output<typeof storedState>;

export function stateToStored(state: WindowState): StoredState {
  switch (state.state) {
    case 'claimed':
      return { state: state.state, lease_until: state.leaseUntil };
    case 'submitted': {
      const { message, leaseUntil, failure } = state;
      const kept = failure ? { failure: failureToStored(failure) } : {};
      return { state: state.state, lease_until: leaseUntil, message, ...kept };
    }
    case 'published':
      return {
        state: state.state,
        message: state.message,
        published_at: state.publishedAt,
        ...(state.failure ? { failure: failureToStored(state.failure) } : {}),
      };
    case 'confirmed': {
      const { message, publishedAt, confirmedAt } = state;
      return { state: state.state, message, published_at: publishedAt, confirmed_at: confirmedAt };
    }
    case 'failed':
      return { state: state.state, failure: failureToStored(state.failure) };
    case 'lost': {
      const { lostAt, failure } = state;
      return {
        state: state.state,
        lost_at: lostAt,
        ...(failure ? { failure: failureToStored(failure) } : {}),
      };
    }
  }
}

export function stateFromStored(stored: StoredState): WindowState {
  switch (stored.state) {
    case 'claimed':
      return { state: stored.state, leaseUntil: stored.lease_until };
    case 'submitted': {
      const { message, lease_until, failure } = stored;
      const kept = failure ? { failure: failureFromStored(failure) } : {};
      return { state: stored.state, leaseUntil: lease_until, message, ...kept };
    }
    case 'published':
      return {
        state: stored.state,
        message: stored.message,
        publishedAt: stored.published_at,
        ...(stored.failure ? { failure: failureFromStored(stored.failure) } : {}),
      };
    case 'confirmed': {
      const { message, published_at, confirmed_at } = stored;
      return { state: stored.state, message, publishedAt: published_at, confirmedAt: confirmed_at };
    }
    case 'failed':
      return { state: stored.state, failure: failureFromStored(stored.failure) };
    case 'lost': {
      const { lost_at, failure } = stored;
      return {
        state: stored.state,
        lostAt: lost_at,
        ...(failure ? { failure: failureFromStored(failure) } : {}),
      };
    }
  }
}

type StoredFailure = z.output<typeof failure>;

function failureToStored({ vendorCode, requestId, ...rest }: Failure): StoredFailure {
  return { ...rest, vendor_code: vendorCode, request_id: requestId };
}

function failureFromStored({ vendor_code, request_id, ...rest }: StoredFailure): Failure {
  return { ...rest, vendorCode: vendor_code, requestId: request_id };
}
