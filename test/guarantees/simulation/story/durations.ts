export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** How long Huawei keeps login records (API definition WorkspaceApp/ExportUserConnection). */
export const KEPT = 30 * DAY;
