// What is done with is by far the most, and is not in these indexes.

export const OPEN_WINDOWS_INDEX = `
  CREATE INDEX IF NOT EXISTS open_windows ON windows (target_id, open) WHERE open IS NOT NULL`;

export const OPEN_REQUESTS_INDEX = `
  CREATE INDEX IF NOT EXISTS open_requests ON alert_requests (target_id, open) WHERE open IS NOT NULL`;

export const EXPIRING_INDEX = `
  CREATE INDEX IF NOT EXISTS expiring_requests ON alert_requests (target_id, expires_at)
  WHERE expires_at IS NOT NULL`;

/** The windows of `:target_id` that are not done with, in the order of their ends. */
export const OPEN_WINDOWS = openOf('windows');

/** The requests of `:target_id` that are open, in the order of their ends. */
export const OPEN_REQUESTS = openOf('alert_requests');

/** Takes away the requests of `:target_id` that expire at `:seconds` or before. */
export const EXPIRE = 'DELETE FROM alert_requests WHERE target_id = :target_id AND expires_at <= :seconds';

function openOf(table: string): string {
  return `SELECT * FROM ${table} WHERE target_id = :target_id AND open IS NOT NULL ORDER BY open`;
}
