-- Where a gap lies by fault, and questions that no sum answers.

-- A ticket's first symptom of its product, as a number (domain/ticket/ticket_fault.c); 0: none is named.
ALTER TABLE promise_case ADD COLUMN symptom_id ref NOT NULL DEFAULT 0;

-- Until the tickets have been looked at, all that was counted belongs to no symptom: parts add up to the whole from the first moment on. 6: PART_SYMPTOM.
INSERT INTO promise_day (tenant, promise_id, slice, slice_id, part, day, part_id, cases, held, total)
SELECT d.tenant, d.promise_id, d.slice, d.slice_id, 6, d.day, 0, d.cases, d.held, d.total FROM promise_day d WHERE d.part = 0;

-- Then each is moved to its own, by the program's own judgement, while people work.
INSERT INTO job (tenant, id, kind, run_at, unique_key, data)
SELECT p.tenant, min(p.id), 'promise.recount', min(p.created_at), 'symptom/ticket', '{"object":"ticket"}' FROM promise p WHERE p.object = 'ticket' GROUP BY p.tenant;
INSERT INTO job (tenant, id, kind, run_at, unique_key, data)
SELECT p.tenant, min(p.id), 'promise.recount', min(p.created_at), 'symptom/task', '{"object":"task"}' FROM promise p WHERE p.object = 'task' GROUP BY p.tenant;

-- Where three filters meet, their own cases are added up, from this index alone.
CREATE INDEX promise_case_by_parts ON promise_case (tenant, promise_id, team_id, product_id, region_id, channel, day, held, value);
