import type { Severity } from '../../domain/alert.ts';

/** Where the bands of a numeric scale begin; below `low` it is informational. */
export type Bands = Record<'low' | 'medium' | 'high' | 'critical', number>;

/** The severity of a number on a scale; none, as nothing is known, is critical. */
export function gradedSeverity(value: number | null | undefined, bands: Bands): Severity {
  if (value === null || value === undefined) return 'critical';
  return DESCENDING.find((severity) => value >= bands[severity]) ?? 'informational';
}

const DESCENDING = ['critical', 'high', 'medium', 'low'] as const;
