/** What kafkajs and Node say of an error and of all that caused it. */
export type ErrorFacts = Readonly<Record<'names' | 'types' | 'codes', readonly (string | undefined)[]>>;

const LOGIN_NAMES = ['KafkaJSSASLAuthenticationError'];
const LOGIN_TYPES = ['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM'];
const UNKNOWN_ISSUER = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];
const OTHER_NAME = 'ERR_TLS_CERT_ALTNAME_INVALID';

/** What a person checks when brokers refuse a login, or show a certificate that is not accepted; else nothing. */
export function refusalAdvice({ names, types, codes }: ErrorFacts): string {
  if (LOGIN_NAMES.some((name) => names.includes(name)) || LOGIN_TYPES.some((type) => types.includes(type)))
    return (
      '. Check kafkaSasl: the mechanism, the username, and the password in the variable that passwordVariable names; ' +
      'for OAuth, kafkaToken'
    );
  if (UNKNOWN_ISSUER.some((code) => codes.includes(code)))
    return '. No authority that is known here signed the certificate of the broker: give the file with the one that did as kafkaCaFile';
  if (codes.includes(OTHER_NAME))
    return '. Name the brokers (--kafka or MILLRACE_KAFKA) as their certificate does';
  return '';
}
