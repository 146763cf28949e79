import * as z from 'zod';

const text = z.string().min(1);

/** The value of a header: printable ASCII, without line breaks. */
export const headerText = z.string().regex(/^[\x20-\x7e]*$/, 'must be printable ASCII');

// A number of seconds, or a text that is sent as it is. Absent: no Retry-After header. A date may be in the past.
const retryAfter = {
  retry_after: z
    .union([z.number().min(-1e9).max(1e9), headerText], 'must be a number of seconds, or a text')
    .optional(),
  retry_after_form: z.enum(['seconds', 'http_date']).default('seconds'),
};

/** The effects, by `type`. */
export const effects = [
  // No effect. Lets calls through, so that a later call gets the next step.
  effect('pass', {}),
  // 429, with Retry-After in seconds, as an HTTP date, or (no retry_after) without the header.
  effect('throttle', retryAfter),
  effect('status', { status: z.literal([400, 408, 409, 423, 425, 500, 502, 503, 504]), ...retryAfter }),
  // The work is done at once. The answer comes late.
  effect('slow', { milliseconds: z.int().min(0).max(600_000) }),
  // Closes the connection without an answer, before or after the work was done.
  effect('cut', { when: z.enum(['before', 'after']) }),
  // The work is done. The body of the answer is damaged.
  effect('wrong_json', {}),
  // The work is done. The body of the answer is encoded, although the caller did not ask for it. "damaged": cut in the
  // middle.
  effect('encoded', {
    encoding: z.enum(['gzip', 'deflate', 'br', 'zstd']),
    damaged: z.boolean().default(false),
  }),
  // The page of a proxy or firewall between the caller and the cloud. No work is done. Without "text", an HTML page
  // that names "by".
  effect('page', {
    status: z.int().min(200).max(599),
    by: headerText.min(1).default('Example Web Gateway'),
    content_type: headerText.default('text/html; charset=utf-8'),
    text: z.string().optional(),
  }),
  // 200 with an error in the body, as some Workspace calls answer. No work is done.
  effect('error_code_in_200', {}),
  effect('empty_task_id', {}),
  // The task is created, and the answer is another one than documented. "task_id" is in the answer alone.
  // "task_id_length" gives the task itself an id of that length.
  effect('export_reply', {
    status: z.literal([200, 201, 202, 203, 206]).default(200),
    task_id: z.string().optional(),
    task_id_length: z.int().min(33).max(4_000_000).optional(),
    error_code: z.string().optional(),
  }),
  // From this call on, all tokens of before are rejected.
  effect('revoke_tokens', {}),
  // From this call on, the clock of the cloud is ahead by so many seconds, or behind where the number is negative.
  effect('clock_skew', { seconds: z.int() }),
  // The reply of a host that does not have the call.
  effect('wrong_host', {}),
  effect('forbidden', {}),
  // The next task that is created is CREATING until so many seconds after its creation, and then FAIL.
  effect('fail_task', {
    reason: text,
    error_code: text.default('WKS.00211401'),
    after_seconds: z.int().min(0).optional(),
  }),
  // The next task that is created succeeds, and is EXPIRED so many seconds after its creation.
  effect('expire_task', { after_seconds: z.int().min(0).default(0) }),
  // The next task that is created is CREATING for so many seconds.
  effect('slow_task', { seconds: z.int().min(0) }),
] as const;

/** One of the effects, as in a step. */
export type Effect = z.output<(typeof effects)[number]>;

/** The effects that only the export call can have. */
export const EXPORT_ONLY = ['fail_task', 'expire_task', 'slow_task', 'empty_task_id', 'export_reply'];

function effect<Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) {
  return z.strictObject({ type: z.literal(type), ...shape });
}
