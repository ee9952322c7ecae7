-- By which order a device was bought: what customers ask by.
ALTER TABLE device ADD COLUMN order_no code NOT NULL DEFAULT '';

-- What a conversation is about by her words (docs/adr/0050): rules and queues go by it.
ALTER TABLE conversation ADD COLUMN scene code NOT NULL DEFAULT '';
