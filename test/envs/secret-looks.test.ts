import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { hasSecretName, looksSecret } from '../../envs/client-files/secret-looks.ts';

const secretNames = [
  'API_KEY',
  'apiKey',
  'OPENAI_APIKEY',
  'GITHUB_PAT',
  'X-Auth',
  'OAUTH_ID',
  'Authorization',
  'DB_PASSWD',
];
const ordinaryNames = ['BOOKINGS_FILE', 'DEFAULT_GUEST', 'PATH', 'AUTHOR', 'KEYBOARD', 'PATTERN', 'LOG_LEVEL'];

test.each(secretNames)('%s is called as a secret is', (name) => expect(hasSecretName(name)).toBe(true));
test.each(ordinaryNames)('%s is not', (name) => expect(hasSecretName(name)).toBe(false));

test.each([
  'ghp_0123456789abcdefghij',
  'sk-proj-abcdefghijkl',
  'postgres://anna:letmein@db.example/rooms',
  'https://example.org/hook?api_key=oak',
  'd41d8cd98f00b204e9800998ecf8427e',
  '123e4567-e89b-12d3-a456-426614174000',
  '9j4AAQSkZJRgABAQ/+',
  'Bearer letmein-please',
])('%s is a secret under any name', (value) => expect(looksSecret('SETTING', value, tmpdir())).toBe(true));

test.each([
  'bookings.json',
  'data/2026/bookings-v2-of-november.json',
  './d41d8cd98f00b204e9800998ecf8427e',
  'Ann Leeds',
  'readwrite-with-many-letters',
  'claude-3-5-sonnet-20241022',
  '4096000000000000',
  '2026-11-30T07:45:54Z',
  'true',
  'sk_SK',
  'http://localhost:3000/api/v2',
])('%s is none unless the name says so', (value) => {
  expect(looksSecret('SETTING', value, tmpdir())).toBe(false);
});

test('a secret name makes a secret of words and numbers, and not of switches or paths of this machine', () => {
  expect(looksSecret('API_KEY', 'Ann Leeds', tmpdir())).toBe(true);
  expect(looksSecret('MY_TOKEN', '4096', tmpdir())).toBe(true);
  expect(looksSecret('API_KEY', 'bookings.json', tmpdir())).toBe(true);
  expect(looksSecret('USE_AUTH', 'true', tmpdir())).toBe(false);
  expect(looksSecret('KEY_FILE', tmpdir(), '/')).toBe(false);
});
