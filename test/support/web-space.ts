import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import S3rver from 's3rver';
import { findFreePort } from './free-port.ts';

/**
 * Real servers that hold files, each as the test's own user on a free port of this computer: what
 * owners have at their hosters. All of them serve or take the one folder `files`.
 */
export interface WebSpace {
  /** What lies on the web space. */
  files: string;
  /** nginx: `files` as `http`, and below `faulty` what goes wrong at hosters. */
  url: string;
  /** The same over `https`, with a certificate that nobody vouches for. */
  httpsUrl: string;
  webdav: { url: string; user: string; password: string; readOnlyUrl: string };
  sftp: { port: number; readOnlyPort: number; user: string; privateKey: string; hostKey: string };
  /** `trustedHost`: under this name the certificate is one that this process trusts. */
  ftps: { port: number; readOnlyPort: number; user: string; password: string; trustedHost: string };
  s3: {
    endpoint: string;
    readOnlyEndpoint: string;
    wrongSecretEndpoint: string;
    bucket: string;
    accessKeyId: string;
    secret: string;
  };
  /** What the public address does wrong: the address of a folder that does it. */
  faulty: (fault: Fault) => string;
  close(): Promise<void>;
}
export type Fault = 'login' | 'redirect' | 'forbidden' | 'plain' | 'policy' | 'elsewhere';

const webdavModule = '/usr/lib/nginx/modules/ngx_http_dav_ext_module.so';

/** Where Debian keeps what is not on everybody's path. */
const program = (name: string): string =>
  ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path)) ?? name;

/** Programs of Debian that are not there; `.ci/run` installs them. Tests are skipped without them. */
export const missingServers: readonly string[] = [
  'nginx',
  'sshd',
  'vsftpd',
  'openssl',
  'ssh-keygen',
]
  .filter((name) => !program(name).startsWith('/'))
  .concat(existsSync(webdavModule) ? [] : ['libnginx-mod-http-dav-ext']);

export async function startWebSpace(): Promise<WebSpace> {
  const folder = mkdtempSync(join(tmpdir(), 'web space-'));
  const files = join(folder, 'files');
  mkdirSync(files);
  const running: ChildProcess[] = [];
  const start = async (name: string, args: string[], ...ports: number[]): Promise<void> => {
    const output: Buffer[] = [];
    const child = spawn(program(name), args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (bytes: Buffer) => output.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => output.push(bytes));
    running.push(child);
    for (const port of ports) await accepting(port, child, () => Buffer.concat(output).toString());
  };
  const port = async () => findFreePort();
  const certificate = makeCertificate(folder, 'trusted');
  const unknown = makeCertificate(folder, 'unknown');
  setDefaultCACertificates([
    ...getCACertificates('default'),
    readFileSync(certificate.file, 'utf8'),
  ]);

  const s3 = await startS3(join(folder, 's3'));
  const nginx = { http: await port(), https: await port() };
  const config = nginxConfig(folder, files, nginx, unknown, s3.port);
  writeFileSync(join(folder, 'nginx.conf'), config);
  await start('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], nginx.http, nginx.https);
  const sftp = await startSshd(folder, start);
  const ftps = await startFtp(folder, files, certificate, start);

  const url = `http://127.0.0.1:${nginx.http}`;
  const httpsUrl = `https://127.0.0.1:${nginx.https}`;
  const s3Keys = { bucket: 'pages', accessKeyId: 'S3RVER', secret: 'S3RVER' };
  return {
    files,
    url,
    httpsUrl,
    webdav: {
      url: `${url}/dav`,
      readOnlyUrl: `${url}/dav-read`,
      user: 'owner',
      password: 'geheim',
    },
    sftp,
    ftps,
    s3: {
      endpoint: `http://127.0.0.1:${s3.port}`,
      readOnlyEndpoint: `${url}/s3-read`,
      wrongSecretEndpoint: `${url}/s3-wrong-secret`,
      ...s3Keys,
    },
    faulty: (fault) => `${url}/${fault}`,
    async close() {
      await Promise.all(running.map(ended));
      await s3.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    child.once('exit', () => resolve());
    child.kill();
  });
}

/** Resolves once something accepts connections; throws if the program has ended. */
async function accepting(port: number, child: ChildProcess, said: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended: ${said()}`);
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Certificate {
  file: string;
  key: string;
}

function makeCertificate(folder: string, name: string): Certificate {
  const [file, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', `/CN=${name}`].concat(
      ['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', file],
    ),
    { stdio: 'ignore' },
  );
  return { file, key };
}

function nginxConfig(
  folder: string,
  files: string,
  ports: { http: number; https: number },
  { file, key }: Certificate,
  s3Port: number,
): string {
  const sha = createHash('sha1').update('geheim').digest('base64');
  writeFileSync(join(folder, 'users'), `owner:{SHA}${sha}\n`);
  mkdirSync(join(folder, 'empty'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path "${folder}/${name}";`)
    .join('\n');
  const types =
    'types { text/html html; text/css css; text/javascript js; application/json json; }';
  const common = `
    auth_basic "files"; auth_basic_user_file "${folder}/users";
    alias "${files}/"; dav_ext_methods PROPFIND OPTIONS; client_max_body_size 50m;`;
  return `
load_module ${webdavModule};
daemon off; master_process off;
pid "${folder}/nginx.pid"; error_log "${folder}/nginx.log";
events { worker_connections 512; }
http {
  ${temporary}
  access_log off;
  ${types}
  default_type application/octet-stream;
  gzip on; gzip_types text/css text/javascript application/json; gzip_comp_level 6; gzip_min_length 256;
  server {
    listen 127.0.0.1:${ports.http};
    charset utf-8;
    root "${files}";
    location /dav/ { ${common} dav_methods PUT DELETE MKCOL MOVE; }
    location /dav-read/ { ${common} limit_except GET PROPFIND { deny all; } }
    location /login/ { default_type text/html; return 200 "<!doctype html><html><form>Sign in</form></html>"; }
    location /redirect/ { return 302 /login/; }
    location /forbidden/ { return 403; }
    location /plain/ { alias "${files}/"; types { } default_type text/plain; }
    location /policy/ { alias "${files}/"; add_header Content-Security-Policy "default-src 'none'; sandbox"; }
    location /elsewhere/ { alias "${folder}/empty/"; }
    # s3rver takes every secret, since it does not compute signatures of version 4.
    location /s3-wrong-secret/ { default_type application/xml; return 403 "<Error><Code>SignatureDoesNotMatch</Code></Error>"; }
    location /s3-read/ { limit_except GET { deny all; } proxy_pass http://127.0.0.1:${s3Port}/; }
  }
  server {
    listen 127.0.0.1:${ports.https} ssl;
    ssl_certificate "${file}"; ssl_certificate_key "${key}";
    root "${files}";
  }
}
`;
}

