-- Service clocks: what is due, and what belongs to an object.

-- name: clocks_due (at time_ms, most count) many all_tenants "one look finds whatever is due"
SELECT tenant, id FROM service_clock WHERE next_at <= $at ORDER BY next_at, tenant, id LIMIT $most;

-- name: clocks_of_ids (ids id[]) many
SELECT k.* FROM service_clock k WHERE k.tenant = $tenant AND k.id IN ($ids) ORDER BY k.next_at, k.id;

-- name: clocks_of_object (object code, object_id id) many hot
SELECT k.* FROM service_clock k WHERE k.tenant = $tenant AND k.object = $object AND k.object_id = $object_id
 ORDER BY k.measure, k.round DESC LIMIT 100;

-- The clocks of a page of a list.
-- name: clocks_of_objects (object code, objects id[]) many
SELECT k.* FROM service_clock k WHERE k.tenant = $tenant AND k.object = $object AND k.object_id IN ($objects)
   AND (k.state = 'running' OR k.state = 'paused') ORDER BY k.object_id, k.due_at, k.id;

-- name: clock_events (clock id) many hot
SELECT e.* FROM service_clock_event e WHERE e.tenant = $tenant AND e.clock_id = $clock ORDER BY e.id LIMIT 100;

-- Clocks that go on, after a place: when definitions have changed.
-- name: clocks_in_state (state code, after ref, most count) many
SELECT k.* FROM service_clock k WHERE k.tenant = $tenant AND k.state = $state AND k.id > $after ORDER BY k.id LIMIT $most;

-- The company's definitions, for compiling.
-- name: calendars_all () many
SELECT k.* FROM work_calendar k WHERE k.tenant = $tenant ORDER BY k.created_at, k.id LIMIT 200;

-- name: clock_measures_all () many
SELECT m.* FROM clock_measure m WHERE m.tenant = $tenant AND m.archived_at = 0 ORDER BY m.created_at, m.id LIMIT 100;

-- name: clock_policies_all () many
SELECT p.* FROM clock_policy p WHERE p.tenant = $tenant AND p.archived_at = 0 ORDER BY p.place, p.id LIMIT 200;
