-- Who answers for escalations is a right of roles; those who did by the code of their role keep it.
-- only sqlite
UPDATE role SET permissions = replace(permissions, ']', ',"ticket.supervise"]')
 WHERE code = 'supervisor' AND permissions LIKE '%"%' AND permissions NOT LIKE '%"ticket.supervise"%';
-- end
-- only postgresql
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "ticket.supervise"]') AS jsonb)
 WHERE code = 'supervisor' AND CAST(permissions AS text) LIKE '%"%' AND CAST(permissions AS text) NOT LIKE '%"ticket.supervise"%';
-- end

-- A task that only a supervisor may do.
ALTER TABLE task ADD COLUMN for_supervisor flag NOT NULL DEFAULT 0;
UPDATE task SET for_supervisor = 1 WHERE kind = 'complaint_call' AND state = 'open';

-- What a rule or a colleague says in a notice, sealed with the key of the person it is about.
ALTER TABLE notification ADD COLUMN key ref NOT NULL DEFAULT 0;
ALTER TABLE notification ADD COLUMN text sealed;