type Start = (name: string, args: string[], ...ports: number[]) => Promise<void>;

async function startSshd(folder: string, start: Start): Promise<WebSpace['sftp']> {
  const hostKey = join(folder, 'host-key');
  const userKey = join(folder, 'user-key');
  for (const file of [hostKey, userKey]) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  }
  // Started by root, sshd asks for its folder.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const [port, readOnlyPort] = [await findFreePort(), await findFreePort()];
  writeFileSync(
    join(folder, 'sshd.conf'),
    `
ListenAddress 127.0.0.1:${port}
ListenAddress 127.0.0.1:${readOnlyPort}
HostKey "${hostKey}"
AuthorizedKeysFile "${userKey}.pub"
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
PermitRootLogin yes
Subsystem sftp internal-sftp
Match LocalPort ${readOnlyPort}
  ForceCommand internal-sftp -R
`,
  );
  await start('sshd', ['-D', '-e', '-f', join(folder, 'sshd.conf')], port, readOnlyPort);
  const shown = execFileSync('ssh-keygen', ['-l', '-f', `${hostKey}.pub`], { encoding: 'utf8' });
  return {
    port,
    readOnlyPort,
    user: userInfo().username,
    privateKey: readFileSync(userKey, 'utf8'),
    hostKey: /SHA256:(\S+)/.exec(shown)![1]!,
  };
}

/** vsftpd with a list of passwords: no account of the system is needed, so no root. */
async function startFtp(
  folder: string,
  files: string,
  { file, key }: Certificate,
  start: Start,
): Promise<WebSpace['ftps']> {
  writeFileSync(join(folder, 'ftp-passwords'), 'geheim\n');
  const ports = [await findFreePort(), await findFreePort()];
  for (const [index, port] of ports.entries()) {
    const name = join(folder, `vsftpd-${index}.conf`);
    const writes = index === 0 ? 'YES' : 'NO';
    // Its own words are `name=value`, without quotes and blanks around.
    writeFileSync(
      name,
      `listen=YES
listen_address=127.0.0.1
listen_port=${port}
background=NO
run_as_launching_user=YES
anonymous_enable=YES
local_enable=NO
write_enable=YES
anon_upload_enable=${writes}
anon_mkdir_write_enable=${writes}
anon_other_write_enable=${writes}
anon_umask=022
anon_world_readable_only=NO
ftp_username=${userInfo().username}
anon_root=${files}
secure_email_list_enable=YES
email_password_file=${join(folder, 'ftp-passwords')}
ssl_enable=YES
allow_anon_ssl=YES
force_anon_logins_ssl=YES
force_anon_data_ssl=YES
rsa_cert_file=${file}
rsa_private_key_file=${key}
xferlog_enable=NO
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
secure_chroot_dir=${folder}
`,
    );
    chmodSync(name, 0o600);
    await start('vsftpd', [name], port);
  }
  return {
    port: ports[0]!,
    readOnlyPort: ports[1]!,
    user: 'anonymous',
    password: 'geheim',
    trustedHost: 'localhost',
  };
}

async function startS3(folder: string): Promise<{ port: number; close(): Promise<void> }> {
  mkdirSync(folder);
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: folder,
    configureBuckets: [{ name: 'pages', configs: [] }],
  });
  const { port } = await server.run();
  return { port, close: () => server.close() };
}
