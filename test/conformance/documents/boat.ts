/** Manuals of a boat, in which common words stand in many documents and rare ones in few. */
export const BOAT: Readonly<Record<string, string>> = {
  'oil.md':
    '# Oil pressure\n\nThe oil pressure at idle is 1.8 bar. Below 1.2 bar the engine must be stopped at once.',
  'oil-change.md':
    '# Changing the oil\n\nThe oil of the engine is changed every 200 hours, while the engine is warm.',
  'idle.md':
    '# Idle speed\n\nThe speed at idle is 750 turns a minute. The screw for it is on top of the pump.',
  'water.md':
    '# Cooling water\n\nThe impeller of the pump is changed every 500 hours. A worn impeller lets the engine run hot.',
  'spare-parts.md':
    '# Spare parts\n\nA belt, two filters, an impeller and a can of paint belong on board of the boat.',
  'winter.md': '# Winter\n\nDrain the water before the frost, and take the sails ashore. Cover the boat.',
  'batteries.md':
    '# Batteries in winter storage\n\nCharge the batteries in storage once a month. The batteries of the engine too.',
  'sails.md': '# Sails\n\nReef the sail at five winds. The second reef follows at six.',
  'paint.md': '# Paint\n\nThe hull of the boat is painted every two years, while the weather is dry.',
  'radio.md': '# Radio\n\nThe radio of the boat is on channel 16. Press the red key for help.',
};
