/* Roles to start from. Only rights that the maker of a role holds are given with it. */
export interface RoleExample { code: string; scope: string; permissions: string[] }

const look = ['ticket.read', 'customer.read', 'device.read', 'product.read', 'model.read', 'region.read', 'team.read', 'user.read', 'file.read', 'template.read']
const work = [...look, 'ticket.create', 'ticket.work', 'ticket.change', 'ticket.close', 'customer.create', 'customer.change', 'customer.reveal', 'ticket.reveal', 'device.create', 'device.change', 'file.create', 'task.read', 'task.create', 'task.change']

export const examples: Record<string, RoleExample> = {
	outlet: { code: 'outlet', scope: 'team', permissions: work },
	dispatcher: { code: 'dispatcher', scope: 'region', permissions: [...look, 'ticket.work', 'ticket.assign', 'ticket.order', 'wall.read', 'task.read', 'task.create', 'task.change', 'shift.read', 'absence.read', 'file.create'] },
	inspector: { code: 'inspector', scope: 'all', permissions: [...look, 'wall.read', 'promise.read', 'promise.export', 'task.read', 'task.create', 'compensation.read'] },
}
