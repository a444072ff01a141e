/** Beginnings of works by Shakespeare that are not in the training text. */
export const samplePassages: readonly { readonly title: string; readonly text: string }[] = [
  {
    title: 'Hamlet',
    text: `HAMLET:
To be, or not to be, that is the question:
Whether 'tis nobler in the mind to suffer
The slings and arrows of outrageous fortune,
Or to take arms against a sea of troubles,
And by opposing end them.

OPHELIA:
Good my lord,
How does your honour for this many a day?
`,
  },
  {
    title: 'Sonnet 18',
    text: `Shall I compare thee to a summer's day?
Thou art more lovely and more temperate:
Rough winds do shake the darling buds of May,
And summer's lease hath all too short a date;
`,
  },
  {
    title: 'Macbeth',
    text: `FIRST WITCH:
When shall we three meet again?
In thunder, lightning, or in rain?

SECOND WITCH:
When the hurlyburly's done,
When the battle's lost and won.

THIRD WITCH:
That will be ere the set of sun.
`,
  },
  {
    title: 'Twelfth Night',
    text: `ORSINO:
If music be the food of love, play on;
Give me excess of it, that, surfeiting,
The appetite may sicken, and so die.
That strain again! it had a dying fall.
`,
  },
];
