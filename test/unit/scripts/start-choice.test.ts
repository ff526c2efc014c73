import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { choice } from '../../../scripts/lib/start-choice.mjs';

const folder = resolve('/somewhere');
const plain = { face: 'best', open: true, port: undefined, data: undefined };

describe('npm start', () => {
  it.each([
    [[], plain],
    [['--web'], { ...plain, face: 'web' }],
    [['--desktop'], { ...plain, face: 'desktop' }],
    [['--no-open'], { ...plain, face: 'web', open: false }],
    [['--port', '8080'], { ...plain, face: 'web', port: 8080 }],
    [['--port=0'], { ...plain, face: 'web', port: 0 }],
    [['--data', 'state'], { ...plain, data: resolve(folder, 'state') }],
    [['--help', '--web'], 'help'],
  ])('understands %j', (args, expected) => {
    expect(choice(args, folder)).toEqual(expected);
  });

  it.each([
    [['--fast'], 'There is no option --fast.'],
    [['now'], 'now was not expected here.'],
    [['--port'], '--port needs a value.'],
    [['--port', 'eighty'], 'eighty is not a port.'],
    [['--port', '65536'], '65536 is not a port.'],
    [['--web=yes'], '--web takes no value.'],
    [['--desktop', '--port', '1'], '--desktop does not go with --web, --port or --no-open.'],
  ])('refuses %j with one sentence', (args, sentence) => {
    expect(() => choice(args, folder)).toThrow(expect.objectContaining({ message: sentence, exitCode: 2 }));
  });
});
