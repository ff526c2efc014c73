export * from './fault-proxy/index.ts';
