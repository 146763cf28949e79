import { expect, test } from 'vitest';
import { DAY, json, NOON, RECORDS_PATH, runEmulator } from '../running-emulator.ts';

const LENGTHS = {
  id: 64,
  connect_type: 32,
  user_name: 255,
  machine_sid: 128,
  machine_name: 255,
  failed_reason: 255,
  failed_code: 255,
  client_name: 255,
  client_version: 255,
  client_type: 255,
  agent_version: 50,
  vm_ip: 50,
  connect_flag: 50,
  wi_ip: 50,
  public_ip: 50,
  tenant_id: 255,
  virtual_ip: 50,
};

async function run() {
  const { emulator, mint, submit, time } = await runEmulator();
  const token = await mint();
  const status = async (body: unknown) => (await submit(body, token)).status;
  const errorReply = async (body: unknown) => (await submit(body, token)).json();
  const between = (start: string, end: string) => status({ login_start_time: start, login_end_time: end });
  return { emulator, time, status, errorReply, between };
}

test.each(Object.entries(LENGTHS))(
  '%s may have %i characters, be empty or be absent',
  async (field, longest) => {
    const { errorReply, status } = await run();
    expect(await status({ [field]: 'x'.repeat(longest) })).toBe(200);
    expect(await status({ [field]: '' })).toBe(200);
    expect(await status({ [field]: 7 })).toBe(400);
    expect(await status({ [field]: null })).toBe(400);
    expect(await errorReply({ [field]: 'x'.repeat(longest + 1) })).toMatchObject({
      error_code: 'WKS.00211102',
      error_msg: expect.stringContaining(`(${field}: `),
    });
  },
);

test('a field that the call does not have is rejected by name', async () => {
  const { emulator, errorReply } = await run();
  expect(await errorReply({ user_names: 'x', login_time: 'y' })).toEqual({
    error_code: 'WKS.00211102',
    error_msg: 'The parameter is invalid. (unknown: user_names, login_time)',
  });
  expect(emulator.tasks()).toEqual([]);
});

test.each(['{"a":', '[]', '"text"', 'null', '7', '\u0000'])('the body %j is invalid', async (body) => {
  const { status } = await run();
  expect(await status(body)).toBe(400);
});

test('no body at all is an empty message', async () => {
  const { errorReply } = await run();
  expect(await errorReply('')).toMatchObject({ error_code: 'WKS.0001' });
});

test('an empty object asks for the last 30 days, and blanks around it do no harm', async () => {
  const { emulator, status } = await run();
  expect(await status('{}')).toBe(200);
  expect(await status(`${' '.repeat(1_000_000)}{}`)).toBe(200);
  expect(emulator.tasks()[0]?.query).toMatchObject({ start: NOON - 30 * DAY, end: NOON });
});

test('an empty filter filters nothing, another is kept', async () => {
  const { emulator, status } = await run();
  await status({ user_name: '', vm_ip: '10.0.0.1' });
  expect(emulator.tasks()[0]?.query.filters).toEqual({ vm_ip: '10.0.0.1' });
});

test.each([
  '2026-11-19T00:00:00Z',
  '2026-11-19T00:00:00.000Z',
  '2026-11-19T00:00:00.0Z',
  '2026-11-19T00:00:00.000000000Z',
  '2026-11-19t00:00:00z',
  '2026-11-19T00:00:00+00:00',
  '2026-11-19T00:00:00-00:00',
  '2026-11-19T08:00:00+08:00',
  '2026-11-19T05:45:00.000000+05:45',
  '2026-11-18T20:30:00-03:30',
  '2026-11-19T23:59:00+23:59',
  '2026-11-19 00:00:00',
])('"%s" is the beginning of the 19th', async (text) => {
  const { between, emulator } = await run();
  expect(await between(text, '2026-11-20T00:00:00Z')).toBe(200);
  expect(emulator.tasks()[0]?.query.start).toBe(Date.parse('2026-11-19T00:00:00Z'));
});

test.each([
  ['2026-11-19T00:00:00.5Z', 500],
  ['2026-11-19T00:00:00.123Z', 123],
  ['2026-11-19T00:00:00.123456+00:00', 123.456],
  ['2026-11-19T00:00:00.000001Z', 0.001],
  ['2026-11-19T00:00:00.999999999Z', 1000],
])('"%s" has a fraction of a second, exact to the microsecond', async (text, milliseconds) => {
  const { between, emulator } = await run();
  expect(await between(text, '2026-11-20T00:00:00Z')).toBe(200);
  const start = emulator.tasks()[0]?.query.start ?? 0;
  expect(start - Date.parse('2026-11-19T00:00:00Z')).toBeCloseTo(milliseconds, 3);
});

