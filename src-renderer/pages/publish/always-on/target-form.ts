import type {
  TargetConfig,
  TargetCredentials,
  TargetKind,
} from '../../../../src-shared/contract/always-on.ts';

/** All fields of all kinds, so that changing the kind forgets nothing that was typed. */
export interface TargetForm {
  kind: TargetKind;
  publicUrl: string;
  folder: string;
  host: string;
  port: number | null;
  user: string;
  url: string;
  endpoint: string;
  region: string;
  bucket: string;
  hostKey: string;
  secret: string;
  privateKey: string;
}

export const kinds: readonly TargetKind[] = ['sftp', 'ftps', 'webdav', 's3', 'folder'];

const empty: TargetForm = {
  kind: 'sftp',
  ...{ publicUrl: '', folder: '', host: '', port: null, user: '', url: '', endpoint: '' },
  ...{ region: 'auto', bucket: '', hostKey: '', secret: '', privateKey: '' },
};

export const usualPort = (kind: TargetKind): number => (kind === 'ftps' ? 21 : 22);

/** The stored web space as a form; credentials are never answered, so they are empty. */
export function formOf(config: TargetConfig | null): TargetForm {
  if (config === null) return { ...empty };
  const form = { ...empty, ...config };
  return config.kind === 's3' ? { ...form, user: config.accessKeyId } : form;
}

export function configOf(form: TargetForm): TargetConfig {
  const publicUrl = form.publicUrl.trim();
  const folder = form.folder.trim();
  const { kind, user } = form;
  const server = { host: form.host.trim(), port: form.port ?? usualPort(kind), user, folder };
  switch (kind) {
    case 'folder':
      return { kind, folder, publicUrl };
    case 'sftp':
      return { kind, ...server, hostKey: form.hostKey, publicUrl };
    case 'ftps':
      return { kind, ...server, publicUrl };
    case 'webdav':
      return { kind, url: form.url.trim(), user, publicUrl };
    case 's3': {
      const { endpoint, region, bucket } = form;
      const place = { endpoint: endpoint.trim(), region: region.trim(), bucket: bucket.trim() };
      return { kind, ...place, folder, accessKeyId: user, publicUrl };
    }
  }
}

/** Null: nothing was typed, so the stored ones are meant. */
export function credentialsOf(form: TargetForm, isStored: boolean): TargetCredentials | null {
  const { kind, secret, privateKey } = form;
  if (isStored && secret === '' && privateKey === '' && kind !== 'folder') return null;
  return { secret, privateKey: kind === 'sftp' ? privateKey : '' };
}

/** Fields that a kind needs and that are empty. */
export function missingFields(form: TargetForm): (keyof TargetForm)[] {
  const needed: Record<TargetKind, (keyof TargetForm)[]> = {
    folder: ['folder'],
    sftp: ['host', 'user'],
    ftps: ['host', 'user'],
    webdav: ['url', 'user'],
    s3: ['endpoint', 'bucket', 'user'],
  };
  const fields: (keyof TargetForm)[] = [...needed[form.kind], 'publicUrl'];
  return fields.filter((field) => String(form[field] ?? '').trim() === '');
}
