import { Temporal } from 'temporal-polyfill';
import * as z from 'zod/mini';
import { SEVERITIES } from '../../domain/alert.ts';
import { findingId, findingTime, type Reported, text } from './event-envelope.ts';
import { namedValues } from './named-values.ts';
import { ocsfNames } from './ocsf-names.ts';
import { seenBetween } from './seen-between.ts';

const YEAR_10000 = 253_402_300_800_000;
const EPOCH_EXPECTED = 'must be a time in whole milliseconds since 1970';

const epochTime = z.pipe(
  z.int(EPOCH_EXPECTED).check(z.minimum(0, EPOCH_EXPECTED), z.maximum(YEAR_10000 - 1, EPOCH_EXPECTED)),
  z.transform(Temporal.Instant.fromEpochMilliseconds),
);

const findingInfo = z.looseObject({
  uid: findingId,
  title: z.nullish(text),
  types: z.nullish(z.array(text)),
  first_seen_time: z.nullish(epochTime),
  first_seen_time_dt: z.nullish(findingTime),
  last_seen_time: z.nullish(epochTime),
  last_seen_time_dt: z.nullish(findingTime),
  created_time: z.nullish(epochTime),
  created_time_dt: z.nullish(findingTime),
  modified_time: z.nullish(epochTime),
  modified_time_dt: z.nullish(findingTime),
});

const cloud = z.looseObject({
  account: z.nullish(z.looseObject({ uid: z.nullish(text) })),
  region: z.nullish(text),
});

/**
 * A finding of a `Findings Imported V2`, in the Open Cybersecurity Schema Framework. `finding_info.uid` is what its
 * product calls it: of a GuardDuty finding the ARN.
 * Source: Security Hub user guide, OCSF findings in Security Hub; OCSF schema 1.6, Detection Finding.
 */
export const ocsfFinding = z.pipe(
  z.looseObject({
    finding_info: findingInfo,
    severity_id: z.nullish(z.number()),
    cloud: z.nullish(cloud),
    time: z.nullish(epochTime),
    time_dt: z.nullish(findingTime),
  }),
  z.transform((finding): Reported => {
    const info = finding.finding_info;
    const happened = [finding.time, finding.time_dt];
    const sightings = {
      first: [
        info.first_seen_time,
        info.first_seen_time_dt,
        info.created_time,
        info.created_time_dt,
        ...happened,
      ],
      last: [
        info.last_seen_time,
        info.last_seen_time_dt,
        info.modified_time,
        info.modified_time_dt,
        ...happened,
      ],
    };
    const types = info.types ?? [];
    return ({ source, account, region, time }) => ({
      id: info.uid,
      source,
      types: types.length > 0 ? types : [info.title ?? 'Findings Imported V2'],
      // 1 is informational, 5 critical; 0, 6 (fatal) and 99 (other) are not in the list.
      severity: SEVERITIES[(finding.severity_id ?? 0) - 1] ?? 'critical',
      account: finding.cloud?.account?.uid ?? account,
      region: finding.cloud?.region ?? region,
      ...seenBetween(sightings, time),
      named: namedValues(ocsfNames(finding)),
    });
  }),
);
