import * as z from 'zod/mini';
import { type ExportError, MalformedReplyError } from '../../domain/errors.ts';
import type { ExportTask } from '../../domain/exports/export-task.ts';
import type { Credential } from '../../domain/input/credential.ts';
import { issuesOf, wordIssue } from '../../domain/input/schema.ts';
import type { Target } from '../../domain/input/target.ts';
import type { TaskPage, TaskPageOptions } from '../../ports.ts';
import { readErrorReply, vendorText } from '../http/errors.ts';
import type { HttpReply, HttpRequest } from '../http/http.ts';
import type { Redact } from '../http/redact.ts';
import { parseJson } from '../http/reply-body.ts';
import { askHuawei, CHECK_PROJECT, refusal } from '../refusals/refusal.ts';
import { exportTaskOf, listedTask, UNREADABLE_TASK } from './listed-task.ts';

/** The most that Huawei puts on a page (Workspace ListExportTasks, 2026-02-10); its default is 20. */
const PAGE_SIZE = 100;

/** A page may be larger than what was asked for, but not without end. */
const MOST_LISTED_TASKS = 1_000;

/**
 * The request for one page, not yet authorised: `GET /v2/{project_id}/export-tasks`, newest first.
 * `is_download` is always sent: its documented default is false, which may hide tasks that were downloaded.
 * Source: Workspace ListExportTasks (2026-02-10).
 */
export function taskListRequest(
  origin: string,
  projectId: string,
  { isDownloaded, offset }: TaskPageOptions,
): HttpRequest {
  const url = new URL(`/v2/${encodeURIComponent(projectId)}/export-tasks`, origin);
  url.search = new URLSearchParams({
    is_download: String(isDownloaded),
    sort_field: 'create_time',
    sort_type: 'DESC',
    offset: String(offset),
    limit: String(PAGE_SIZE),
  }).toString();
  // The signing guide's own GET (vector V1) has a content type, and so have the SDKs'.
  return { method: 'GET', url, headers: { 'content-type': 'application/json' } };
}

// The desktop error table lists WKS codes under HTTP 200, so there may be an error where the list should be.
const listOf = (task: z.ZodMiniType) =>
  z
    .object({
      export_tasks: z.nullish(
        z.array(task).check(z.maxLength(MOST_LISTED_TASKS, `must have at most ${MOST_LISTED_TASKS} tasks`)),
      ),
      count: z.int().check(z.minimum(0, 'must not be negative')),
      error_code: z.nullish(z.literal('', 'must not be there')),
    })
    .check(
      z.refine((list) => Boolean(list.export_tasks) || list.count === 0, {
        path: ['export_tasks'],
        error: 'is missing, although count is not 0',
      }),
    );

const taskList = listOf(z.unknown());
const readableList = listOf(listedTask);

type Context = {
  target: Target;
  origin: string;
  redact: Redact;
  /** The kind of credential that was sent, where it is known. */
  credentialKind?: Credential['kind'];
};

/**
 * The page of a reply. Success is 200 with the documented list and no error_code. Everything else is thrown as an error that
 * says what to do, also a list of which no task can be read.
 */
export function readTaskPage(reply: HttpReply, context: Context): TaskPage {
  const body = parseJson(reply.body);
  const list = taskList.safeParse(body, { error: wordIssue });
  if (reply.status === 200 && list.success) {
    const { export_tasks: listed, count: total } = list.data;
    const tasks = (listed ?? []).map((task) => readTask(task, context.redact));
    if (tasks.length === 0 || tasks.some((task) => task !== UNREADABLE_TASK)) return { tasks, total };
  }
  if (reply.status >= 300) throw refused(reply, context);
  throw malformed(
    reply,
    issueIn(reply, body, readableList.safeParse(body, { error: wordIssue }).error),
    context,
  );
}

// A task that cannot be read may be of any window, and must not hide the others of the page.
function readTask(listed: unknown, redact: Redact): ExportTask {
  const task = listedTask.safeParse(listed);
  return task.success ? exportTaskOf(task.data, redact) : UNREADABLE_TASK;
}

function malformed(reply: HttpReply, issue: string, { target, origin, redact }: Context): ExportError {
  const vendor = readErrorReply(reply, redact);
  const said = `${new URL(origin).host} does not list the export tasks of target "${target.id}" as documented: ${vendorText(vendor)}.`;
  const reason = vendor.code === undefined ? `${redact(issue)}. ` : '';
  return new MalformedReplyError(`${said} ${reason}No task of this page was looked at.`, {
    vendor,
    fix: askHuawei(vendor),
  });
}

function issueIn({ bodyIssue }: HttpReply, body: unknown, error: z.core.$ZodError | undefined): string {
  if (bodyIssue) return `The body ${bodyIssue}`;
  return body === undefined ? 'The body is not JSON' : describe(error);
}

const MOST_ISSUES = 3;

function describe(error: z.core.$ZodError | undefined): string {
  const issues = error ? issuesOf(error).map(({ path, message }) => `${path} ${message}`) : [];
  const more = issues.length > MOST_ISSUES ? [`and ${issues.length - MOST_ISSUES} more`] : [];
  return [...issues.slice(0, MOST_ISSUES), ...more].join('; ') || 'It is not a 200';
}

function refused(reply: HttpReply, { redact, ...context }: Context): ExportError {
  return refusal(readErrorReply(reply, redact), {
    ...context,
    name: 'the list of export tasks',
    host: 'tasks',
    permission: 'workspace:tenants:listExportTasks',
    whenInvalid: CHECK_PROJECT,
  });
}
