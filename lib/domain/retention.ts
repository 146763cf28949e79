import { Temporal } from 'temporal-polyfill';

/** How long Huawei keeps login records (API definition WorkspaceApp/ExportUserConnection, 2026-02-06): 30 days. */
export const RETENTION = Temporal.Duration.from({ hours: 30 * 24 });
