/*
 * Buttons that a record's page has beside the generic ones, by record; each is loaded with its first use. A record
 * that needs a page of its own has one under pages/ instead.
 */
import { defineAsyncComponent, type Component } from 'vue'

export const extras: Record<string, Component> = {
	user: defineAsyncComponent(() => import('../pages/user/UserTools.vue')),
	phone_call: defineAsyncComponent(() => import('../phone/CallTools.vue')),
	snippet: defineAsyncComponent(() => import('../pages/knowledge/SnippetUse.vue')),
	invitation: defineAsyncComponent(() => import('../pages/invitation/TakeBack.vue')),
}

/* What the form of a new one begins with: examples that fill it. */
export const formExtras: Record<string, Component> = {
	user: defineAsyncComponent(() => import('../pages/user/UserStart.vue')),
	chat_queue: defineAsyncComponent(() => import('../pages/chat_queue/QueueStart.vue')),
	promise: defineAsyncComponent(() => import('../pages/promise/PromiseStart.vue')),
}

/* Buttons of its list. */
export const listExtras: Record<string, Component> = {
	customer: defineAsyncComponent(() => import('../pages/customer/SuspectLink.vue')),
}
