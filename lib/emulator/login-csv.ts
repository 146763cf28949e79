import { type LoginRecord, RECORD_FIELDS } from './login-records.ts';

/** The records as CSV (RFC 4180), a column for each field. Huawei's own format is not documented anywhere. */
export function loginCsv(logins: readonly LoginRecord[]): string {
  const rows = logins.map((login) => RECORD_FIELDS.map((field) => login[field] ?? ''));
  return [RECORD_FIELDS, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
