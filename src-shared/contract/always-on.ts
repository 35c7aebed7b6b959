import { z } from 'zod';

const publicUrl = z.url({ protocol: /^https?$/ }).max(500);
const host = z.string().trim().min(1).max(253);
const port = z.int().min(1).max(65535);
const user = z.string().min(1).max(200);
/** A folder of the web space, by `/`; empty: the one that the user comes to. */
const remoteFolder = z.string().trim().max(500).default('');

/** A web space where pages lie that are always on. `publicUrl`: where the folder is read. */
export const targetConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('folder'), folder: z.string().min(1).max(1000), publicUrl }),
  z.strictObject({
    kind: z.literal('sftp'),
    host,
    port: port.default(22),
    user,
    folder: remoteFolder,
    publicUrl,
    /** SHA-256 of the server's key, base64, as `ssh-keygen -l` shows it; empty: not yet known. */
    hostKey: z.string().max(100).default(''),
  }),
  z.strictObject({ kind: z.literal('webdav'), url: publicUrl, user, publicUrl }),
  z.strictObject({
    kind: z.literal('ftps'),
    host,
    port: port.default(21),
    user,
    folder: remoteFolder,
    publicUrl,
  }),
  z.strictObject({
    kind: z.literal('s3'),
    /** The service's address, without the bucket. */
    endpoint: publicUrl,
    region: z.string().trim().max(60).default('auto'),
    bucket: z.string().trim().min(1).max(100),
    folder: remoteFolder,
    accessKeyId: user,
    publicUrl,
  }),
]);
export type TargetConfig = z.infer<typeof targetConfig>;
export type TargetKind = TargetConfig['kind'];

/**
 * What opens the web space: a password, S3's secret access key, or a private key with its
 * passphrase. It is stored sealed and never answered.
 */
export const targetCredentials = z.strictObject({
  secret: z.string().max(1000).default(''),
  privateKey: z.string().max(20_000).default(''),
});
export type TargetCredentials = z.infer<typeof targetCredentials>;
