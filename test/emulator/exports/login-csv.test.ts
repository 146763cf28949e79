import { expect, test } from 'vitest';
import { loginCsv } from '../../../lib/emulator/exports/download-call.ts';

test('a field that is missing is an empty cell, and a cell with a comma, a quote or a line break is quoted', () => {
  const [, row] = loginCsv([{ id: '1', failed_reason: 'a, "b"\nc', public_ip: '192.0.2.1' }]).split('\r\n');
  expect(row).toBe('1,,,,,,,,,"a, ""b""\nc",,,,,,,,,,,,,,192.0.2.1');
});

test('no records are a head and nothing else', () => {
  expect(loginCsv([])).toMatch(/^id,connect_type,[a-z_,]+,public_ip\r\n$/);
});
