import { z } from 'zod';
import { failure, id, moment, newPassword, none } from './common.ts';
import { command, query } from './method.ts';

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

const progress = z.strictObject({ done: z.int(), total: z.int() });
/**
 * `off`: not switched on; `up_to_date`; `waiting`: for an upload that comes; `failed`; `removing`:
 * the files have to go and are still there; `hidden`: paused or expired, and the files are gone;
 * `password_needed`: the program does not know the share's password.
 */
export const alwaysOnStates = [
  'off',
  'up_to_date',
  'waiting',
  'failed',
  'removing',
  'hidden',
  'password_needed',
] as const;
export type AlwaysOnState = (typeof alwaysOnStates)[number];

const target = z.strictObject({ config: targetConfig, credentials: targetCredentials.nullable() });

export const alwaysOnMethods = {
  'alwaysOn.status': query(
    'any',
    none,
    z.strictObject({
      /** Where the files go; null: nothing was chosen yet. Credentials are never answered. */
      target: targetConfig.nullable(),
      /** The upload that runs; null: none does. */
      progress: progress.nullable(),
      /** Shares that wait for an upload or for their files' removal. */
      waiting: z.int(),
      /** Why the last upload did not end; null: it did. */
      error: failure.nullable(),
      uploadedAt: moment.nullable(),
    }),
  ),
  /** Writes, reads back and removes a small file. `credentials` null: the stored ones. */
  'alwaysOn.checkTarget': command(
    'system_configuration',
    target,
    z.strictObject({ hostKey: z.string() }),
  ),
  /** Checks a web space as above and stores it; then everything is uploaded there. */
  'alwaysOn.setTarget': command('system_configuration', target, none),
  'alwaysOn.share': query(
    'customer_portal',
    z.strictObject({ id }),
    z.strictObject({
      state: z.enum(alwaysOnStates),
      /** The whole address, with its secret; empty: not switched on, or not to be opened here. */
      url: z.string(),
      uploadedAt: moment.nullable(),
      files: z.int(),
      bytes: z.int(),
      error: failure.nullable(),
    }),
  ),
  /** The states of all shares that are not `off`. */
  'alwaysOn.states': query(
    'customer_portal',
    none,
    z.array(z.strictObject({ id, state: z.enum(alwaysOnStates) })),
  ),
  /** `password`: the share's own, if it has one; it is checked. */
  'alwaysOn.enable': command(
    'customer_portal',
    z.strictObject({ id, password: z.string().max(1024).nullable().default(null) }),
    none,
  ),
  /** Deletes the share's files from the web space, now or as soon as it answers. */
  'alwaysOn.disable': command('customer_portal', z.strictObject({ id }), none),
  'alwaysOn.qr': query(
    'customer_portal',
    z.strictObject({ id }),
    z.strictObject({ svg: z.string() }),
  ),
  /** Uploads what waits, and looks on the web space for what does not belong there. */
  'alwaysOn.upload': command('customer_portal', none, none),
  'alwaysOn.cancel': command('customer_portal', none, none),
  /** A share's pages as one HTML file: a month, a year or all of it. */
  'alwaysOn.snapshot': command(
    'customer_portal',
    z.strictObject({
      id,
      /** Undefined: everything. */
      year: z.int().min(1).max(9999).optional(),
      month: z.int().min(1).max(12).optional(),
      /** Null: whoever has the file can read it. */
      password: newPassword.nullable().default(null),
      locale: z.string().max(20),
    }),
    z.strictObject({ fileName: z.string(), html: z.string() }),
  ),
};
