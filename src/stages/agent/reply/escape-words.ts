/**
 * What is left of a command of LaTeX (https://www.latex-project.org/help/documentation/), or of a name in a Windows path,
 * where JSON has read its backslash and first letter as a line end, a tab or a carriage return. The `sure` ones begin no
 * line of prose or code; the others are words and names as well.
 */
type Tails = Readonly<{ sure: RegExp; perhaps: RegExp; path: RegExp }>;
export type SpaceLetter = 'n' | 't' | 'r';

function tails(sure: string, perhaps: string, path: string): Tails {
  const one = (words: string) => new RegExp(`^(?:${words.split(' ').join('|')})(?![A-Za-z])`);
  return {
    sure: one(sure),
    perhaps: one(perhaps),
    path: new RegExp(`^(?:${path.split(' ').join('|')})`, 'i'),
  };
}

export const TAILS: Readonly<Record<SpaceLetter, Tails>> = {
  n: tails(
    'abla atural earrow eq eqq ewcommand ewline ewpage ewtheorem ewenvironment oindent onumber olimits otin otni obreak ormalsize subset subseteq supset supseteq leq leqslant geq geqslant gtr icefrac warrow umberwithin leftarrow vdash vDash Rightarrow Leftarrow triangleleft triangleright ull(?=\\{) um(?=\\{)',
    'e eg exists i less mid parallel prec succ sim cong ot u ull rightarrow um ames oalign',
    'ew odejs odes? ginx etwork ets? otes? otebooks? pm uget ode_modules ames? umpy atwest',
  ),
  t: tails(
    'heta imes herefore hinspace hickapprox hicksim ilde riangle riangleq riangledown rianglelefteq rianglerighteq extbf extit extrm exttt extsc extsf extup extcolor extstyle extwidth ext(?=\\{) frac(?=\\{) binom(?=\\{) ag(?=\\{) anh woheadrightarrow woheadleftarrow itle(?=\\{) ableofcontents inymath abular abcolsep abularx hepage hesection hispagestyle',
    'o au an ext ag op frac binom iny oday itle imes op',
    'emp mp ests? ools? oolbox arget rash raining asks? humbs emplates? ext emporary',
  ),
  r: tails(
    'ho ight ightarrow ightharpoonup ightharpoondown ightleftharpoons ightleftarrows ightsquigarrow ightthreetimes ceil rangle angle floor vert Vert m enewcommand isingdotseq brace brack group moustache times ef(?=\\{) eal oot ule(?=[\\[{])',
    'e',
    'epos? eports? esources? eleases? oaming oot uns? ead emote aw',
  ),
};
