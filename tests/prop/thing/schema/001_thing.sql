-- Products, the end of a path of references.
CREATE TABLE product (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  code           code      NOT NULL,
  price          fen,
  PRIMARY KEY (tenant, id)
);

-- Devices: referred to by things, refer to products.
CREATE TABLE device (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  serial         code      NOT NULL,
  note           text,
  product_id     ref       NOT NULL,
  installed_on   day       NOT NULL,
  seen_at        time_ms,
  PRIMARY KEY (tenant, id)
);

-- Every type that a condition knows, where it must be there and where it may be missing.
CREATE TABLE thing (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  grade          code      NOT NULL,
  state          code,
  no             code      NOT NULL,
  batch          code,
  title          text      NOT NULL,
  note           text,
  device_id      ref       NOT NULL,
  spare_id       id,
  owner_id       ref       NOT NULL,
  maker_id       ref       NOT NULL,
  team_id        id,
  times          count     NOT NULL,
  rank           i64       NOT NULL,
  fee            fen,
  weight         real      NOT NULL,
  heat           real,
  urgent         flag      NOT NULL,
  seen           flag,
  opened_at      time_ms   NOT NULL,
  solved_at      time_ms   NOT NULL,
  due_at         time_ms   NOT NULL,
  closed_at      time_ms,
  bought_on      day       NOT NULL,
  ends_on        day,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX thing_by_grade ON thing (tenant, grade, id);

-- Words of things and of devices: tags, and telephones as their look-up finds them.
CREATE TABLE word (
  tenant         tenant_id NOT NULL,
  kind           code      NOT NULL,
  of_id          id        NOT NULL,
  word           code      NOT NULL,
  PRIMARY KEY (tenant, kind, of_id, word)
);
