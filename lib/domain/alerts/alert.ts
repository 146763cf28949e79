import type { Filters } from '../input/filters.ts';
import type { Instant } from '../time/instant.ts';

/** How grave an alert is, in ascending order. */
export const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Where the bands of a numeric scale begin; below `low` it is informational. */
export type Bands = Record<'low' | 'medium' | 'high' | 'critical', number>;

/** GuardDuty's scale. Source: GuardDuty user guide, Severity levels for GuardDuty findings. */
export const GUARDDUTY_BANDS: Bands = { low: 1, medium: 4, high: 7, critical: 9 };

/** The filters of the export call that a finding can name values for. */
export const NAMED_FILTERS = ['public_ip', 'user_name', 'machine_name'] as const;
export type NamedFilter = (typeof NAMED_FILTERS)[number];

/** Why a finding no longer asks anybody to act, or never did. */
export const INACTIVE = ['archived', 'deleted', 'resolved', 'suppressed', 'sample'] as const;
export type Inactive = (typeof INACTIVE)[number];

/** A security alert, whoever raised it, in the words that rules match and exports are made of. */
export type Alert = {
  /** Its raiser's own name for it; the same each time it comes again. */
  id: string;
  /** Who raised it, as EventBridge calls the source, such as `aws.guardduty`. */
  source: string;
  /** What it is about, in the raiser's words; a rule goes by how they begin. At least one. */
  types: readonly string[];
  /** One that is not known counts as critical, so that no rule passes it over. */
  severity: Severity;
  /** Where it was found: AWS account id and region. */
  account: string;
  region: string;
  /** When what it is about was seen; the first is never after the last, and the last never after the alert came. */
  firstSeen: Instant;
  lastSeen: Instant;
  /** Set when its raiser has put it aside; then only a rule that includes inactive alerts matches it. */
  inactive?: Inactive;
  /**
   * It is about how something is set up (compliance, a vulnerability), not about what somebody did, and may have been
   * first seen months ago; only a rule that includes posture matches it.
   */
  isPosture?: boolean;
  /** A person picked it out, with a custom action of Security Hub: no rule finds it too small, inactive or posture. */
  isChosen?: boolean;
  /** What it names, without repetition; empty lists are left out. */
  named: Partial<Record<NamedFilter, readonly string[]>>;
  /** What is asked for outright, in a `Login Export Requested`. It goes before what rules and findings would say. */
  asked?: AskedExport;
};

export type AskedExport = {
  targetIds?: readonly string[];
  from?: Instant;
  to?: Instant;
  filters?: Filters;
};
