import './register.js';
import { registerDenseGradients } from './dense-gradients/register.js';

registerDenseGradients();
