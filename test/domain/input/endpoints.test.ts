import { expect, it } from 'vitest';
import { isLoopback } from '../../../lib/domain/input/endpoints.ts';

it.each([
  'http://localhost:8080',
  'http://127.0.0.1',
  'https://127.255.3.4:1',
  'http://[::1]:9',
  'http://LOCALHOST',
])('%s is on this machine', (origin) => {
  expect(isLoopback(origin)).toBe(true);
});

it.each(['https://localhost.example', 'https://127.0.0.1.example', 'https://10.0.0.1', 'https://[::2]'])(
  '%s is not',
  (origin) => {
    expect(isLoopback(origin)).toBe(false);
  },
);
