/* Whether the settings sheet is open; every page's bar opens it. */
import { ref } from 'vue'

export const menuOpen = ref(false)
export const openMenu = () => (menuOpen.value = true)
