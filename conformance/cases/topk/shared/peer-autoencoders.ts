export const readAutoencoder = () => null;
