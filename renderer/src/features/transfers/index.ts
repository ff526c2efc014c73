export { ACTION_WORDS, type ActionName, actionsOf, useTransferActions } from './transfer-actions.ts';
