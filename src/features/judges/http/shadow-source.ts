import type { ShadowRepository } from '../../../stages/store/shadow-repository.ts';
import type { LaneName, QuestionId } from '../../../streams/work/work.ts';
import type { ShadowDetail, ShadowReportBody } from './schemas.ts';

/** What is known of shadow judges. Rejections are Failures, of kind `outage` while the store is away. */
export type ShadowSource = Readonly<{
  reports(): Promise<readonly ShadowReportBody[]>;
  /** By day for so many days (UTC) up to now; `undefined` where no shadow of this name ever was. */
  report(name: string, days: number): Promise<ShadowDetail | undefined>;
  /** Of a question; `undefined` where it is not at hand. */
  textOf(lane: LaneName, questionId: QuestionId): Promise<string | undefined>;
  shadows: Pick<ShadowRepository, 'shadows' | 'disagreements'>;
}>;
