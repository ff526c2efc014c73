/** Uploads whose bytes only a page can read. */
export { PageUploads } from './page-uploads.ts';
