export {
  ACTION_WORDS,
  actionWord,
  type ActionName,
  actionsOf,
  useTransferActions,
} from './transfer-actions.ts';
