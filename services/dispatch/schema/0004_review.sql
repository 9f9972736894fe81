-- Visits that are looked at again when the registry changes.
DROP INDEX dispatch.work_order_nobody;
CREATE INDEX work_order_registry ON dispatch.work_order (lane) WHERE status IN ('nobody', 'offered', 'assigned');
