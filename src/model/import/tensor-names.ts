import type { BlockTensorNames, TensorName } from './preset.ts';

/** What a framework calls the tensors of a convolution and of a batch norm. */
type Framework = Readonly<Record<keyof BlockTensorNames, string>> & { readonly separator: string };

const TENSORFLOW: Framework = {
  separator: '/',
  kernel: 'kernel',
  bias: 'bias',
  gamma: 'gamma',
  beta: 'beta',
  mean: 'moving_mean',
  variance: 'moving_variance',
};

const PYTORCH: Framework = {
  separator: '.',
  kernel: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
};

const CHAINER: Framework = {
  separator: '/',
  kernel: 'W',
  bias: 'b',
  gamma: 'gamma',
  beta: 'beta',
  mean: 'avg_mean',
  variance: 'avg_var',
};

const FRAMEWORKS = { tensorflow: TENSORFLOW, pytorch: PYTORCH, chainer: CHAINER };

/**
 * Names of a block's tensors: the name of its convolution or batch norm, and the framework's name of the tensor.
 *
 * @example
 * tensorNames('pytorch', (index) => `conv.${index}`, (index) => `norm.${index}`).mean(0, 6, 0); // norm.0.running_mean
 */
export function tensorNames(
  framework: keyof typeof FRAMEWORKS,
  convolution: TensorName,
  norm: TensorName,
): BlockTensorNames {
  const { separator, ...names } = FRAMEWORKS[framework];
  const of =
    (layer: TensorName, tensor: string): TensorName =>
    (...block) =>
      `${layer(...block)}${separator}${tensor}`;
  return {
    kernel: of(convolution, names.kernel),
    bias: of(convolution, names.bias),
    gamma: of(norm, names.gamma),
    beta: of(norm, names.beta),
    mean: of(norm, names.mean),
    variance: of(norm, names.variance),
  };
}
