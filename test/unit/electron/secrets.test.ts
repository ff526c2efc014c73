import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { setupSecrets, whyNoSecrets } from '#internal/main/hosts/electron/secrets';
import { openSecretFile } from '#internal/main/hosts/electron/secret-file';
import { calls, play, resetDouble } from '../../support/electron-double.ts';
import { memoryLog, temporaryFolder } from './support.ts';
import { onWindows, testUnless, withoutRights } from '../../support/unless.ts';

beforeEach(resetDouble);

const unavailable = expect.objectContaining({ code: 'SECRETS_UNAVAILABLE' }) as Error;

test('a secret survives a restart, and is not in the file as it is', async () => {
  const folder = await temporaryFolder();
  const secrets = setupSecrets(folder, memoryLog());
  await secrets.set('connection-1', 'wJalrXUtnFEMI');
  expect(await readFile(join(folder, 'secrets.json'), 'utf8')).not.toContain('wJalrXUtnFEMI');
  expect(await setupSecrets(folder, memoryLog()).get('connection-1')).toBe('wJalrXUtnFEMI');
  await secrets.remove('connection-1');
  expect(await secrets.get('connection-1')).toBeNull();
});

testUnless(onWindows)('only the owner can read the file', async () => {
  const folder = await temporaryFolder();
  await setupSecrets(folder, memoryLog()).set('a', 'b');
  expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600);
});

describe.each([['basic_text'], ['unknown']] as const)('without a keyring (%s)', (keyring) => {
  test('nothing is written, and why is said', async () => {
    play.keyring = keyring;
    const folder = await temporaryFolder();
    const secrets = setupSecrets(folder, memoryLog());
    // Only Linux has such a thing; elsewhere the question is not asked.
    expect(await whyNoSecrets('linux')).not.toBeNull();
    expect(await whyNoSecrets('darwin')).toBeNull();
    expect(await whyNoSecrets('win32')).toBeNull();
    if (process.platform !== 'linux') return;
    await expect(secrets.set('a', 'b')).rejects.toEqual(unavailable);
    expect(await readdir(folder)).toEqual([]);
    expect(calls('safeStorage.encryptStringAsync')).toEqual([]);
    expect(await secrets.get('a')).toBeNull();
  });
});

test('a keychain that is not there is said', async () => {
  play.encryption = false;
  const secrets = setupSecrets(await temporaryFolder(), memoryLog());
  await expect(secrets.set('a', 'b')).rejects.toEqual(unavailable);
});

test('a locked keychain costs nothing that was kept', async () => {
  const secrets = setupSecrets(await temporaryFolder(), memoryLog());
  await secrets.set('a', 'one');
  play.keychainLocked = true;
  await expect(secrets.get('a')).rejects.toEqual(unavailable);
  await expect(secrets.set('a', 'two')).rejects.toEqual(unavailable);
  play.keychainLocked = false;
  expect(await secrets.get('a')).toBe('one');
});

test('a key that was renewed is used for what is read', async () => {
  const secrets = setupSecrets(await temporaryFolder(), memoryLog());
  await secrets.set('a', 'one');
  play.shouldReEncrypt = true;
  expect(await secrets.get('a')).toBe('one');
  expect(calls('safeStorage.encryptStringAsync')).toHaveLength(2);
  play.shouldReEncrypt = false;
  expect(await secrets.get('a')).toBe('one');
});

describe('the file', () => {
  test('takes changes at once without losing one', async () => {
    const file = openSecretFile(await temporaryFolder());
    const names = Array.from({ length: 20 }, (_, n) => `name-${n}`);
    await Promise.all(names.map((name) => file.put(name, Buffer.from(name))));
    for (const name of names) expect((await file.get(name))?.toString()).toBe(name);
  });

  test('left half written by a crash is not looked at', async () => {
    const folder = await temporaryFolder();
    const file = openSecretFile(folder);
    await file.put('a', Buffer.from('one'));
    await writeFile(join(folder, 'secrets.json.part'), '{"vers');
    await file.put('b', Buffer.from('two'));
    expect((await file.get('a'))?.toString()).toBe('one');
    expect(await readdir(folder)).toEqual(['secrets.json']);
  });

  test('that cannot be read is reported and left as it is', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'secrets.json'), '{"version":1,"entries":{"a":"b25l"');
    const secrets = setupSecrets(folder, memoryLog());
    await expect(secrets.get('a')).rejects.toEqual(unavailable);
    await expect(secrets.set('b', 'x')).rejects.toEqual(unavailable);
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).toContain('"b25l"');
  });

  test('has no names but its own', async () => {
    const file = openSecretFile(await temporaryFolder());
    await file.put('a', Buffer.from('one'));
    expect(await file.get('toString')).toBeNull();
    expect(await file.get('__proto__')).toBeNull();
  });

  testUnless(withoutRights)('in a folder without the right to write says so', async () => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o500);
    await expect(setupSecrets(folder, memoryLog()).set('a', 'b')).rejects.toEqual(unavailable);
    await chmod(folder, 0o700);
  });
});
