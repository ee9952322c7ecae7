/* What a new account begins with, by kind; the ids are shown as such ids look and have to be replaced. */
export type Kind = 'official' | 'mini' | 'kf'
export const examples: Record<Kind, { kind: Kind; app_id: string; open_kfid: string; mode: string }> = {
	official: { kind: 'official', app_id: 'wx0123456789abcdef', open_kfid: '', mode: 'safe' },
	mini: { kind: 'mini', app_id: 'wx0123456789abcdef', open_kfid: '', mode: 'safe' },
	kf: { kind: 'kf', app_id: 'ww0123456789abcdef', open_kfid: 'wkAbcdefg', mode: 'safe' },
}
export const secrets = ['secret', 'token', 'aes_key']
