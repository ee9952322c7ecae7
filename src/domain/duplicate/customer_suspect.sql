-- Customers who may be the same person (customer_suspect.c).
-- name: suspects_forget (customers id[]) exec
DELETE FROM customer_suspect WHERE tenant = $tenant AND (older_id IN ($customers) OR newer_id IN ($customers));

-- Who shares a phone or a mail address with one of these.
-- name: suspects_by_number (customers id[]) many
SELECT m.object_id AS one:id, o.object_id AS other:id, m.kind
  FROM lookup m JOIN lookup o ON o.tenant = m.tenant AND o.kind = m.kind AND o.hash = m.hash AND o.object = m.object
  JOIN customer a ON a.tenant = m.tenant AND a.id = m.object_id
  JOIN customer b ON b.tenant = o.tenant AND b.id = o.object_id
 WHERE m.tenant = $tenant AND o.tenant = $tenant AND a.tenant = $tenant AND b.tenant = $tenant AND m.object = 'customer' AND m.object_id IN ($customers)
   AND m.kind IN ('phone', 'email') AND o.object_id <> m.object_id AND a.archived_at = 0 AND b.archived_at = 0
 ORDER BY m.object_id, o.object_id LIMIT 2000;

-- Who has the same name and lives in the same district: whether it is the same house is sealed.
-- name: suspects_by_place (customers id[]) many
SELECT x.customer_id AS one:id, y.customer_id AS other:id, x.key AS one_key:key_id, x.street AS one_street:sealed?, y.key AS other_key:key_id, y.street AS other_street:sealed?
  FROM address x
  JOIN lookup m ON m.tenant = x.tenant AND m.object = 'customer' AND m.object_id = x.customer_id AND m.kind = 'name'
  JOIN lookup o ON o.tenant = m.tenant AND o.kind = m.kind AND o.hash = m.hash AND o.object = m.object
  JOIN address y ON y.tenant = x.tenant AND y.customer_id = o.object_id AND y.city = x.city AND y.district = x.district
  JOIN customer a ON a.tenant = x.tenant AND a.id = x.customer_id
  JOIN customer b ON b.tenant = y.tenant AND b.id = y.customer_id
 WHERE x.tenant = $tenant AND m.tenant = $tenant AND o.tenant = $tenant AND y.tenant = $tenant AND a.tenant = $tenant AND b.tenant = $tenant
   AND x.customer_id IN ($customers) AND x.archived_at = 0 AND y.archived_at = 0 AND o.object_id <> x.customer_id AND a.archived_at = 0 AND b.archived_at = 0
 ORDER BY x.customer_id, y.customer_id LIMIT 2000;

-- name: customers_of_addresses (addresses id[]) many
SELECT a.customer_id FROM address a WHERE a.tenant = $tenant AND a.id IN ($addresses) ORDER BY a.customer_id LIMIT 1000;

-- The list, the newest first; before: the last of the page above it.
-- name: suspects_page (before id, most i64) many hot
SELECT s.* FROM customer_suspect s WHERE s.tenant = $tenant AND s.id < $before ORDER BY s.id DESC LIMIT $most;

-- name: suspects_apart (one id, other id) exec
DELETE FROM customer_suspect WHERE tenant = $tenant AND ((older_id = $one AND newer_id = $other) OR (older_id = $other AND newer_id = $one));
