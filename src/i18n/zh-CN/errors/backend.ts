import type { backendErrors as english } from '../../en/errors/backend.ts';
import type { Translated } from '../../translated.ts';

/** 网络的计算后端。 */
export const backendErrors: Translated<typeof english> = {
  'backend.none-works': {
    message: '此设备无法运行网络（{reasons}）。',
    hint: '请更新浏览器和显卡驱动，或换用其他浏览器。',
  },
  'backend.cannot-start': { message: '无法在此启动后端 {name}。', hint: '请选择其他后端。' },
  'backend.not-finite': { message: '后端 {name} 算出了无效数值。', hint: '请使用更小的批次或其他后端。' },
  'backend.failed': { message: '后端 {name} 出错。', hint: '请使用更小的批次或其他后端。' },
  'backend.context-lost': { message: '页面失去了显卡。', hint: '请换用其他后端继续。' },
  'backend.device-error': { message: '显卡报告错误（{detail}）。', hint: '请使用更小的批次或其他后端。' },

  // 不使用某个后端的原因
  'backend.reason': '{name}：{reason}',
  'backend.wrong': '计算有误（偏差 {error}）',
  'backend.software': '在此只是软件渲染',

  // 通知
  'backend.replaced': '后端“{wished}”在此不可用；改用“{used}”。',
  'backend.moved': '{what}分离改用“{name}”继续进行。',
};
