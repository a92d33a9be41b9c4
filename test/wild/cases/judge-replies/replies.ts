export default {
  'bare object': '{"c1": "yes", "c2": "no"}',
  fence: '```json\n{"c1": "yes", "c2": "no"}\n```',
  'fence in capitals': '```JSON\n{"c1": "yes", "c2": "no"}\n```',
  'fence with a sentence before': 'Here is my evaluation:\n```json\n{"c1": "yes", "c2": "no"}\n```',
  'sentence before': 'Sure! {"c1": "yes", "c2": "no"}',
  'trailing comma': '{"c1": "yes", "c2": "no",}',
  numbers: '{"c1": 1, "c2": 0}',
  'in a list': '[{"c1": "yes", "c2": "no"}]',
  'with reasons': '{"c1": {"reason": "was written", "answer": "yes"}, "c2": {"reason": "was not", "answer": "no"}}',
  'thinking left open': '<think>\nthe file was written {"c1": "yes"',
};
