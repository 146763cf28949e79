import { serviceAlarms } from '../../../lib/deploy/alarms/service-alarms.ts';
import { targetAlarms } from '../../../lib/deploy/alarms/target-alarms.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';

/** An alarm's page in the document, and the sentence that opens its description. */
export type Page = { page: string; says: string };

/** Every alarm there is; several with one page count as one. */
export const pages: { ofService: Page[]; ofTargets: Page[] } = {
  ofService: [...new Map(serviceAlarms([]).map((alarm) => [alarm.page, alarm])).values()],
  ofTargets: targetAlarms(targetAt('http://127.0.0.1:1')),
};
