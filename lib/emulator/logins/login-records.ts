/** The fields of a record. Source: API definition WorkspaceApp/ListUserConnection, in the order of the definition. */
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

/** One login. A field that Huawei does not know is absent, such as the end of a session that is still open. */
export type LoginRecord = { [Field in RecordField]?: string };

/** The source of the logins: a list, or fake logins from a seed, with the same number on every day. */
export type LoginSource = readonly LoginRecord[] | { seed: number; perDay: number };
