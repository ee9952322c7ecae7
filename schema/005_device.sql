-- Products: kinds of appliance the company makes.
CREATE TABLE product (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  code           code      NOT NULL,                     -- fridge, washer …: symptoms and icons hang on it
  name           code      NOT NULL,
  name_en        code      NOT NULL DEFAULT '',
  warranty_months count    NOT NULL DEFAULT 12,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, code)
);
CREATE INDEX product_by_created ON product (tenant, created_at, id);

-- Models of a product.
CREATE TABLE model (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  product_id     id        NOT NULL,
  code           code      NOT NULL,                     -- BCD-468WP
  name           code      NOT NULL,
  warranty_months count    NOT NULL DEFAULT 0,           -- 0: as the product
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, code),
  FOREIGN KEY (tenant, product_id) REFERENCES product (tenant, id)
);
CREATE INDEX model_by_product ON model (tenant, product_id, id);
CREATE INDEX model_by_created ON model (tenant, created_at, id);

-- Devices in customers' homes.
CREATE TABLE device (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  serial         code      NOT NULL,
  model_id       id        NOT NULL,
  product_id     id        NOT NULL,                     -- the model's, for lists
  customer_id    ref       NOT NULL DEFAULT 0,           -- 0: sold, owner unknown
  place          code      NOT NULL DEFAULT '',          -- kitchen, room 1203
  purchased_on   day       NOT NULL DEFAULT 0,           -- 0: unknown
  purchase_channel code    NOT NULL DEFAULT '',
  installed_on   day       NOT NULL DEFAULT 0,
  warranty_until day       NOT NULL DEFAULT 0,           -- computed from the dates and the model
  software       code      NOT NULL DEFAULT '',
  qr             code      NOT NULL,                     -- what its label carries: not guessable
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, serial), UNIQUE (tenant, qr),
  FOREIGN KEY (tenant, model_id) REFERENCES model (tenant, id),
  FOREIGN KEY (tenant, product_id) REFERENCES product (tenant, id)
);
CREATE INDEX device_by_customer ON device (tenant, customer_id, created_at, id);
CREATE INDEX device_by_created ON device (tenant, created_at, id);
CREATE INDEX device_by_updated ON device (tenant, updated_at, id);
CREATE INDEX device_by_model ON device (tenant, model_id, created_at, id);
CREATE INDEX device_by_product ON device (tenant, product_id, created_at, id);

-- The verdict on a purchase proof. The picture and its number are deleted with the verdict, after 24 hours at the latest.
CREATE TABLE purchase_proof (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  device_id      id        NOT NULL,
  ticket_id      ref       NOT NULL DEFAULT 0,
  kind           code      NOT NULL,                     -- invoice, receipt, order, warranty_card
  purchased_on   day       NOT NULL DEFAULT 0,
  verdict        code      NOT NULL DEFAULT 'waiting',   -- waiting, accepted, refused, lapsed
  file_id        ref       NOT NULL DEFAULT 0,           -- 0 once there is a verdict
  checked_by     ref       NOT NULL DEFAULT 0,
  checked_at     time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, device_id) REFERENCES device (tenant, id)
);
CREATE INDEX purchase_proof_by_device ON purchase_proof (tenant, device_id, created_at, id);
CREATE INDEX purchase_proof_by_ticket ON purchase_proof (tenant, ticket_id, id);
CREATE INDEX purchase_proof_by_created ON purchase_proof (tenant, created_at, id);
