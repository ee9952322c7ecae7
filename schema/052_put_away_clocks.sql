-- Clocks of what was put away (archived, merged, joined again) went on and were told. From now on they are held until it comes back.
UPDATE service_clock SET state = 'held', next_at = 253402300799999, version = version + 1
 WHERE state = 'running' AND object = 'ticket'
   AND EXISTS (SELECT 1 FROM ticket t WHERE t.tenant = service_clock.tenant AND t.id = service_clock.object_id AND t.archived_at > 0);
UPDATE ticket SET next_due_at = 253402300799999 WHERE archived_at > 0;
