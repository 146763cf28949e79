import type { Issue } from '../../../domain/errors.ts';
import { valuesAt } from './fields.ts';
import { EXPORT_REQUESTED } from './request.ts';

/**
 * What an event seems to be that is not in the envelope of EventBridge, and how to put it there. Undefined for an unknown
 * form. The message repeats nothing of the event.
 */
export function wrongEnvelope(event: unknown): Issue | undefined {
  const form = FORMS.find(({ fits }) => fits(event));
  return form && { path: '(the whole document)', message: form.message, fix: form.fix };
}

/** A complete event with its envelope, as an example. */
function enveloped(detailType: string, source: string, detail: string): string {
  const around = `"source": "${source}", "account": "111122223333", "region": "eu-central-1"`;
  return `{"detail-type": "${detailType}", ${around}, "time": "2026-11-22T10:20:04Z", "detail": ${detail}}`;
}

type Form = { fits: (event: unknown) => boolean; message: string; fix: string };

const GUARDDUTY = enveloped('GuardDuty Finding', 'aws.guardduty', '<the finding>');
const ASFF = enveloped(
  'Security Hub Findings - Imported',
  'aws.securityhub',
  '{"findings": [<the finding>]}',
);
const OCSF = enveloped('Findings Imported V2', 'aws.securityhub', '{"findings": [<the finding>]}');
const REQUEST = enveloped(EXPORT_REQUESTED, 'com.example.soc', '{"reference": "SOC-2026-1187"}');

// The first form that fits counts, so a wrapper comes before what it may contain.
const FORMS: readonly Form[] = [
  {
    fits: (event) => typeof event === 'string' && /^\s*[[{]/.test(event),
    message: 'must be an object, and is JSON inside a text',
    fix: 'give the object itself, without quotes around it and backslashes in it',
  },
  {
    fits: Array.isArray,
    message: 'must be an object, and is a list',
    fix: 'give one event at a time, without the brackets around it',
  },
  {
    fits: has('Records[].Sns'),
    message: 'looks like what SNS hands to Lambda',
    fix: 'give the event that is inside, as text, in Records[0].Sns.Message; on AWS, let a rule of EventBridge start the function without SNS between them',
  },
  {
    fits: has('Records[].body'),
    message: 'looks like what SQS hands to Lambda',
    fix: 'give the event that is inside, as text, in Records[0].body; on AWS, let a rule of EventBridge start the function without SQS between them',
  },
  {
    fits: (event) => valuesAt(event, 'Type')[0] === 'Notification' && has('Message')(event),
    message: 'looks like a notification of SNS',
    fix: 'give the event that is inside, as text, in Message',
  },
  {
    fits: (event) => has('DetailType')(event) || has('Entries[].DetailType')(event),
    message: 'looks like what is given to PutEvents',
    fix: `send it with aws events put-events, or give the event that comes of it, with Detail as an object: ${REQUEST}`,
  },
  {
    fits: (event) => has('Service', 'Type')(event) || has('Findings[].Service')(event),
    message: "looks like a finding from GuardDuty's API, whose keys begin with capitals",
    fix: `give the event that EventBridge delivers, whose keys begin small, or ask for the export outright: ${REQUEST}`,
  },
  {
    fits: has('service', 'type'),
    message: 'looks like a GuardDuty finding without its envelope',
    fix: `wrap it as EventBridge does: ${GUARDDUTY}`,
  },
  {
    fits: (event) =>
      has('ProductArn')(event) || has('Findings[].ProductArn')(event) || has('findings[].ProductArn')(event),
    message: 'looks like findings of Security Hub (ASFF) without their envelope',
    fix: `wrap it as EventBridge does: ${ASFF}`,
  },
  {
    fits: (event) => has('finding_info')(event) || has('findings[].finding_info')(event),
    message: 'looks like findings of Security Hub (OCSF) without their envelope',
    fix: `wrap it as EventBridge does: ${OCSF}`,
  },
  {
    fits: has('reference'),
    message: `looks like the detail of a ${EXPORT_REQUESTED} without its envelope`,
    fix: `wrap it as EventBridge does: ${REQUEST}`,
  },
];

function has(...paths: readonly string[]): Form['fits'] {
  return (event) => paths.every((path) => valuesAt(event, path).length > 0);
}
