import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module'; import { dirname, join } from 'node:path';
import { depthwiseConv2D, sparseConv1x1, sparseSeparableConv2D, packWeights } from '@tfjs-sparse/sparse-matmul';
setWasmPaths(join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')), '/'));
await tf.setBackend('wasm');
const cpu=()=>{const u=process.cpuUsage(); return (u.user+u.system)/1000};
for (const [h,C,O,s,B] of [[7,8,12,1,1],[9,12,20,2,2],[5,16,9,1,4],[112,32,64,1,1],[56,128,128,1,1],[28,256,256,1,1],[14,512,512,1,1],[7,1024,1024,1,1],[56,128,128,2,1],[28,256,256,1,4]]) {
  const x=tf.randomNormal([1,h,h,C]), f=tf.randomNormal([3,3,C,1]), fb=tf.randomNormal([C]), b=tf.randomNormal([O]);
  const d=new Float32Array(C*O); for(let i=0;i<C;i++)for(let o=0;o<O;o+=B) if(Math.random()<.1) for(let k=o;k<Math.min(o+B,O);k++) d[i*O+k]=Math.random()-.5;
  const {pattern,values}=packWeights(d,[C,O],{blockOutputs:B});
  const v=tf.tensor2d(values,[pattern.blockCount,B]);
  const A=()=>{const m=depthwiseConv2D(x,f,{strides:s,padding:'same',bias:fb,activation:'relu'}); const y=sparseConv1x1(m,v,pattern,{bias:b,activation:'relu6'}); m.dispose(); return y;};
  const F=()=>sparseSeparableConv2D(x,f,v,pattern,{strides:s,padding:'same',filterBias:fb,filterActivation:'relu',bias:b,activation:'relu6'});
  const T=()=>{const m=tf.fused.depthwiseConv2d({x,filter:f,strides:s,pad:'same',bias:fb,activation:'relu'}); m.dispose()};
  const err=tf.max(tf.abs(tf.sub(A(),F()))).dataSync()[0];
  const n=Math.ceil(3e7/(h*h*C*9*2)); const ta=[],tb=[];
  for(let i=0;i<15;i++){ let t=cpu(); for(let j=0;j<n;j++)A().dispose(); const q=cpu()-t; t=cpu(); for(let j=0;j<n;j++)F().dispose(); const r=cpu()-t; if(i>2){ta.push(q/n);tb.push(r/n);} }
  const m=a=>a.sort((x,y)=>x-y)[a.length>>2];
  console.log(h,C,O,s,B,'err',err,'separate',m(ta).toFixed(3),'fused',m(tb).toFixed(3),(m(ta)/m(tb)).toFixed(2));
}
