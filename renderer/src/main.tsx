import { start } from '#renderer/app';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
start(root);
