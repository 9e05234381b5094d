import { join } from 'node:path';
import { KEYTOOL } from '../java.ts';
import { runTool } from '../run-tool.ts';

/** Who may log in to a secured broker, by whatever mechanism. */
export const KAFKA_USER = { username: 'worker', password: 'quarry-lantern-41' } as const;

/** How long a login by token holds: whoever stays longer logs in again. */
export const TOKEN_SESSION_MS = 12_000;

const STORE_PASSWORD = 'millrace';
const SCRAM = ['SCRAM-SHA-256', 'SCRAM-SHA-512'];
const MODULES = 'org.apache.kafka.common.security';

/** A way in by TLS and with a login: its port, and the file with the broker's key. */
export type SecuredListener = Readonly<{ port: number; keyStore: string }>;

/** Makes a key for 127.0.0.1 whose certificate no authority signed, and gives its key store. */
export async function makeCertificate(directory: string): Promise<string> {
  const keyStore = join(directory, 'broker.p12');
  const store = ['-alias', 'broker', '-keystore', keyStore, '-storepass', STORE_PASSWORD];
  const subject = ['-dname', 'CN=broker', '-ext', 'san=ip:127.0.0.1'];
  const key = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '2', '-storetype', 'PKCS12'];
  await runTool(KEYTOOL, ['-genkeypair', ...store, ...key, ...subject]);
  await runTool(KEYTOOL, ['-exportcert', '-rfc', ...store, '-file', certificateIn(directory)]);
  return keyStore;
}

/** The certificate that was made there, as PEM. */
export function certificateIn(directory: string): string {
  return join(directory, 'broker.pem');
}

/** What the settings file of a broker says of that listener, which is named SECURED. */
export function securitySettings({ keyStore }: SecuredListener): Readonly<Record<string, string>> {
  const { username, password } = KAFKA_USER;
  const modules = {
    plain: `${MODULES}.plain.PlainLoginModule required user_${username}="${password}";`,
    ...Object.fromEntries(
      SCRAM.map((name) => [name.toLowerCase(), `${MODULES}.scram.ScramLoginModule required;`]),
    ),
    // Takes any token that names a user and is not out of date, signed by nobody.
    oauthbearer: `${MODULES}.oauthbearer.OAuthBearerLoginModule required;`,
  };
  const all = {
    'sasl.enabled.mechanisms': Object.keys(modules).join(',').toUpperCase(),
    'ssl.keystore.location': keyStore,
    'ssl.keystore.password': STORE_PASSWORD,
    'ssl.keystore.type': 'PKCS12',
    'oauthbearer.connections.max.reauth.ms': String(TOKEN_SESSION_MS),
    ...Object.fromEntries(
      Object.entries(modules).map(([mechanism, module]) => [`${mechanism}.sasl.jaas.config`, module]),
    ),
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [`listener.name.secured.${name}`, value]),
  );
}

/** The arguments of `kafka-storage format` that make the user known to SCRAM. */
export function scramUsers(): readonly string[] {
  const { username, password } = KAFKA_USER;
  return SCRAM.flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${username},password=${password}]`,
  ]);
}
