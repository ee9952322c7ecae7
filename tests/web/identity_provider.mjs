/* An OpenID Connect provider at which somebody is signed in already: whoever is sent there comes back at once. */
import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'

const b64 = (data) => Buffer.from(data).toString('base64url')

export async function startProvider(person) {
	const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
	const codes = new Map()
	const idp = { clientId: 'anxin-desk', secret: randomUUID(), person, refuses: false }
	const token = (asked) => {
		const now = Math.floor(Date.now() / 1000)
		const parts = [{ alg: 'RS256', kid: 'only' }, { iss: idp.issuer, aud: idp.clientId, iat: now, exp: now + 300, nonce: asked.get('nonce'), ...idp.person }]
		const text = parts.map((part) => b64(JSON.stringify(part))).join('.')
		return `${text}.${createSign('SHA256').update(text).sign(privateKey).toString('base64url')}`
	}
	const exchange = (form, authorization) => {
		const asked = codes.get(form.get('code'))
		codes.delete(form.get('code'))
		const proves = authorization === `Basic ${Buffer.from(`${idp.clientId}:${idp.secret}`).toString('base64')}`
		const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url')
		return proves && asked?.get('code_challenge') === challenge && asked.get('redirect_uri') === form.get('redirect_uri') ? { id_token: token(asked), token_type: 'Bearer', access_token: 'x' } : null
	}
	const authorize = (asked) => {
		const code = randomUUID()
		codes.set(code, asked)
		const answer = idp.refuses ? { error: 'access_denied' } : { code }
		return `${asked.get('redirect_uri')}?${new URLSearchParams({ ...answer, state: asked.get('state'), iss: idp.issuer })}`
	}
	const server = createServer(async (request, reply) => {
		const { pathname, searchParams } = new URL(request.url, idp.issuer)
		let body = ''
		for await (const piece of request) body += piece
		const say = (status, value) => reply.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
		if (pathname === '/authorize') return reply.writeHead(302, { Location: authorize(searchParams) }).end()
		if (pathname === '/keys') return say(200, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'only', use: 'sig' }] })
		if (pathname === '/token') {
			const answer = exchange(new URLSearchParams(body), request.headers.authorization)
			return answer ? say(200, answer) : say(400, { error: 'invalid_grant' })
		}
		say(200, { issuer: idp.issuer, authorization_endpoint: `${idp.issuer}/authorize`, token_endpoint: `${idp.issuer}/token`, jwks_uri: `${idp.issuer}/keys`, authorization_response_iss_parameter_supported: true })
	})
	await new Promise((done) => server.listen(0, '127.0.0.1', done))
	idp.issuer = `http://127.0.0.1:${server.address().port}`
	idp.close = () => server.close()
	return idp
}
