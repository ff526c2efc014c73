export interface BucketServerOptions {
  readonly root: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly region: string;
  readonly listen: { readonly port: number; readonly host?: string } | { readonly socketPath: string };
  readonly buckets: readonly string[];
  readonly allowedOrigins: () => readonly string[];
  readonly now?: () => number;
}
export interface BucketServer {
  readonly origin: string;
  readonly port: number;
  close(): Promise<void>;
}
export declare function startBucketServer(options: BucketServerOptions): Promise<BucketServer>;
