-- The customers whom nobody has written to for longest. live: somebody had to do with her since, or she is erased or merged already. held: a matter
-- of hers is open, a device is under warranty, work or money waits, or she is of the demo.
-- name: customers_still (before time_ms, after_at time_ms, after_id id, today day, most i64) many hot
SELECT k.id, k.updated_at,
       CASE WHEN k.merged_into > 0
              OR EXISTS (SELECT e.id FROM erasure e WHERE e.tenant = $tenant AND e.object = 'customer' AND e.object_id = k.id)
              OR EXISTS (SELECT t.id FROM ticket t WHERE t.tenant = $tenant AND t.customer_id = k.id AND t.updated_at >= $before)
              OR EXISTS (SELECT d.id FROM device d WHERE d.tenant = $tenant AND d.customer_id = k.id AND d.updated_at >= $before)
              OR EXISTS (SELECT w.id FROM task w WHERE w.tenant = $tenant AND w.customer_id = k.id AND w.updated_at >= $before)
              OR EXISTS (SELECT n.id FROM conversation n WHERE n.tenant = $tenant AND n.customer_id = k.id AND n.last_at >= $before)
              OR EXISTS (SELECT c.id FROM consent c WHERE c.tenant = $tenant AND c.customer_id = k.id AND (c.given_at >= $before OR c.withdrawn_at >= $before))
              OR EXISTS (SELECT v.no FROM event v WHERE v.tenant = $tenant AND v.object = 'customer' AND v.object_id = k.id AND v.kind = 'customer.signed_in' AND v.at >= $before)
            THEN 1 ELSE 0 END AS live:i64,
       CASE WHEN EXISTS (SELECT o.id FROM ticket o WHERE o.tenant = $tenant AND o.customer_id = k.id AND o.state NOT IN ('closed', 'cancelled'))
              OR EXISTS (SELECT u.id FROM conversation u WHERE u.tenant = $tenant AND u.customer_id = k.id AND u.state <> 'closed' AND u.archived_at = 0)
              OR EXISTS (SELECT x.id FROM device x WHERE x.tenant = $tenant AND x.customer_id = k.id AND x.warranty_until >= $today)
              OR EXISTS (SELECT y.id FROM task y WHERE y.tenant = $tenant AND y.customer_id = k.id AND y.state = 'open' AND y.archived_at = 0)
              OR EXISTS (SELECT p.id FROM ticket q JOIN compensation p ON p.tenant = q.tenant AND p.ticket_id = q.id
                          WHERE q.tenant = $tenant AND q.customer_id = k.id AND p.state IN ('proposed', 'approved'))
              OR EXISTS (SELECT r.id FROM ticket s JOIN compensation_grant r ON r.tenant = s.tenant AND r.ticket_id = s.id
                          WHERE s.tenant = $tenant AND s.customer_id = k.id AND r.state <> 'done')
              OR EXISTS (SELECT m.place FROM demo_mark m WHERE m.tenant = $tenant AND m.object_id = k.id) THEN 1 ELSE 0 END AS held:i64
  FROM customer k WHERE k.tenant = $tenant AND k.updated_at < $before AND (k.updated_at, k.id) > ($after_at, $after_id)
 ORDER BY k.updated_at, k.id LIMIT $most;
