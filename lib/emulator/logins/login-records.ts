/** Source: API definition WorkspaceApp/ListUserConnection, in its order. */
export const RECORD_FIELDS = [
  'id',
  'connect_type',
  'user_name',
  'desktop_group_name',
  'pre_conn_time',
  'start_time',
  'end_time',
  'machine_sid',
  'machine_name',
  'failed_reason',
  'failed_code',
  'client_mac',
  'client_name',
  'client_ip',
  'client_version',
  'client_type',
  'agent_version',
  'vm_ip',
  'connect_flag',
  'wi_ip',
  'update_time',
  'tenant_id',
  'virtual_ip',
  'public_ip',
] as const;
export type RecordField = (typeof RECORD_FIELDS)[number];

/** One login. What Huawei does not know is left out, such as the end of a session that is still open. */
export type LoginRecord = { [Field in RecordField]?: string };

/** Where the logins come from: a list, or made up from a seed, so many each day of all time. */
export type LoginSource = readonly LoginRecord[] | { seed: number; perDay: number };
