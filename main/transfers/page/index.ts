export { PageUploads } from './page-uploads.ts';
