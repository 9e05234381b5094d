import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { KafkaConfig } from 'kafkajs';
import { errorText, Failure } from '../../../streams/failure.ts';
import { environmentVariable } from '../../config/environment-variable.ts';
import type { Settings } from '../../config/settings.ts';
import { tokenLogin } from './token-login.ts';

type SecuritySettings = Pick<Settings, 'kafkaSsl' | 'kafkaCaFile' | 'kafkaSasl' | 'kafkaToken'>;
type Security = Pick<KafkaConfig, 'ssl' | 'sasl'>;

/**
 * TLS and the login to Kafka, as the settings have them. Throws a Failure (`bad_setting`) for a file without a
 * certificate and for a password that is not there.
 */
export async function kafkaSecurity(settings: SecuritySettings): Promise<Security> {
  const { kafkaSsl, kafkaCaFile } = settings;
  const ssl = kafkaCaFile === undefined ? kafkaSsl : { ca: await certificatesIn(kafkaCaFile) };
  const sasl = loginOf(settings);
  return sasl === undefined ? { ssl } : { ssl, sasl };
}

async function certificatesIn(path: string): Promise<string> {
  try {
    const pem = await readFile(path, 'utf8');
    // Node's TLS passes over a text that holds none, and then trusts nobody.
    new X509Certificate(pem);
    return pem;
  } catch (cause) {
    const text = `Cannot use the kafkaCaFile ${path}: expected a file with certificates in PEM; ${errorText(cause)}.`;
    throw new Failure('fatal', 'bad_setting', text, { cause });
  }
}

function loginOf({ kafkaSasl, kafkaToken }: SecuritySettings): Security['sasl'] {
  if (kafkaToken !== undefined) return tokenLogin(kafkaToken);
  if (kafkaSasl === undefined) return undefined;
  const { mechanism, username, passwordVariable } = kafkaSasl;
  const login = { username, password: passwordFrom(passwordVariable) };
  switch (mechanism) {
    case 'plain':
      return { mechanism, ...login };
    case 'scram-sha-256':
      return { mechanism, ...login };
    case 'scram-sha-512':
      return { mechanism, ...login };
    default:
      return mechanism satisfies never;
  }
}

function passwordFrom(variable: string): string {
  const password = environmentVariable(variable);
  if (password === undefined) {
    const message = `The password for Kafka is expected in ${variable}, which is not set.`;
    throw new Failure('fatal', 'bad_setting', message);
  }
  return password;
}
