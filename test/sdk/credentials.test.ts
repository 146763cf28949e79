import { afterAll, describe, expect, it } from 'vitest';
import { DEMO_ACCOUNT } from '../../lib/emulator/iam/accounts.ts';
import { runSdk, SIGNED } from './calls.ts';
import { startHuaweiSdk } from './huawei-sdk.ts';

const sdk = startHuaweiSdk();
afterAll(sdk.stop);

describe('a token', () => {
  it('is given out for a password, with its project', async () => {
    const { token } = await runSdk(sdk);
    const { status, model } = await token();
    expect(status).toBe(201);
    expect(model).toMatchObject({
      'X-Subject-Token': expect.stringMatching(/^MII/),
      token: { project: { id: DEMO_ACCOUNT.project.id, name: 'ap-southeast-3' }, methods: ['password'] },
    });
  });

  it('opens every call by itself', async () => {
    const { download, emulator, exportRecords, listTasks, token } = await runSdk(sdk);
    const { 'X-Subject-Token': text } = (await token()).model;
    // The SDK signs nothing when there is an authorization already.
    const headers = { 'X-Auth-Token': String(text), Authorization: 'none' };
    const { model } = await exportRecords({}, { headers });
    const id = String(model['task_id']);
    expect((await listTasks({ task_id: id }, { headers })).model).toMatchObject({ count: 1 });
    expect((await download(id, { headers })).status).toBe(200);
    expect(emulator.tasks()[0]?.createdBy).toEqual({ kind: 'token', user: 'login-exporter' });
  });

  it('is not given out for a wrong password', async () => {
    const { token } = await runSdk(sdk);
    expect(await token({ ...DEMO_ACCOUNT.user, password: 'fake-wrong' })).toMatchObject({
      status: 401,
      error: expect.stringContaining('The username or password is wrong.'),
    });
  });
});

describe('the project of a region', () => {
  const { project_id: _, ...withoutProject } = SIGNED;

  it('is looked up at IAM by the SDK that was not told', async () => {
    const { emulator, exportRecords, origins } = await runSdk(sdk);
    const credentials = { ...withoutProject, iam_endpoint: origins.iam };
    expect(await exportRecords({}, { credentials, region: 'ap-southeast-3' })).toMatchObject({ status: 200 });
    expect(emulator.requests()).toMatchObject([
      { host: 'iam', kind: 'projects', query: { name: 'ap-southeast-3' }, status: 200 },
      { host: 'export', kind: 'export', status: 200 },
    ]);
    expect(emulator.tasks()[0]?.projectId).toBe(DEMO_ACCOUNT.project.id);
  });

  it('is not found where the account has none', async () => {
    const { exportRecords, origins } = await runSdk(sdk);
    const credentials = { ...withoutProject, iam_endpoint: origins.iam };
    expect((await exportRecords({}, { credentials, region: 'cn-north-4' })).error).toMatch(
      /^Failed to get project id of region 'cn-north-4'/,
    );
  });

  it('is not told to a key that does not exist', async () => {
    const { exportRecords, origins } = await runSdk(sdk);
    const credentials = { ...withoutProject, ak: 'FAKEOTHER', iam_endpoint: origins.iam };
    const { error } = await exportRecords({}, { credentials, region: 'ap-southeast-3' });
    expect(error).toContain('The request you have made requires authentication.');
  });
});

describe('an access key', () => {
  const temporary = {
    accessKeyId: 'FAKETEMPORARY',
    secretAccessKey: 'fake-temporary',
    securityToken: 'fake-security-token',
  };
  const asTemporary = { ak: 'FAKETEMPORARY', sk: 'fake-temporary', project_id: SIGNED.project_id };
  const refused = {
    status: 401,
    code: 'APIGW.0301',
    error: expect.stringContaining('verify aksk signature fail'),
  };

  it('signs every call, in whatever characters it is made', async () => {
    const { download, emulator, exportRecords, listRecords, listTasks } = await runSdk(sdk);
    const name = '张三 & söhne+*~%';
    const { model } = await exportRecords({ user_name: name });
    const id = String(model['task_id']);
    expect((await listRecords({ user_name: name }, { limit: 1 })).status).toBe(200);
    expect((await listTasks({ file_name: 'a b&c=*~+.csv' })).model).toMatchObject({ count: 0 });
    expect((await download(id)).status).toBe(200);
    expect(emulator.tasks()[0]?.query.filters).toEqual({ user_name: name });
  });

  it('with a wrong secret opens nothing', async () => {
    const { exportRecords, listTasks } = await runSdk(sdk);
    const credentials = { ...SIGNED, sk: 'fake-wrong' };
    expect(await exportRecords({}, { credentials })).toMatchObject(refused);
    expect(await listTasks({}, { credentials })).toMatchObject(refused);
  });

  it('that is temporary works with its token', async () => {
    const { exportRecords, listTasks } = await runSdk(sdk, { accessKeys: [temporary] });
    const credentials = { ...asTemporary, security_token: 'fake-security-token' };
    expect((await exportRecords({}, { credentials })).status).toBe(200);
    expect((await listTasks({}, { credentials })).model).toMatchObject({ count: 1 });
  });

  it.each([
    ['temporary, without its token', asTemporary],
    ['temporary, with a foreign token', { ...asTemporary, security_token: 'fake-foreign-token' }],
    ['permanent, with a foreign token', { ...SIGNED, security_token: 'fake-foreign-token' }],
  ])('that is %s opens nothing', async (_, credentials) => {
    const { emulator, exportRecords } = await runSdk(sdk, {
      accessKeys: [temporary, DEMO_ACCOUNT.accessKey],
    });
    expect(await exportRecords({}, { credentials })).toMatchObject(refused);
    expect(emulator.tasks()).toEqual([]);
  });

  it('is for the projects that there are', async () => {
    const { exportRecords } = await runSdk(sdk);
    const credentials = { ...SIGNED, project_id: '0'.repeat(32) };
    expect(await exportRecords({}, { credentials })).toMatchObject({ status: 403, code: 'APIGW.0310' });
  });
});
