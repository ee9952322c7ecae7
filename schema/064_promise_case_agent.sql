-- What one agent has to do with the promises: any other filter beside an agent looks through the agent's own cases.
CREATE INDEX promise_case_by_agent ON promise_case (tenant, promise_id, agent_id, day, object_id);
