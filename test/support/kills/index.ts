export { killAgainAndAgain, type Campaign } from './campaign.ts';