test('a microsecond decides whether a login belongs to the time', async () => {
  const records = [{ id: 'one', start_time: '2026-11-19T00:00:00.123Z' }];
  const running = await runEmulator({ records, taskCreatingSeconds: 0 });
  const token = await running.mint();
  const countFrom = async (start: string) => {
    const body = { login_start_time: start, login_end_time: '2026-11-20T00:00:00Z' };
    const reply = await running.call(RECORDS_PATH, json(body, { 'x-auth-token': token }));
    return ((await reply.json()) as { count: number }).count;
  };
  expect(await countFrom('2026-11-19T00:00:00.123000Z')).toBe(1);
  expect(await countFrom('2026-11-19T00:00:00.123001Z')).toBe(0);
});

test.each([
  '2026-11-19T00:00:00',
  '2026-11-19T00:00:00.000',
  '2026-11-19T00:00:00.123456',
  '2026-11-19 00:00:00.5',
])('"%s" has no zone, and the error reply says so', async (text) => {
  const { errorReply } = await run();
  const body = { login_start_time: text, login_end_time: '2026-11-20T00:00:00Z' };
  expect(await errorReply(body)).toEqual({
    error_code: 'WKS.00211102',
    error_msg:
      'The parameter is invalid. (login_start_time: has no zone; end it with Z or an offset such as +08:00)',
  });
});

test.each([
  '2026-11-19',
  '2026-11-19T00:00:00',
  '2026-11-19T00:00Z',
  '2026-11-19T00:00:00+0000',
  '2026-11-19T00:00:00+24:00',
  '2026-11-19T00:00:00+08:60',
  '2026-11-19T00:00:00+08',
  '2026-11-19T00:00:00.Z',
  '2026-11-19T00:00:00,5Z',
  '2026-11-19T00:00:00.1234567890Z',
  '2026-11-19T00:00:00 Z',
  '2026-11-19 00:00:00Z',
  '2026-11-19T24:00:00Z',
  '2026-11-19T24:30:00Z',
  '2026-11-19T00:60:00Z',
  '2026-11-19T00:00:60Z',
  '2026-11-31T23:00:00-03:00',
  '+002026-11-19T00:00:00.000Z',
  '2026-11-31T00:00:00Z',
  '2026-13-01 00:00:00',
  '1763510400000',
  '',
])('"%s" is no time', async (text) => {
  const { between, status } = await run();
  expect(await between(text, '2026-11-20T00:00:00Z')).toBe(400);
  expect(await status({ update_time: text })).toBe(400);
});

test.each(['login_start_time', 'login_end_time'])('%s does not go alone', async (field) => {
  const { errorReply } = await run();
  expect(await errorReply({ [field]: '2026-11-19T00:00:00Z' })).toEqual({
    error_code: 'WKS.00211102',
    error_msg: 'The parameter is invalid. (login_start_time and login_end_time: both or neither)',
  });
});

test('the start lies before the end', async () => {
  const { between } = await run();
  expect(await between('2026-11-19T00:00:00Z', '2026-11-19T00:00:01Z')).toBe(200);
  expect(await between('2026-11-19T00:00:00Z', '2026-11-19T00:00:00Z')).toBe(400);
  expect(await between('2026-11-19T00:00:01Z', '2026-11-19T00:00:00Z')).toBe(400);
});

test('the start is at most 30 days old', async () => {
  const { between, time } = await run();
  expect(await between('2026-10-21T12:00:00Z', '2026-10-22T00:00:00Z')).toBe(200);
  expect(await between('2026-10-21T11:59:59Z', '2026-10-22T00:00:00Z')).toBe(400);
  time.now += 1;
  expect(await between('2026-10-21T12:00:00Z', '2026-10-22T00:00:00Z')).toBe(400);
});

test('the end lies at most five minutes in the future', async () => {
  const { between } = await run();
  expect(await between('2026-11-20T00:00:00Z', '2026-11-20T12:05:00Z')).toBe(200);
  expect(await between('2026-11-20T00:00:00Z', '2026-11-20T12:05:00.001Z')).toBe(400);
});
