import { expect, test } from 'vitest';
import { layout } from '#internal/main/hosts/electron/layout';
import { isOurUrl, mayOpenOutside } from '#internal/main/hosts/electron/origin';
import { join } from 'node:path';

test.each(['sluice://app/', 'sluice://app/index.html', 'sluice://app/assets/x.js?y#z'])(
  '%s is ours',
  (url) => {
    expect(isOurUrl(url)).toBe(true);
  },
);

test.each([
  '',
  'null',
  'about:blank',
  'sluice://app.evil.example/',
  'sluice://app:80/',
  'sluice://user@app/',
  'sluice:app',
  'sluice://other/',
  'sluices://app/',
  'file:///app/index.html',
  'https://sluice//app/',
  'https://evil.example/?sluice://app/',
])('%s is not ours', (url) => {
  expect(isOurUrl(url)).toBe(false);
});

test('only known places outside may be opened, and only by https', () => {
  expect(mayOpenOutside('https://docs.aws.amazon.com/AmazonS3/latest/')).toBe(true);
  for (const url of [
    'http://docs.aws.amazon.com/',
    'https://docs.aws.amazon.com.evil.example/',
    'https://docs.aws.amazon.com@evil.example/',
    'https://x@docs.aws.amazon.com/',
    'https://docs.aws.amazon.com:8443/',
    'file:///etc/passwd',
    'smb://server/share',
    'ms-msdt:/id',
    'javascript:alert(1)',
    'not an address',
  ]) {
    expect(mayOpenOutside(url), url).toBe(false);
  }
});

test('the process of the tables starts outside the archive, the page inside it', () => {
  const packed = layout(join('/opt', 'Sluice', 'resources', 'app.asar'));
  expect(packed.tablesProcess).toBe(
    join('/opt', 'Sluice', 'resources', 'app.asar.unpacked', 'out', 'main', 'tables-process.js'),
  );
  expect(packed.page).toBe(join('/opt', 'Sluice', 'resources', 'app.asar', 'out', 'renderer'));
  expect(layout('/repo').tablesProcess).toBe(join('/repo', 'out', 'main', 'tables-process.js'));
});
