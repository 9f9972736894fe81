-- Least rights: what no statement needs is taken back.
REVOKE SELECT ON read.ticket_text FROM callout_sla, callout_dispatch;
