/** The operations of S3 that a sender or fetcher of files uses. */
export type Operation =
  | 'PutObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListParts'
  | 'ListMultipartUploads'
  | 'ListObjects'
  | 'HeadObject'
  | 'GetObject'
  | 'Other';

/** @param url path and query, path-style */
export function operationOf(method: string, url: string): Operation {
  const { pathname, searchParams: query } = new URL(url, 'http://store');
  const ofObject = /^\/[^/]+\/./.test(pathname);
  if (!ofObject) {
    if (method !== 'GET') return 'Other';
    if (query.has('uploads')) return 'ListMultipartUploads';
    return query.has('list-type') ? 'ListObjects' : 'Other';
  }
  if (query.has('uploadId')) {
    switch (method) {
      case 'PUT':
        return 'UploadPart';
      case 'POST':
        return 'CompleteMultipartUpload';
      case 'DELETE':
        return 'AbortMultipartUpload';
      default:
        return 'ListParts';
    }
  }
  switch (method) {
    case 'POST':
      return query.has('uploads') ? 'CreateMultipartUpload' : 'Other';
    case 'PUT':
      return 'PutObject';
    case 'HEAD':
      return 'HeadObject';
    case 'GET':
      return 'GetObject';
    default:
      return 'Other';
  }
}

/** @returns the number of the part a request is about; null where it is about none */
export function partNumberOf(url: string): number | null {
  const number = new URL(url, 'http://store').searchParams.get('partNumber');
  return number === null ? null : Number(number);
}
