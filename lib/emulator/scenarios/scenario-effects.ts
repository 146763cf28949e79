import * as z from 'zod';

const text = z.string().min(1);

/** A header's value: what HTTP lets stand in one, without line breaks. */
export const headerText = z.string().regex(/^[\x20-\x7e]*$/, 'must be printable ASCII');

// Any number of seconds, a text as it stands, or (left out) no Retry-After at all. As a date, it may have passed.
const retryAfter = {
  retry_after: z
    .union([z.number().min(-1e9).max(1e9), headerText], 'must be a number of seconds, or a text')
    .optional(),
  retry_after_form: z.enum(['seconds', 'http_date']).default('seconds'),
};

export const effects = [
  // Nothing special: lets calls through, to reach a later one.
  effect('pass', {}),
  // 429, with Retry-After in seconds, as an HTTP date, or (no retry_after) without the header.
  effect('throttle', retryAfter),
  effect('status', { status: z.literal([400, 408, 409, 423, 425, 500, 502, 503, 504]), ...retryAfter }),
  // The work is done at once, the answer comes late.
  effect('slow', { milliseconds: z.int().min(0).max(600_000) }),
  // Closes the connection; "after": the work was done all the same.
  effect('cut', { when: z.enum(['before', 'after']) }),
  // The work is done and the body of the answer is damaged.
  effect('wrong_json', {}),
  // The work is done and the body of the answer is encoded, though nobody asked; "damaged": cut off in the middle.
  effect('encoded', {
    encoding: z.enum(['gzip', 'deflate', 'br', 'zstd']),
    damaged: z.boolean().default(false),
  }),
  // The page of a proxy or firewall on the way, and no work is done. Without a text, one in HTML that names itself.
  effect('page', {
    status: z.int().min(200).max(599),
    by: headerText.min(1).default('Example Web Gateway'),
    content_type: headerText.default('text/html; charset=utf-8'),
    text: z.string().optional(),
  }),
  // 200 with an error in the body, as some Workspace calls answer; no work is done.
  effect('error_code_in_200', {}),
  effect('empty_task_id', {}),
  // The task is created, and the answer says so in another way than documented. The first text of a task id is the
  // answer's alone; one that is longer than documented is the task's own.
  effect('export_reply', {
    status: z.literal([200, 201, 202, 203, 206]).default(200),
    task_id: z.string().optional(),
    task_id_length: z.int().min(33).max(4_000_000).optional(),
    error_code: z.string().optional(),
  }),
  // From this call on, all tokens given out so far are refused.
  effect('revoke_tokens', {}),
  // From this call on, the cloud's clock is off by so many seconds.
  effect('clock_skew', { seconds: z.int() }),
  // What a host says that does not have the call.
  effect('wrong_host', {}),
  effect('forbidden', {}),
  // The next task that is created ends as FAIL, so many seconds after its creation; until then it is CREATING.
  effect('fail_task', {
    reason: text,
    error_code: text.default('WKS.00211401'),
    after_seconds: z.int().min(0).optional(),
  }),
  // The next task that is created ends well, and is EXPIRED so many seconds after its creation.
  effect('expire_task', { after_seconds: z.int().min(0).default(0) }),
  // The next task that is created is CREATING for so many seconds.
  effect('slow_task', { seconds: z.int().min(0) }),
] as const;

/** What only an export can meet. */
export const EXPORT_ONLY = ['fail_task', 'expire_task', 'slow_task', 'empty_task_id', 'export_reply'];

function effect<Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) {
  return z.strictObject({ type: z.literal(type), ...shape });
}
