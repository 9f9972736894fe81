-- What the answer to "why not somebody else" is computed from.
CREATE OR REPLACE VIEW read.dispatch_order AS
SELECT lane, case_id, status, engineer, generation, accept_by, arrive_by, next_at, is_located, updated_at, state
  FROM dispatch.work_order;

CREATE OR REPLACE VIEW read.dispatch_claim AS
SELECT split_part(resource, '/', 1) AS kind, split_part(resource, '/', 2) AS key, slot, lane, case_id, obligation,
       generation, since, resource
  FROM dispatch.claim;
