/**
 * Error codes of model servers, in small letters, by what has to be done. Sources: the pages on error codes of OpenAI, Azure,
 * Anthropic, Zhipu, Alibaba's DashScope, Moonshot, MiniMax, ByteDance's Ark, Baidu's Qianfan, StepFun, SiliconFlow, and the
 * gateways New API and LiteLLM.
 */

/** It does not end by waiting a moment: somebody has to pay, to raise a limit, or to wait for the next day. */
export const QUOTA_CODES: ReadonlySet<string> = new Set([
  ...['insufficient_quota', 'credit_balance_exhausted', 'billing_hard_limit_reached', 'billing_not_active'],
  ...['organization_spend_limit_exceeded', 'project_spend_limit_exceeded'],
  ...['organization_usage_limit_exceeded', 'insufficient_balance', 'insufficient_credits', 'out_of_credits'],
  ...['credit_balance_too_low', 'billing_error', 'quota_exhausted', 'payment_required'],
  // Moonshot, New API, LiteLLM, StepFun.
  ...['exceeded_current_quota_error', 'insufficient_user_quota', 'pre_consume_token_quota_failed'],
  ...['budget_exceeded', 'balance_not_enough', 'insufficientbalance'],
  // DashScope, Ark, Qianfan.
  ...['arrearage', 'allocationquota.freetieronly', 'accountoverdueerror', 'account_overdue'],
  ...['setlimitexceeded', 'inferencelimitexceeded'],
  // Zhipu: in arrears, no package; MiniMax: no balance; SiliconFlow: no balance.
  ...['1113', '1112', '1121', '1308', '1309', '1310', '1008', '30001'],
]);

/** The prompt as it is can never work. */
export const PROMPT_CODES: ReadonlySet<string> = new Set([
  ...['context_length_exceeded', 'string_above_max_length', 'invalid_prompt', 'exceed_context_size_error'],
  ...['context_window_exceeded', 'prompt_too_long', 'request_too_large', '1261'],
]);

/** A filter, a moderation or a firewall does not like the prompt. */
export const FLAGGED_CODES: ReadonlySet<string> = new Set([
  ...['content_filter', 'content_policy_violation', 'responsibleaipolicyviolation', 'flagged'],
  ...['moderation_blocked', 'content_blocked', 'guardrail_violation', 'safety_check_failed'],
  // DashScope, Zhipu, StepFun, MiniMax, Ark.
  ...['data_inspection_failed', 'datainspectionfailed', '1301', 'censorship_blocked', '1026'],
  ...['inputtextsensitivecontentdetected', 'sensitivecontentdetected', 'outputtextsensitivecontentdetected'],
]);

/** A setting of the request that the model does not take. */
export const SETTING_CODES: ReadonlySet<string> = new Set([
  'unsupported_parameter',
  'unsupported_value',
  'unknown_parameter',
]);
