import { expect, test } from 'vitest';
import { failureOf } from '#internal/main/storage/wire/failures';

const of = (status: number, body: string, region: string | null = null) =>
  failureOf(status, region, Buffer.from(body));

test('code, message and region are read from the document', () => {
  const failure = of(
    400,
    '<?xml version="1.0"?>\n<Error><Code>AuthorizationHeaderMalformed</Code><Message>a &lt;b&gt; &amp; &#x263A; &#9786; &nope;</Message><Region>eu-west-1</Region></Error>',
  );
  expect(failure).toMatchObject({
    name: 'AuthorizationHeaderMalformed',
    message: 'a <b> & ☺ ☺ &nope;',
    region: 'eu-west-1',
    $metadata: { httpStatusCode: 400 },
  });
});

test('the region of the header counts more', () => {
  expect(of(301, '<Error><Region>a</Region></Error>', 'b').region).toBe('b');
});

test.each([
  [404, 'NotFound'],
  [403, 'AccessDenied'],
  [412, 'PreconditionFailed'],
  [503, 'ServiceUnavailable'],
  [418, 'Http418'],
])('without a document %d is %s', (status, name) => {
  expect(of(status, '')).toMatchObject({ name, region: null });
  expect(of(status, '<html>Code</html>').name).toBe(name);
  expect(of(status, '<Error><Code>').name).toBe(name);
});
