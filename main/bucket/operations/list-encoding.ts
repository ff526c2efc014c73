/** encoding-type of lists: keys may hold what XML cannot say. */
import { uriEncodePath } from '#main/sigv4';
import { S3Error } from '../wire/index.ts';

export type Encoding = 'url' | null;

export function encodingOf(query: URLSearchParams): Encoding {
  const type = query.get('encoding-type');
  if (type === null || type === '') return null;
  if (type.toLowerCase() === 'url') return 'url';
  throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request', {
    ArgumentName: 'encoding-type',
    ArgumentValue: type,
  });
}

export function encodeKey(key: string, encoding: Encoding): string {
  return encoding === 'url' ? uriEncodePath(key) : key;
}
