-- What a company defines is found by its English name too: what stands there already comes into the index by a job of each company.
INSERT INTO job (tenant, id, kind, run_at, unique_key)
SELECT tenant, min(id), 'upkeep.fill', min(created_at), 'calendar' FROM work_calendar GROUP BY tenant;
INSERT INTO job (tenant, id, kind, run_at, unique_key)
SELECT tenant, min(id), 'upkeep.fill', min(created_at), 'clock_measure' FROM clock_measure GROUP BY tenant;
INSERT INTO job (tenant, id, kind, run_at, unique_key)
SELECT tenant, min(id), 'upkeep.fill', min(created_at), 'clock_policy' FROM clock_policy GROUP BY tenant;
INSERT INTO job (tenant, id, kind, run_at, unique_key)
SELECT tenant, min(id), 'upkeep.fill', min(created_at), 'custom_field' FROM custom_field GROUP BY tenant;
INSERT INTO job (tenant, id, kind, run_at, unique_key)
SELECT tenant, min(id), 'upkeep.fill', min(created_at), 'flow' FROM company_flow GROUP BY tenant;
INSERT INTO job (tenant, id, kind, run_at, unique_key)
SELECT tenant, min(id), 'upkeep.fill', min(created_at), 'report_form' FROM report_form GROUP BY tenant;
INSERT INTO job (tenant, id, kind, run_at, unique_key)
SELECT tenant, min(id), 'upkeep.fill', min(created_at), 'promise' FROM promise GROUP BY tenant;
INSERT INTO job (tenant, id, kind, run_at, unique_key)
SELECT tenant, min(id), 'upkeep.fill', min(created_at), 'rule' FROM rule GROUP BY tenant;
INSERT INTO job (tenant, id, kind, run_at, unique_key)
SELECT tenant, min(id), 'upkeep.fill', min(created_at), 'product' FROM product GROUP BY tenant;
INSERT INTO job (tenant, id, kind, run_at, unique_key)
SELECT tenant, min(id), 'upkeep.fill', min(created_at), 'shift_kind' FROM shift_kind GROUP BY tenant;
INSERT INTO job (tenant, id, kind, run_at, unique_key)
SELECT tenant, min(id), 'upkeep.fill', min(created_at), 'break_reason' FROM break_reason GROUP BY tenant;
INSERT INTO job (tenant, id, kind, run_at, unique_key)
SELECT tenant, min(id), 'upkeep.fill', min(created_at), 'macro' FROM macro GROUP BY tenant;
