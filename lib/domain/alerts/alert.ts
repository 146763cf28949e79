import type { Filters } from '../input/filters.ts';
import type { Instant } from '../time/instant.ts';
import type { Severity } from './severity.ts';

/** The filters of the export call that a finding can name values for. */
export const NAMED_FILTERS = ['public_ip', 'user_name', 'machine_name'] as const;
export type NamedFilter = (typeof NAMED_FILTERS)[number];

/** Why a finding needs no action, or no longer any. */
export const INACTIVE = ['archived', 'deleted', 'resolved', 'suppressed', 'sample'] as const;
export type Inactive = (typeof INACTIVE)[number];

/** A security alert of any source, with what rules match and exports need. */
export type Alert = {
  /** The source's id of the alert; the same each time the alert is sent again. */
  id: string;
  /** The source of the event in EventBridge, such as `aws.guardduty`. */
  source: string;
  /** Its types, as the source names them; a rule matches the beginning of one. At least one. */
  types: readonly string[];
  /** An unknown severity counts as critical, so that no rule ignores the alert. */
  severity: Severity;
  /** AWS account id and region of the finding. */
  account: string;
  region: string;
  /**
   * When the activity was seen. `firstSeen` is never after `lastSeen`, and `lastSeen` never after the alert's arrival.
   */
  firstSeen: Instant;
  lastSeen: Instant;
  /**
   * Set when the source no longer treats the finding as active; then only a rule that includes inactive alerts matches
   * it.
   */
  inactive?: Inactive;
  /**
   * The finding is about a configuration (compliance, a vulnerability), not about an activity, and may have been first seen
   * months ago; only a rule that includes posture matches it.
   */
  isPosture?: boolean;
  /**
   * A person chose it, with a custom action of Security Hub: rules ignore its severity, its state and whether it is
   * posture.
   */
  isChosen?: boolean;
  /** The values that the finding names, each once; empty lists are left out. */
  named: Partial<Record<NamedFilter, readonly string[]>>;
  /** What a `Login Export Requested` asks for. It takes precedence over rules and findings. */
  requested?: RequestedExport;
};

export type RequestedExport = {
  targetIds?: readonly string[];
  from?: Instant;
  to?: Instant;
  filters?: Filters;
};
