/** How the answer ended: the names of OpenAI, and `error` where the server gave up on it. */
const MEANT: ReadonlyMap<string, string> = new Map([
  // vLLM and OpenAI; Anthropic; Gemini; Mistral; Cohere; TGI.
  ...named(
    'length',
    `length maxtokens maxoutputtokens maxcompletiontokens maxnewtokens maxlength modellength
     modelcontextwindowexceeded contextwindowexceeded contextlength contextlengthexceeded contextlimit
     tokenlimit tokenlimitreached errorlimit lengthlimit outputlimit truncated incomplete limit`,
  ),
  // Azure; Zhipu; Gemini; Bedrock; Anthropic; Cohere.
  ...named(
    'content_filter',
    `contentfilter contentfiltered contentfiltering contentblocked contentmoderation sensitive safety
     imagesafety prohibitedcontent imageprohibitedcontent recitation blocklist spii modelarmor
     guardrailintervened guardrail guardrails refusal refused errortoxic toxic unsafe moderation
     moderated flagged filtered filter blocked censored datainspectionfailed policyviolation
     contentpolicyviolation`,
  ),
  // OpenRouter; DeepSeek; Zhipu; vLLM's abort; Gemini.
  ...named(
    'error',
    `error errors servererror internalerror networkerror upstreamerror providererror
     insufficientsystemresource insufficientresources outofresources outofresource outofmemory
     resourceexhausted overloaded capacity timeout timedout failed failure abort aborted cancelled
     canceled usercancel preempted malformedfunctioncall malformedresponse`,
  ),
]);

/** A finish reason under OpenAI's name, however the server spells it: `MAX_TOKENS`, `FinishReason.SAFETY`. Others stay. */
export function finishReasonOf(spelled: string): string {
  const plain = spelled
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .replace(/^finishreason/, '');
  return MEANT.get(plain) ?? spelled;
}

/** @param names with white space between them. */
function named(meaning: string, names: string): [string, string][] {
  return names.split(/\s+/).map((name) => [name, meaning]);
}
