import type { checkpointErrors as english } from '../../en/errors/checkpoint.ts';
import type { Translated } from '../../translated.ts';

const SAVE_TENSORS = '请用 PyTorch 载入，只保存张量：torch.save(model.state_dict(), "weights.pt")。';
const DO_NOT_TRUST = '请勿信任此文件，请从别处获取模型。';
const ONE_FOLDER = '请选择单个模型文件夹的 zip，或 .npz 检查点。';
const FORMATS =
  '请选择 Chainer 的 .npz、.safetensors 文件、PyTorch 的 .pt、.pth 或 .ckpt 文件、TensorFlow 检查点的 .index 和 .data 文件，或转换好的模型。';

/** 由人添加的模型：其他系统的检查点。{what} 是英文的技术细节。 */
export const checkpointErrors: Translated<typeof english> = {
  'checkpoint.no-file': { message: '没有文件。', hint: FORMATS },
  'checkpoint.no-model': { message: '这 {count} 个文件不是模型。', hint: FORMATS },
  'checkpoint.unknown-format': { message: '{name} 无法导入。', hint: FORMATS },
  'checkpoint.pickle': {
    message: '{name} 无法导入。',
    hint: '它像是 Python 的 pickle：请用 torch.save 保存其中的数组，或保存为 .safetensors 或 .npz。',
  },
  'checkpoint.hdf5': {
    message: '{name} 无法导入。',
    hint: '它像是 HDF5 文件：请将其权重保存为 .npz 或 .safetensors，参见 docs/converting.md。',
  },
  'checkpoint.several': { message: '有多个检查点：{names}。', hint: '请只选择其中一个的 .index 和 .data 文件。' },
  'checkpoint.part': { message: '{name} 只是 TensorFlow 检查点的一部分。', hint: '请与 {names} 一起选择。' },
  'checkpoint.path-missing': { message: '缺少 {path}。', hint: '请选择模型的整个文件夹。' },

  'checkpoint.npz-not-zip': { message: '{name} 的开头不像 .npz 文件那样是 zip。', hint: '请重新获取该文件。' },
  'checkpoint.npz-entry': {
    message: '{where} 不是 .npz：其中的“{entry}”不是 NumPy 数组（.npy）。',
    hint: '请选择由 Chainer 的 save_npz 或 NumPy 的 savez 保存的文件。',
  },
  'checkpoint.npy': { message: '无法将 {where} 读作 NumPy 数组（.npy）：{what}。', hint: '请重新保存检查点。' },
  'checkpoint.too-large': {
    message: '{where} 的数组会超过 {bytes} 字节。',
    hint: '请只选择网络的检查点，而不是整个数据集。',
  },
  'checkpoint.safetensors': { message: '{where} 不是完整的 safetensors 文件：{what}。', hint: '请重新导出权重。' },
  'checkpoint.metadata': { message: '{where} 的元数据“unsung”不是 JSON 对象。', hint: '请重新导出权重。' },
  'checkpoint.tensorflow': {
    message: '无法将 {where} 读作 TensorFlow 检查点：{what}。',
    hint: '请选择由 tf.train.Saver 或 tf.estimator 保存的同一检查点的 .index 文件和全部 .data 文件；如已损坏，请重新复制。',
  },
  'checkpoint.pytorch': {
    message: '无法将 {where} 读作 PyTorch 检查点：{what}。',
    hint: '请重新获取该文件，或用 torch.save(model.state_dict(), "weights.pt") 重新保存。',
  },
  'checkpoint.runs-code': { message: '拒绝 {where}：它会让 Python 运行“{name}”。', hint: DO_NOT_TRUST },
  'checkpoint.unread-object': { message: '{where} 中有由“{name}”生成的内容，此处无法读取。', hint: SAVE_TENSORS },
  'checkpoint.object': { message: '{where} 中是 Python 对象“{name}”，没有张量。', hint: SAVE_TENSORS },

  'checkpoint.zip': {
    message: '无法将 {where} 读作 zip：{what}。',
    hint: '请重新获取该文件，或重新打包为不带密码的普通 zip。',
  },
  'checkpoint.zip-no-manifest': { message: '{where} 不是转换好的模型：没有 manifest.json。', hint: ONE_FOLDER },
  'checkpoint.zip-several': { message: '{where} 中有多个模型。', hint: ONE_FOLDER },
  'checkpoint.zip-link': { message: '拒绝 {where}：其中的“{name}”是链接。', hint: DO_NOT_TRUST },
  'checkpoint.zip-path': { message: '拒绝 {where}：其中的“{name}”指向文件夹之外。', hint: DO_NOT_TRUST },

  'checkpoint.no-tensors': { message: '{where} 中没有张量。', hint: '请重新获取该文件。' },
  'checkpoint.unknown-network': {
    message: '{where} 中没有已知系统的网络：其张量为 {names} …',
    hint: '已知的有：{titles}。',
  },
  'checkpoint.which-system': { message: '{where} 没有说明来自哪个系统。', hint: '请选择预设：{choices}。' },
  'checkpoint.no-preset': { message: '没有预设“{id}”。', hint: '请从中选择：{ids}。' },
  'checkpoint.other-system': {
    message: '{where} 不是 {title} 的检查点：其中没有 {kernel}，但有 {names} …',
    hint: '请选择生成它的系统的预设。',
  },
  'checkpoint.lacks-tensors': {
    message: '{where} 不是 {title} 的检查点：其中没有 {kernel}，也没有其他张量。',
    hint: '请选择生成它的系统的预设。',
  },
  'checkpoint.network-count': {
    message: '{where} 有 {count} 个网络，{title} 没有这样的模型。',
    hint: '请选择一个模型的全部文件，不要选择其他文件。',
  },
  'checkpoint.stem': { message: '此模型有 {count} 个网络：每个都有自己的音轨。', hint: '请不要指定音轨。' },
  'checkpoint.tensors': {
    message: '{where} 的张量与网络不符：{list}。',
    hint: '请选择生成它的系统的预设，或检查其描述或 --config 中的“networks”。',
  },
  'checkpoint.weight-not-finite': { message: '{where}：权重 {name} 含有非有限值。', hint: '请重新转换模型。' },
  'checkpoint.output-not-finite': {
    message: '{where} 的网络算出了无效数值。',
    hint: '其权重过大，或不属于此网络：请选择其他预设或检查点。',
  },
};
