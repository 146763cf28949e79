import type { Assessment } from '../../../lib/exports/coverage/gaps.ts';

/** Of a target whose every second is confirmed. A test replaces what it is about. */
export const NOTHING_TO_DO: Assessment = {
  gaps: [],
  exhausted: [],
  resting: [],
  pastCutoff: [],
  crossing: [],
  unpublished: [],
  leased: [],
  unconfirmed: [],
  lost: [],
  premature: [],
  unreadable: [],
  final: [],
  notFinal: [],
};
