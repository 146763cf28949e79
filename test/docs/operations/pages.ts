import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './document.ts';

/** An alarm's page in the document, and the sentence that opens its description. */
export type Page = { page: string; says: string };

const file = (name: string) => join(ROOT, 'infra/alarms', name);

/** From the file's text: the alarms of a target are made with the limits of one. */
function ofTargets(): Page[] {
  const text = readFileSync(file('target-alarms.cjs'), 'utf8');
  return [...text.matchAll(/page: '([^']+)',\s+says: '([^']+)'/g)].map(([, page = '', says = '']) => ({
    page,
    says,
  }));
}

/** The alarms of a service with these rules of the event bus. */
export const serviceAlarms: (rules: readonly string[]) => Page[] = createRequire(import.meta.url)(
  file('service-alarms.cjs'),
).serviceAlarms;

/** Every alarm there is; several with one page count as one. */
export const pages = {
  ofService: [...new Map(serviceAlarms([]).map((alarm) => [alarm.page, alarm])).values()],
  ofTargets: ofTargets(),
};
