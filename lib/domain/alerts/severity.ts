/** How severe an alert is, in ascending order. */
export const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Where the bands of a numeric scale begin; a value below `low` is informational. */
export type Bands = Record<'low' | 'medium' | 'high' | 'critical', number>;

/** Source: GuardDuty user guide, Severity levels for GuardDuty findings. */
export const GUARDDUTY_BANDS: Bands = { low: 1, medium: 4, high: 7, critical: 9 };

/** The severity of a number on a scale. An unknown number counts as critical. */
export function gradedSeverity(value: number | null | undefined, bands: Bands): Severity {
  if (value === null || value === undefined) return 'critical';
  return DESCENDING.find((severity) => value >= bands[severity]) ?? 'informational';
}

const DESCENDING = ['critical', 'high', 'medium', 'low'] as const;
