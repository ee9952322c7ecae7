-- Rules: what is on, what they did.

-- name: rules_on () many
SELECT r.* FROM rule r WHERE r.tenant = $tenant AND r.state = 'on' AND r.archived_at = 0 ORDER BY r.place, r.id LIMIT 500;

-- Those that come behind a place in their order.
-- name: rules_behind (place count, id ref, most count) many hot
SELECT r.id, r.place FROM rule r WHERE r.tenant = $tenant AND (r.place, r.id) > ($place, $id) AND r.archived_at = 0 ORDER BY r.place, r.id LIMIT $most;

-- Whether this rule has taken part in a chain of events, for this object.
-- name: rule_in_chain (rule id, object_id id, root count) many hot
SELECT u.id FROM rule_run u WHERE u.tenant = $tenant AND u.rule_id = $rule AND u.object_id = $object_id AND u.root = $root LIMIT 1;

-- name: rule_day_add (rule id, day day, fired count, failed count) exec
INSERT INTO rule_day (tenant, rule_id, day, fired, failed) VALUES ($tenant, $rule, $day, $fired, $failed)
ON CONFLICT (tenant, rule_id, day) DO UPDATE SET fired = rule_day.fired + excluded.fired, failed = rule_day.failed + excluded.failed;

-- name: rule_days (rule id, since day) many
SELECT d.* FROM rule_day d WHERE d.tenant = $tenant AND d.rule_id = $rule AND d.day >= $since ORDER BY d.day LIMIT 400;

-- The rows that a rule of time holds already.
-- name: rule_holds_of (rule id, objects id[]) many
SELECT h.object_id FROM rule_hold h WHERE h.tenant = $tenant AND h.rule_id = $rule AND h.object_id IN ($objects);

-- name: rule_holds (rule id, after ref, most count) many
SELECT h.object_id FROM rule_hold h WHERE h.tenant = $tenant AND h.rule_id = $rule AND h.object_id > $after ORDER BY h.object_id LIMIT $most;

-- The last events of one kind of object: for trying a rule on what has happened.
-- name: rule_events (object code, before count, most count) many
SELECT e.no, e.kind, e.object_id, e.at, e.data FROM event e WHERE e.tenant = $tenant AND e.no < $before AND e.object = $object
 ORDER BY e.no DESC LIMIT $most;

-- name: rule_let_go (rule id, object_id id) exec
DELETE FROM rule_hold WHERE tenant = $tenant AND rule_id = $rule AND object_id = $object_id;
