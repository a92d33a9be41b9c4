import { expect, test } from 'vitest';
import { temporaryFolder } from '../cli/toolstone.ts';
import { howToRun, isLive } from '../live/slow.ts';
import { hasTrainer, howToAdd, pythonSays } from './python.ts';

const title = 'a base that cannot be trained is refused in a sentence';
if (!hasTrainer) {
  test.skip(`${title} ${howToAdd}`, () => undefined);
} else if (!isLive) {
  test.skip(`${title} ${howToRun}`, () => undefined);
} else {
  test(title, { timeout: 400_000 }, async () => {
    expect(await pythonSays('base_checks.py', [temporaryFolder()], null)).toEqual({
      absent: expect.stringMatching(/^There is no base model at .*\. Give a GGUF file or a folder with safetensors\.$/),
      'no GGUF': expect.stringMatching(/page\.gguf is no GGUF file\. Give /),
      broken: expect.stringMatching(/broken\.gguf is a broken GGUF file \(.*\)\. Download or convert it again\.$/),
      'unknown architecture': expect.stringMatching(
        /mamba\.gguf has the architecture mamba, for which it is not known how weights are written back\. Known: gemma2, gemma3, llama, .*\.$/,
      ),
      'unreadable weights': expect.stringMatching(
        /q8k\.gguf holds token_embd\.weight as Q8_K, which cannot be turned back into weights to train\. Take /,
      ),
      'quantised folder': expect.stringMatching(
        /^The weights in .*quantised are quantised \(gptq\), and an adapter cannot be added to them\. Take /,
      ),
      'empty folder': expect.stringMatching(/empty holds no model: config\.json and safetensors are needed\.$/),
      'plain folder': 'taken',
    });
  });
}
