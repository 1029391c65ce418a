import type { workerErrors as english } from '../../en/errors/workers.ts';
import type { Translated } from '../../translated.ts';

/** 后台 worker 的错误。 */
export const workerErrors: Translated<typeof english> = {
  'separation.stopped': { message: '分离中断了。', hint: '请重试；如果再次发生，请重新加载页面。' },
  'worker.crashed': {
    message: '网页在后台运行的一个部分崩溃了。',
    hint: '如果有工作停了下来，请重新启动：已完成的内容没有丢失。',
  },
};
