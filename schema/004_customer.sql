-- Customers: one person or company, one file. What identifies a person is sealed with the customer's own key.
CREATE TABLE customer (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  kind           code      NOT NULL DEFAULT 'person',    -- person, company
  key            key_id    NOT NULL,
  name           sealed,
  phone          sealed,
  email          sealed,
  level          code      NOT NULL DEFAULT 'standard',  -- standard, vip
  lang           code      NOT NULL DEFAULT 'zh',
  region_id      ref       NOT NULL DEFAULT 0,
  external_no    code      NOT NULL DEFAULT '',          -- its number in the company's other systems
  source         code      NOT NULL DEFAULT 'web',
  note           text      NOT NULL DEFAULT '',
  merged_into    ref       NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX customer_by_created ON customer (tenant, created_at, id);
CREATE INDEX customer_by_updated ON customer (tenant, updated_at, id);
CREATE INDEX customer_by_external_no ON customer (tenant, external_no, id);
CREATE INDEX customer_by_region ON customer (tenant, region_id, created_at, id);

-- Contacts: other people of a customer (family, front desk, engineer on site).
CREATE TABLE contact (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  customer_id    id        NOT NULL,
  key            key_id    NOT NULL,                     -- the customer's
  relation       code      NOT NULL DEFAULT 'other',
  name           sealed,
  phone          sealed,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, customer_id) REFERENCES customer (tenant, id)
);
CREATE INDEX contact_by_customer ON contact (tenant, customer_id, created_at, id);
CREATE INDEX contact_by_created ON contact (tenant, created_at, id);

-- Addresses of a customer. Street and house are sealed; the district is needed for dispatch and statistics.
CREATE TABLE address (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  customer_id    id        NOT NULL,
  key            key_id    NOT NULL,
  province       code      NOT NULL DEFAULT '',
  city           code      NOT NULL DEFAULT '',
  district       code      NOT NULL DEFAULT '',
  street         sealed,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, customer_id) REFERENCES customer (tenant, id)
);
CREATE INDEX address_by_customer ON address (tenant, customer_id, created_at, id);
CREATE INDEX address_by_created ON address (tenant, created_at, id);

-- Consents: what the customer allowed, for which purpose, and since when not any more.
CREATE TABLE consent (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  customer_id    id        NOT NULL,
  purpose        code      NOT NULL,
  state          code      NOT NULL DEFAULT 'given',     -- given, withdrawn
  given_at       time_ms   NOT NULL,
  withdrawn_at   time_ms   NOT NULL DEFAULT 0,
  source         code      NOT NULL DEFAULT 'h5',
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, customer_id) REFERENCES customer (tenant, id)
);
CREATE INDEX consent_by_customer ON consent (tenant, customer_id, created_at, id);
CREATE INDEX consent_by_created ON consent (tenant, created_at, id);
