/** What a request can fail with: an answer that says no, or no answer. */

/** The parts of an answer that tell a failure apart; named as the SDK names them, so that both are told apart alike. */
export class StoreFailure extends Error {
  /** What S3 calls it, e.g. `NoSuchUpload`. */
  override readonly name: string;
  readonly $metadata: { readonly httpStatusCode: number };
  /** Of the bucket, where the store says it. */
  readonly region: string | null;

  constructor(name: string, message: string, status: number, region: string | null) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode: status };
    this.region = region;
  }
}

/** The store could not be heard; `reason` says why, in words. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.reason = reason;
  }
}

/** The answer to a body that was sent whole is later than answers are here; another try is sooner than waiting. */
export class AnswerLate extends NoAnswer {}

/** S3's names for a status that came without a body, as answers to HEAD do. */
const BY_STATUS: Readonly<Record<number, string>> = {
  301: 'PermanentRedirect',
  307: 'TemporaryRedirect',
  403: 'AccessDenied',
  404: 'NotFound',
  409: 'OperationAborted',
  412: 'PreconditionFailed',
  416: 'InvalidRange',
  429: 'TooManyRequests',
  500: 'InternalError',
  501: 'NotImplemented',
  503: 'ServiceUnavailable',
};

/** @param region of the x-amz-bucket-region header */
export function failureOf(status: number, region: string | null, body: Buffer): StoreFailure {
  const text = body.toString('utf8');
  const name = element(text, 'Code') ?? BY_STATUS[status] ?? `Http${status}`;
  const message = element(text, 'Message') ?? `it answered ${status}`;
  return new StoreFailure(name, message, status, region ?? element(text, 'Region'));
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** The text of the first element of that name. Error documents have no two of one name, and nothing nested in these. */
function element(document: string, name: string): string | null {
  const start = document.indexOf(`<${name}>`);
  const end = document.indexOf(`</${name}>`, start);
  if (start < 0 || end < 0) return null;
  return document
    .slice(start + name.length + 2, end)
    .trim()
    .replace(/&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|([a-z]+));/g, (whole, decimal, hex, entity) => {
      if (entity !== undefined) return ENTITIES[entity as string] ?? whole;
      const point = decimal === undefined ? parseInt(hex as string, 16) : Number(decimal);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    });
}
