import type { Mechanism } from 'kafkajs';
import { z } from 'zod';
import { errorText, Failure } from '../../../streams/failure.ts';
import type { BringToken } from '../../config/server-settings.ts';

/** Bytes of the length that stands before an answer. */
const LENGTH_BYTES = 4;
const LONGEST_ANSWER = 300;
/** Between the parts of what is sent; RFC 7628, 3.1. */
const SEPARATOR = '\u0001';

const value = z.string().regex(/^[\x21-\x7e]{1,100000}$/);
const extensions = z.record(z.string().regex(/^(?!auth$)[A-Za-z]+$/), z.string().regex(/^[\x20-\x7e]*$/));
const BROUGHT = z.union([
  value.transform((text) => ({ value: text, extensions: {} })),
  z.object({ value, extensions: extensions.default({}) }),
]);
type Token = z.output<typeof BROUGHT>;

/**
 * The login by a token (SASL OAUTHBEARER, RFC 7628). kafkajs's own one does not read the broker's answer: a token that
 * was refused looks like a login, and the connection that breaks next like an outage.
 */
export function tokenLogin(bringToken: BringToken): Mechanism {
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ saslAuthenticate }) => ({
      authenticate: async () => {
        const token = await tokenFrom(bringToken);
        const refusal = await saslAuthenticate({
          request: { encode: () => withLength(messageOf(token)) },
          response: {
            decode: (raw) => raw.subarray(LENGTH_BYTES),
            parse: (answer) => answer.toString('utf8', 0, LONGEST_ANSWER),
          },
        });
        if (refusal) throw refused(refusal);
      },
    }),
  };
}

async function tokenFrom(bringToken: BringToken): Promise<Token> {
  const brought: unknown = await bringToken().catch((cause: unknown) => {
    if (cause instanceof Failure) throw cause;
    throw new Failure('outage', 'kafka_token', `Kafka: kafkaToken brought no token: ${errorText(cause)}`, {
      cause,
    });
  });
  const token = BROUGHT.safeParse(brought);
  if (token.success) return token.data;
  // What came is not shown: it may be most of a token.
  const text =
    'Kafka: kafkaToken brought no token: expected its text, without blanks, or ' +
    `{ value, extensions: { name: 'text' } }; got another ${typeof brought}.`;
  throw new Failure('fatal', 'bad_setting', text);
}

function messageOf({ value, extensions }: Token): string {
  const pairs = Object.entries(extensions).map(([name, text]) => `${name}=${text}`);
  return ['n,,', `auth=Bearer ${value}`, ...pairs, SEPARATOR].join(SEPARATOR);
}

function withLength(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function refused(answer: string): Failure {
  const text = `Kafka refused the token that kafkaToken brought: ${answer}. Check its audience, its scope and until when it is valid.`;
  return new Failure('fatal', 'kafka_refused', text);
}
