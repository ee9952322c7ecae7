/* What a new endpoint begins with; the providers' own addresses of this kind. The key is always one's own. */
export const examples: Record<string, { base_url: string; model: string; for_answer?: boolean; for_embed?: boolean }> = {
	deepseek: { base_url: 'https://api.deepseek.com/v1', model: 'deepseek-chat' },
	qwen: { base_url: 'https://dashscope.aliyuncs.com/compatible-mode/v1', model: 'qwen-plus' },
	house: { base_url: 'http://10.0.0.8:8000/v1', model: 'qwen2.5-14b-instruct' },
	vectors: { base_url: 'https://dashscope.aliyuncs.com/compatible-mode/v1', model: 'text-embedding-v4', for_answer: false, for_embed: true },
}
