import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { taskSubmitted } from '../../../lib/domain/exports/message.ts';

it('the committed JSON Schema is the one of the code (write it again with: npm test -- --update)', async () => {
  const schema = z.toJSONSchema(taskSubmitted, { io: 'input' });
  const document = { $id: 'workspace.login-export.task-submitted.v1', title: 'TaskSubmitted', ...schema };
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot(
    '../../../docs/schemas/task-submitted.v1.json',
  );
});
