/** The classes of Fashion-MNIST, in the order of the model's probabilities. */
export const labels = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const;

export type Label = (typeof labels)[number];
