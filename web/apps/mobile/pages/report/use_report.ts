/*
 * State of one report: its draft, what is known to fill in, what is missing, and sending. The page only draws it.
 * Promises: what was typed survives leaving the page, a lost network and a refused sending.
 */
import { asApiError, type ApiError } from '@shared/api/error'
import { hide, toast } from '@shared/blocks/toast'
import { t } from '@shared/i18n'
import { computed, onBeforeUnmount, reactive, ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { loadForm, sceneOf } from '../../company'
import type { Device, Ticket } from '../../contract'
import { dropDraft, emptyDraft, keepDraft, keptDraft, type Draft } from '../../draft'
import * as my from '../../my'
import { takeBack, type Waiting } from '../../outbox'
import { loadSession } from '../../session'
import { isOwn, type reportOf } from './form'
import { useSending } from './use_sending'

const KEEP_AFTER_MS = 400

export function useReport(sceneName: string) {
	const route = useRoute()
	const router = useRouter()
	const draft = reactive<Draft>(emptyDraft())
	const scene = computed(() => sceneOf(sceneName))
	const devices = shallowRef<Device[]>([])
	const tickets = shallowRef<Ticket[]>([])
	const error = shallowRef<ApiError | null>(null)
	const ready = ref(false)
	const restored = ref(false)
	const making = ref(sceneName === 'emergency') // on the make-safe page

	/* An open ticket of the chosen device in the same scene: the same matter once more. In danger nobody is stopped. */
	const openTicket = computed(() => {
		if (refusedBy.value) return refusedBy.value
		if (!draft.device_id || sceneName === 'emergency' || draft.safety === 'yes') return null
		return tickets.value.find((one) => one.device?.id === draft.device_id && one.scene === sceneName && !['closed', 'cancelled'].includes(one.state)) ?? null
	})

	async function knownThings() {
		try {
			if (!(await loadSession())) return
			const [mine, open] = await Promise.all([my.devices(), my.tickets()])
			devices.value = mine
			tickets.value = open
			await scannedDevice()
			if (scene.value?.device === 'required' && !draft.device_id && !draft.product_id && !draft.serial && devices.value[0])
				Object.assign(draft, { device_id: devices.value[0].id, product_id: devices.value[0].product_id })
		} catch {
			/* Without network the person chooses from the products that the phone has kept. */
		}
	}

	/* The code on the device's label leads here with ?d=…: then the device is known. */
	async function scannedDevice() {
		const code = route.query.d
		if (typeof code !== 'string' || code === '') return
		const device = await my.findDevice({ qr: code }).catch(() => null)
		if (!device) return toast(t('device.notFound'))
		addDevice(device)
		Object.assign(draft, { device_id: device.id, product_id: device.product_id, serial: null })
	}

	function addDevice(device: Device) {
		if (!devices.value.some((one) => one.id === device.id)) devices.value = [device, ...devices.value]
	}

	async function load() {
		error.value = null
		try {
			await loadForm()
		} catch (thrown) {
			error.value = asApiError(thrown)
			return
		}
		if (!scene.value) {
			toast(t('report.sceneGone'))
			return void router.replace('/')
		}
		const back = typeof route.query.back === 'string' ? await takeBack(route.query.back) : null
		const kept = back ? draftOf(back) : await keptDraft(sceneName, Date.now())
		if (kept) Object.assign(draft, kept)
		restored.value = kept !== null
		if (kept?.danger) making.value = false
		ready.value = true
		await knownThings()
	}

	let timer = 0
	const keep = () => void keepDraft(sceneName, draft, Date.now())
	const stop = watch(draft, () => {
		window.clearTimeout(timer)
		timer = window.setTimeout(keep, KEEP_AFTER_MS)
	})
	onBeforeUnmount(() => {
		hide()
		window.clearTimeout(timer)
		if (ready.value && !busy.value) keep()
	})

	async function startOver() {
		Object.assign(draft, emptyDraft())
		restored.value = false
		await dropDraft(sceneName)
	}

	const { faults, busy, refusedBy, send } = useSending(sceneName, scene, draft, {
		now: keep,
		stop: () => {
			stop()
			window.clearTimeout(timer)
		},
	})

	void load()
	return { draft, scene, devices, faults, error, ready, restored, busy, making, openTicket, load, send, startOver, addDevice }
}

/* Boxes hold texts. */
function ownOf(body: object): Draft['answers'] {
	return Object.fromEntries(Object.entries(body).filter(([name]) => isOwn(name)).map(([name, v]) => [name, typeof v === 'number' ? String(v) : v as string | boolean]))
}

/* A refused report back in its form. */
function draftOf(item: Waiting): Draft {
	const body = item.body as unknown as ReturnType<typeof reportOf>
	return {
		...emptyDraft(), device_id: body.device_id, product_id: body.product_id, serial: body.serial,
		safety: body.danger ? 'yes' : 'no', danger: body.danger || null, symptoms: body.symptoms, description: body.description,
		day: body.preferred_day, time: body.preferred_time || null, answers: { ...body.answers, ...ownOf(body) },
		proof: body.proof ? { kind: body.proof.kind, day: body.proof.day } : null, parts: item.parts, proof_part: item.proof,
	}
}
