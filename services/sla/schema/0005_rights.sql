-- Least rights: what no statement needs is taken back. Each service reads its own tables, not its views.
REVOKE SELECT ON read.sla_case FROM callout_sla, callout_dispatch;
