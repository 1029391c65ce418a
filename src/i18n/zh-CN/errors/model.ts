import type { modelErrors as english } from '../../en/errors/model.ts';
import type { Translated } from '../../translated.ts';

const CONVERT = '请用“npm run convert”重新生成模型。';
const REMOVE_AND_ADD = '请在“模型”中移除后重新添加，或选择其他模型。';

/** 模型：文件、清单与权重。 */
export const modelErrors: Translated<typeof english> = {
  'model.cannot-read': { message: '无法读取 {path}。', hint: '请检查模型的路径。' },
  'model.server-status': {
    message: '服务器对 {url} 的应答为 {status}。',
    hint: '请重新加载页面；如果再次发生，说明此服务器上没有该模型。',
  },
  'model.not-loaded': { message: '无法加载 {url}。', hint: '请检查网络连接后重试。' },
  'model.file-unusable': { message: '重试后仍无法使用模型文件 {path}：{fault}', hint: '{hint}' },
  'model.shard-not-listed': { message: '{where} 需要 {shard}，但清单中没有列出。', hint: '请重新生成模型。' },
  'model.list-empty': { message: '{where}index.json 没有列出任何模型。', hint: '请用“npm run convert”重新生成。' },
  'model.not-json': { message: '{where} 不是 JSON。', hint: '请重新加载页面；如果再次发生，说明模型已损坏。' },
  'model.invalid': { message: '{what}无效：{faults}。', hint: '{hint}' },
  'model.old-version': {
    message: '{what}是旧版本，含有不再支持的内容：{fields}。',
    hint: '请移除此模型，改用 Unsung 自带的模型。',
  },
  'model.not-kept': { message: '无法保存“{title}”。', hint: '请在设备上腾出空间或移除一个模型，然后重新添加。' },
  'model.file-gone': { message: '浏览器中已没有文件 {path}。', hint: REMOVE_AND_ADD },
  'model.files-too-large': {
    message: '这些文件共 {given} MB；此类模型应小于 {most} MB。',
    hint: '请只添加一个模型的文件。',
  },

  'weights.none': { message: '{where} 没有列出权重。', hint: CONVERT },
  'weights.type': { message: '{where}：权重 {name} 的类型 {type} 未知。', hint: CONVERT },
  'weights.scales': { message: '{where}：权重 {name} 的比例与其形状不符。', hint: CONVERT },
  'weights.too-short': { message: '{where}：分片在权重 {name} 之前就结束了。', hint: CONVERT },
  'weights.too-long': { message: '{where}：分片多出 {bytes} 字节。', hint: CONVERT },
  'weights.do-not-fit': { message: '{where} 的权重不符：{faults}。', hint: CONVERT },

  // 描述有误的内容
  'model.manifest': '模型清单 {where} ',
  'model.description': '{where} 中的模型描述',

  // 加载的文件有什么问题
  'model-file.empty': '文件为空。',
  'model-file.length': '文件有 {bytes} 字节，而不是 {wanted} 字节。',
  'model-file.checksum': '文件的 SHA-256 与清单不符。',

  // 保存的模型有什么问题
  'kept-model.manifest-too-large': '清单过大，不可能是清单。',
  'kept-model.manifest-not-json': '清单不是 JSON。',
  'kept-model.other-id': '清单属于“{id}”。',
  'kept-model.file-missing': '缺少文件 {path}。',
  'kept-model.file-length': '文件 {path} 有 {bytes} 字节，而不是 {wanted} 字节。',

  // 取决于模型来源的提示
  'hint.check-connection': '请检查网络连接后重试；如果再次发生，说明服务器上的文件已损坏。',
  'hint.remove-and-add': REMOVE_AND_ADD,
  'hint.get-or-convert': '请重新获取模型，或用“npm run convert”重新生成。',
  'hint.whole-folder': '请重新获取模型，并选择其整个文件夹。',
  'hint.give-fields': '请用 --config 在 JSON 文件中给出这些字段。',
};
